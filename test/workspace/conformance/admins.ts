import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface ActivityLogs {
  readonly activity_logs: readonly { readonly activity_type: string }[]
}

/** Admins who go away, the log that remembers it, and what is refused. */
export function driveAdmins(world: World): void {
  const { ask, refused, me } = world
  const away = { away_mode_enabled: true, away_mode_reassign: false }

  test('an admin goes away and comes back', async () => {
    const put = (body: object) =>
      ask<{ away_mode_enabled: boolean }>('PUT', `/admins/${me.id}/away`, { body })
    assert.equal((await put(away)).away_mode_enabled, true)
    await ask('GET', '/admins?display_avatar=true')
    assert.equal((await put({ ...away, away_mode_enabled: false })).away_mode_enabled, false)
  })

  test('GET /admins/activity_logs takes seconds and dates, and knows who was away', async () => {
    for (const after of ['1677253093', '2023-01-01T00:00:00.000Z', '2023-01-01']) {
      const query = `created_at_after=${after}&created_at_before=2100-01-01`
      const { activity_logs } = await ask<ActivityLogs>('GET', `/admins/activity_logs?${query}&per_page=1`)
      assert.equal(activity_logs[0]?.activity_type, 'admin_away_mode_change')
      await ask('GET', `/admins/activity_logs?${query}`)
    }
  })

  test('an unknown admin cannot be away, and a log has a beginning', async () => {
    assert.deepEqual(await refused('PUT', '/admins/1/away', { body: away }), {
      status: 404,
      code: 'admin_not_found',
      message: 'Admin for admin_id not found',
    })
    const { status } = await refused('PUT', `/admins/${me.id}/away`, { body: {} })
    assert.equal(status, 400)
    for (const query of ['', '?created_at_after=soon', '?created_at_after=1&per_page=151']) {
      assert.equal((await refused('GET', `/admins/activity_logs${query}`)).status, 400)
    }
  })
}

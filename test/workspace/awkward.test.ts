import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCheckedWorkspace } from '../support/checked-workspace.ts'

test('refusals by rate, by scope and by rule, and a snooze that ran out, are valid', async () => {
  const checked = await openCheckedWorkspace({ seed: 'small', rateLimit: 20 })
  const { control } = checked.workspace
  const send = async (method: string, path: string, body?: object, token = checked.accessToken) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(checked.url + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return { status: answer.status, json: (await answer.json()) as any }
  }
  try {
    const reader = control.createToken({ scopes: ['read'], app: 'reader' }).access_token
    assert.equal((await send('POST', '/contacts', { role: 'lead' }, reader)).status, 403)

    const { json: me } = await send('GET', '/me')
    const open = { query: { field: 'state', operator: '=', value: 'open' } }
    const { json: found } = await send('POST', '/conversations/search', open)
    const path = `/conversations/${found.conversations[0].id}`
    const snoozed_until = control.clock.get().now + 60
    await send('POST', `${path}/parts`, { message_type: 'snoozed', admin_id: me.id, snoozed_until })
    control.clock.advance(60)
    const { json: awake } = await send('GET', path)
    const last = awake.conversation_parts.conversation_parts.at(-1)
    assert.deepEqual(
      [awake.state, last.part_type, last.created_at],
      ['open', 'timer_unsnooze', snoozed_until],
    )

    control.addFault({ kind: 'rate_limited', reset: 'far', count: 1, route: 'GET /tags' })
    control.addFault({ kind: 'status', status: 403, count: 1, route: 'GET /tags' })
    assert.deepEqual([(await send('GET', '/tags')).status, (await send('GET', '/tags')).status], [429, 403])

    // A window may end on the way, hence more calls than one holds.
    const statuses = new Set<number>()
    for (let i = 0; i < 60 && !statuses.has(429); i++) statuses.add((await send('GET', '/me')).status)
    assert.deepEqual([...statuses].sort(), [200, 429])
  } finally {
    await checked.close()
  }
})

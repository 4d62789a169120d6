import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { deskWithConversation } from './conversation-desk.test.ts'

interface Entry {
  id: string
  activity_type: string
  created_at: number
}
const away = { away_mode_enabled: true, away_mode_reassign: true }
const back = { away_mode_enabled: false, away_mode_reassign: false }

test('an admin goes away and comes back, and every answer about admins says so', () => {
  const { ok, adminId } = openDesk()
  const gone = ok('PUT', `/admins/${adminId}/away`, away)
  assert.deepEqual([gone.type, gone.id, gone.away_mode_enabled], ['admin', adminId, true])
  assert.deepEqual(ok('GET', `/admins/${adminId}`), gone)
  const [listed] = ok('GET', '/admins').admins
  assert.deepEqual([listed.away_mode_enabled, listed.away_mode_reassign], [true, true])
  assert.equal('away_status_reason_id' in listed, false)
  const returned = ok('PUT', `/admins/${adminId}/away`, back)
  assert.deepEqual([returned.away_mode_enabled, returned.away_mode_reassign], [false, false])
})

test('both flags must be there and be flags; an unknown admin has a text of its own', () => {
  const { refused, adminId, ok } = openDesk()
  const put = (body: unknown, id = adminId) => refused('PUT', `/admins/${id}/away`, body)
  assert.match(put({ away_mode_enabled: true }), /^400 parameter_not_found: /)
  assert.match(put({ away_mode_reassign: true }), /^400 parameter_not_found: /)
  assert.match(put({ ...away, away_mode_enabled: null }), /^400 parameter_not_found: /)
  assert.match(put({ ...away, away_mode_reassign: 'maybe' }), /^400 type_mismatch: /)
  const unknown = '404 admin_not_found: Admin for admin_id not found'
  for (const id of ['1', 'x', '999999999999999']) assert.equal(put(away, id), unknown)
  const bot = ok('GET', '/admins').admins.at(-1)
  assert.equal(put(away, bot.id), unknown)
})

test('the log tells what happened, once, the latest first', () => {
  const { ok, adminId, clock } = openDesk()
  const start = clock.seconds
  clock.seconds += 100
  ok('PUT', `/admins/${adminId}/away`, away)
  ok('PUT', `/admins/${adminId}/away`, away)
  clock.seconds += 100
  ok('PUT', `/admins/${adminId}/away`, back)
  const log = (query: string): Entry[] => ok('GET', `/admins/activity_logs?${query}`).activity_logs
  const entries = log(`created_at_after=${start}`)
  assert.deepEqual(
    entries.map(({ activity_type, created_at }) => [activity_type, created_at - start]),
    [
      ['admin_away_mode_change', 200],
      ['admin_away_mode_change', 100],
      ['admin_login_success', 0],
    ],
  )
  assert.equal(new Set(entries.map(({ id }) => id)).size, 3)
  const times = (from: number, to: number) =>
    log(`created_at_after=${start + from}&created_at_before=${start + to}`).length
  assert.deepEqual([times(100, 200), times(101, 199), times(0, 100)], [2, 0, 2])
  const iso = (second: number) => encodeURIComponent(new Date(second * 1000).toISOString())
  assert.equal(log(`created_at_after=${iso(start + 100)}&created_at_before=${iso(start + 199)}`).length, 1)
  assert.deepEqual(ok('GET', `/admins/activity_logs?created_at_after=${start + 200}`).activity_logs, [
    {
      id: entries[0]?.id,
      performed_by: { type: 'admin', id: adminId, email: 'ada@example.com', ip: '127.0.0.1' },
      metadata: {
        away_mode: false,
        away_status_reason: null,
        reassign_conversations: false,
        source: `admin update from api - Admin id: ${adminId}`,
        auto_changed: 'false',
        update_by: Number(adminId),
        update_by_name: 'Ada Admin',
      },
      created_at: start + 200,
      activity_type: 'admin_away_mode_change',
      activity_description: 'Ada Admin set Ada Admin to active.',
    },
  ])
})

test('the log has pages whose links keep the time; wrong times are refused', () => {
  const { ok, refused, adminId, clock } = openDesk()
  const start = clock.seconds
  for (const flags of [away, back, away]) {
    clock.seconds += 1
    ok('PUT', `/admins/${adminId}/away`, flags)
  }
  const ids: string[] = []
  let target: string | null = `/admins/activity_logs?created_at_after=${start}&per_page=3`
  let turned = 0
  while (target !== null) {
    const { activity_logs, pages }: { activity_logs: Entry[]; pages: { next: string | null } } = ok(
      'GET',
      target,
    )
    ids.push(...activity_logs.map(({ id }) => id))
    target = pages.next === null ? null : pages.next.replace('http://local', '')
    turned += 1
  }
  assert.deepEqual([turned, ids.length, new Set(ids).size], [2, 4, 4])
  const { pages } = ok('GET', `/admins/activity_logs?created_at_after=${start}`)
  assert.deepEqual(pages, { type: 'pages', next: null, page: 1, per_page: 20, total_pages: 1 })
  assert.match(refused('GET', '/admins/activity_logs'), /^400 parameter_not_found: /)
  assert.match(refused('GET', '/admins/activity_logs?created_at_after=soon'), /^400 parameter_invalid: /)
})

test('what a contact answers to an admin who is away goes to nobody, when that was asked for', () => {
  for (const away_mode_reassign of [true, false]) {
    const { ok, as, user, path, adminId } = deskWithConversation()
    const assign = { message_type: 'assignment', type: 'admin', admin_id: adminId, assignee_id: adminId }
    ok('POST', `${path}/parts`, assign)
    ok('PUT', `/admins/${adminId}/away`, { away_mode_enabled: true, away_mode_reassign })
    const answered = as(user, { body: 'Anybody there?' }).json
    const last = answered.conversation_parts.conversation_parts.at(-1)
    assert.deepEqual(
      [answered.admin_assignee_id, last.part_type, last.author.type],
      away_mode_reassign ? [null, 'away_mode_assignment', 'bot'] : [Number(adminId), 'comment', 'user'],
    )
  }
})

test('2.14 lists reasons to be away, takes one, and tells it; older versions overlook it', () => {
  const { call, ok, refused, adminId } = openDesk()
  const newer = { 'intercom-version': '2.14' }
  const { json: reasons } = call('GET', '/away_status_reasons', undefined, newer)
  assert.deepEqual(Object.keys(reasons[0]), [
    ...['type', 'id', 'label', 'emoji', 'order', 'deleted', 'created_at', 'updated_at'],
  ])
  const path = `/admins/${adminId}/away`
  const put = (fields: object) => call('PUT', path, { ...away, ...fields }, newer)
  assert.equal(ok('PUT', path, { ...away, away_status_reason_id: 1 }).away_status_reason_id, null)
  assert.equal(put({ away_status_reason_id: Number(reasons[1].id) }).json.away_status_reason_id, 2)
  assert.equal(put({}).json.away_status_reason_id, 2)
  assert.equal(ok('GET', `/admins/${adminId}`).away_status_reason_id, 2)
  const [entry] = ok('GET', '/admins/activity_logs?created_at_after=0').activity_logs
  assert.equal(entry.metadata.away_status_reason, reasons[1].label)
  assert.equal(put({ away_status_reason_id: null }).json.away_status_reason_id, null)
  assert.equal(put({ away_status_reason_id: '1' }).json.away_status_reason_id, 1)
  assert.equal(ok('PUT', path, back).away_status_reason_id, null)
  const wrong = (id: unknown) => refused('PUT', path, { ...away, away_status_reason_id: id }, newer)
  const gone = reasons.find(({ deleted }: { deleted: boolean }) => deleted)
  assert.equal(wrong(Number(gone.id)), '400 parameter_invalid: Away status reason is deleted')
  for (const id of [0, 99, 'x', {}])
    assert.equal(wrong(id), '400 parameter_invalid: Away status reason is invalid')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from './advance.ts'
import type { ThreadEvent } from './event.ts'
import { startedByAdmin, startedByContact, type Thread } from './thread.ts'

const start = 1000
const contact = { type: 'user', id: 'c' } as const
type Happening = [type: string, at: number]

function event([type, at]: Happening): ThreadEvent {
  switch (type) {
    case 'contact':
      return { type: 'contact_reply', at, contact, body: '<p>c</p>' }
    case 'admin':
      return { type: 'admin_comment', at, admin_id: 7, body: '<p>a</p>' }
    case 'note':
      return { type: 'admin_note', at, admin_id: 7, body: '<p>n</p>' }
    case 'close':
      return { type: 'close', at, admin_id: 7 }
    case 'snooze':
      return { type: 'snooze', at, admin_id: 7, until: 9999 }
    case 'open':
      return { type: 'open', at, admin_id: 7 }
    case 'assign':
      return { type: 'assign', at, admin_id: 7, to: { type: 'admin', id: 8 } }
    case 'team':
      return { type: 'assign', at, admin_id: 7, to: { type: 'team', id: 9 } }
    case 'unassign':
      return { type: 'assign', at, admin_id: 7, to: { type: 'admin', id: null } }
    default:
      return { type: 'attribute_updated', at, bot_id: 1 }
  }
}

function play(happenings: Happening[], from: Thread = startedByContact(start)) {
  let thread = from
  const parts = []
  for (const happening of happenings) {
    const step = advance(thread, event(happening))
    thread = step.thread
    parts.push(step.part)
  }
  return { thread, parts, last: parts.at(-1) }
}

test('each event of docs/intercom-api.md 5 adds its part and leaves its state', () => {
  const rows: [
    before: string,
    then: string,
    part: string,
    body: string | null,
    state: string,
    waiting: number | null,
  ][] = [
    ['', 'contact', 'comment', '<p>c</p>', 'open', start],
    ['', 'admin', 'comment', '<p>a</p>', 'open', null],
    ['', 'note', 'note', '<p>n</p>', 'open', start],
    ['', 'close', 'close', null, 'closed', null],
    ['', 'snooze', 'snoozed', null, 'snoozed', null],
    ['', 'open', 'open', null, 'open', start],
    ['', 'assign', 'assignment', null, 'open', start],
    ['admin', 'contact', 'comment', '<p>c</p>', 'open', 1200],
    ['admin', 'open', 'open', null, 'open', 1200],
    ['close', 'contact', 'open', '<p>c</p>', 'open', 1200],
    ['close', 'admin', 'open', '<p>a</p>', 'open', null],
    ['close', 'note', 'note', '<p>n</p>', 'closed', null],
    ['close', 'close', 'close', null, 'closed', null],
    ['close', 'open', 'open', null, 'open', start],
    ['close', 'assign', 'assign_and_reopen', null, 'open', null],
    ['snooze', 'contact', 'open', '<p>c</p>', 'open', 1200],
    ['snooze', 'admin', 'comment', '<p>a</p>', 'open', null],
    ['snooze', 'note', 'note', '<p>n</p>', 'open', null],
    ['snooze', 'snooze', 'snoozed', null, 'snoozed', null],
    ['snooze', 'close', 'close', null, 'closed', null],
  ]
  for (const [before, then, part, body, state, waiting] of rows) {
    const { thread, last } = play(
      before === ''
        ? [[then, 1200]]
        : [
            [before, 1100],
            [then, 1200],
          ],
    )
    assert.deepEqual(
      [last?.part_type, last?.body, thread.state, thread.waiting_since],
      [part, body, state, waiting],
      `${before} → ${then}`,
    )
    assert.equal(thread.open, state !== 'closed', `${before} → ${then}: open`)
    assert.equal(
      thread.snoozed_until,
      state === 'snoozed' ? 9999 : null,
      `${before} → ${then}: snoozed_until`,
    )
  }
})

test("an admin's message is closed and unread until the contact answers, which is a part of type open", () => {
  const first = startedByAdmin(start)
  assert.deepEqual([first.state, first.open, first.read, first.waiting_since], ['closed', false, false, null])
  assert.equal(first.first_contact_reply_created_at, null)
  const { thread, last } = play([['contact', 1300]], first)
  assert.deepEqual([last?.part_type, thread.state, thread.read], ['open', 'open', false])
  assert.deepEqual([thread.waiting_since, thread.first_contact_reply_created_at], [1300, 1300])
})

test('assignments name their assignee, and 0 takes it away', () => {
  const { thread, parts } = play([
    ['assign', 1100],
    ['team', 1200],
    ['unassign', 1300],
  ])
  assert.deepEqual(
    parts.map((part) => [part.assigned_to_type, part.assigned_to_id]),
    [
      ['admin', '8'],
      ['team', '9'],
      ['nobody_admin', null],
    ],
  )
  assert.deepEqual([thread.admin_assignee_id, thread.team_assignee_id], [null, 9])
  assert.deepEqual([thread.count_assignments, thread.time_to_assignment], [2, 100])
})

test('statistics count the source message, the reopenings and the seconds', () => {
  const { thread } = play([
    ['bot', 1000],
    ['assign', 1050],
    ['admin', 1060],
    ['contact', 1100],
    ['admin', 1140],
    ['close', 1200],
    ['contact', 1300],
    ['admin', 1500],
    ['close', 1600],
  ])
  assert.equal(thread.count_conversation_parts, 10)
  assert.equal(thread.count_reopens, 1)
  assert.equal(thread.time_to_admin_reply, 60)
  assert.equal(thread.median_time_to_reply, 60)
  assert.deepEqual([thread.time_to_first_close, thread.time_to_last_close], [200, 600])
  assert.deepEqual([thread.first_admin_reply_at, thread.last_admin_reply_at], [1060, 1500])
  assert.equal(thread.last_assignment_admin_reply_at, 1060)
  assert.equal(thread.last_closed_by_id, 7)
})

test('an event dated back does not make the conversation older', () => {
  const { thread, last } = play([
    ['admin', 2000],
    ['contact', 1500],
  ])
  assert.deepEqual([thread.updated_at, last?.created_at], [2000, 1500])
})

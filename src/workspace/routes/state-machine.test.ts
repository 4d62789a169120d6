// docs/intercom-api.md 5, a test a row: what each event does to a conversation, asked over the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wakeSnoozed } from '../threads/wake.ts'
import { deskWithConversation, type Part } from './conversation-desk.test.ts'

const start = 1_780_000_000
const snoozeUntil = start + 86_400
const bot = 'conversation_attribute_updated_by_admin'

type Desk = ReturnType<typeof openRow>
type Event = keyof typeof events

/** A minute passes before each event. */
const events = {
  contactReply: ({ as, user }: Desk) => as(user, { body: 'Hello?' }),
  comment: ({ as, admin }: Desk) => as(admin, { body: 'Hi' }),
  note: ({ as, admin }: Desk) => as({ ...admin, message_type: 'note' }, { body: 'Aha' }),
  close: ({ part }: Desk) => part({ message_type: 'close', type: 'admin' }),
  closeWithWords: ({ part }: Desk) => part({ message_type: 'close', type: 'admin', body: 'Bye' }),
  snooze: ({ part }: Desk) => part({ message_type: 'snoozed', snoozed_until: snoozeUntil }),
  open: ({ part }: Desk) => part({ message_type: 'open' }),
  assign: ({ part, adminId }: Desk) =>
    part({ message_type: 'assignment', type: 'admin', assignee_id: adminId }),
  unassign: ({ part }: Desk) => part({ message_type: 'assignment', type: 'admin', assignee_id: '0' }),
  tag: ({ call, path, adminId, tagId }: Desk) =>
    call('POST', `${path}/tags`, { id: tagId, admin_id: adminId }),
  untag: ({ call, path, adminId, tagId }: Desk) =>
    call('DELETE', `${path}/tags/${tagId}`, { admin_id: adminId }),
  attach: ({ call, path, adminId }: Desk) =>
    call('POST', `${path}/customers`, { admin_id: adminId, customer: { email: 'two@example.com' } }),
  read: ({ call, path }: Desk) => call('PUT', path, { read: true }),
  unread: ({ call, path }: Desk) => call('PUT', path, { read: false }),
  attribute: ({ call, path }: Desk) => call('PUT', path, { custom_attributes: { plan: 'pro' } }),
} satisfies Record<string, (desk: Desk) => { status: number }>

function openRow() {
  const desk = deskWithConversation()
  const part = (body: object) => desk.call('POST', `${desk.path}/parts`, { admin_id: desk.adminId, ...body })
  return { ...desk, part, tagId: desk.ok('POST', '/tags', { name: 'Row' }).id as string }
}

interface Row {
  /** What came before, the creation by a contact apart. */
  readonly after?: readonly Event[]
  readonly event: Event
  /** The part that the event leaves, with its body; null for none. */
  readonly part: readonly [type: string, body: string | null] | null
  readonly state: 'open' | 'closed' | 'snoozed'
  /** Minutes after the start, or null. */
  readonly waiting: number | null
  readonly read: boolean
}

const rows: Readonly<Record<string, Row>> = {
  'contact reply on an open one that waits: comment, waiting since as before': {
    event: 'contactReply',
    ...{ part: ['comment', '<p>Hello?</p>'], state: 'open', waiting: 0, read: true },
  },
  'contact reply on an open one that was answered: waiting since now': {
    after: ['comment'],
    event: 'contactReply',
    ...{ part: ['comment', '<p>Hello?</p>'], state: 'open', waiting: 2, read: false },
  },
  'contact reply on a closed one: a part open with the body, unread': {
    after: ['close'],
    event: 'contactReply',
    ...{ part: ['open', '<p>Hello?</p>'], state: 'open', waiting: 2, read: false },
  },
  'contact reply on a snoozed one: a part open with the body, unread': {
    after: ['snooze'],
    event: 'contactReply',
    ...{ part: ['open', '<p>Hello?</p>'], state: 'open', waiting: 2, read: false },
  },
  'admin comment on an open one: nobody waits, unread by the contact': {
    event: 'comment',
    ...{ part: ['comment', '<p>Hi</p>'], state: 'open', waiting: null, read: false },
  },
  'admin comment on a snoozed one wakes it': {
    after: ['snooze'],
    event: 'comment',
    ...{ part: ['comment', '<p>Hi</p>'], state: 'open', waiting: null, read: false },
  },
  'admin comment on a closed one reopens it with a part open and the body': {
    after: ['close'],
    event: 'comment',
    ...{ part: ['open', '<p>Hi</p>'], state: 'open', waiting: null, read: false },
  },
  'admin note on an open one: the contact still waits': {
    event: 'note',
    ...{ part: ['note', '<p>Aha</p>'], state: 'open', waiting: 0, read: true },
  },
  'admin note on a closed one leaves it closed': {
    after: ['close'],
    event: 'note',
    ...{ part: ['note', '<p>Aha</p>'], state: 'closed', waiting: null, read: true },
  },
  'admin note on a snoozed one wakes it': {
    after: ['snooze'],
    event: 'note',
    ...{ part: ['note', '<p>Aha</p>'], state: 'open', waiting: null, read: true },
  },
  'close: closed, nobody waits': {
    event: 'close',
    ...{ part: ['close', null], state: 'closed', waiting: null, read: true },
  },
  'close with words keeps them in its part': {
    event: 'closeWithWords',
    ...{ part: ['close', '<p>Bye</p>'], state: 'closed', waiting: null, read: true },
  },
  'close of a closed one is another part': {
    after: ['close'],
    event: 'close',
    ...{ part: ['close', null], state: 'closed', waiting: null, read: true },
  },
  'close of a snoozed one ends the snooze': {
    after: ['snooze'],
    event: 'close',
    ...{ part: ['close', null], state: 'closed', waiting: null, read: true },
  },
  'snooze: snoozed and open, nobody waits': {
    event: 'snooze',
    ...{ part: ['snoozed', null], state: 'snoozed', waiting: null, read: true },
  },
  'snooze of a snoozed one is another part': {
    after: ['snooze'],
    event: 'snooze',
    ...{ part: ['snoozed', null], state: 'snoozed', waiting: null, read: true },
  },
  'open: waiting since the last reply that nobody answered': {
    after: ['contactReply', 'close'],
    event: 'open',
    ...{ part: ['open', null], state: 'open', waiting: 1, read: true },
  },
  'open of an answered one: waiting since now': {
    after: ['comment', 'close'],
    event: 'open',
    ...{ part: ['open', null], state: 'open', waiting: 3, read: false },
  },
  'open of a snoozed one ends the snooze': {
    after: ['snooze'],
    event: 'open',
    ...{ part: ['open', null], state: 'open', waiting: 0, read: true },
  },
  'assign on an open one': {
    event: 'assign',
    ...{ part: ['assignment', null], state: 'open', waiting: 0, read: true },
  },
  'assign on a closed one reopens it': {
    after: ['close'],
    event: 'assign',
    ...{ part: ['assign_and_reopen', null], state: 'open', waiting: null, read: true },
  },
  'unassign is an assignment to nobody': {
    after: ['assign'],
    event: 'unassign',
    ...{ part: ['assignment', null], state: 'open', waiting: 0, read: true },
  },
  'tag leaves the state alone': {
    after: ['snooze'],
    event: 'tag',
    ...{ part: ['conversation_tags_updated', null], state: 'snoozed', waiting: null, read: true },
  },
  'untag leaves the state alone': {
    after: ['tag', 'close'],
    event: 'untag',
    ...{ part: ['conversation_tags_updated', null], state: 'closed', waiting: null, read: true },
  },
  'attach of a contact leaves the state alone': {
    after: ['close'],
    event: 'attach',
    ...{ part: ['participant_added', null], state: 'closed', waiting: null, read: true },
  },
  'PUT read: no part': { event: 'unread', part: null, state: 'open', waiting: 0, read: false },
  'PUT read after an answer: no part': {
    after: ['comment'],
    event: 'read',
    ...{ part: null, state: 'open', waiting: null, read: true },
  },
  'PUT custom_attributes: a part by the bot': {
    after: ['close'],
    event: 'attribute',
    ...{ part: [bot, null], state: 'closed', waiting: null, read: true },
  },
}

for (const [name, { after = [], event, part, state, waiting, read }] of Object.entries(rows)) {
  test(name, () => {
    const desk = openRow()
    const happen = (one: Event) => {
      desk.clock.seconds += 60
      assert.equal(events[one](desk).status, 200, one)
    }
    for (const one of after) happen(one)
    const before = desk.ok('GET', desk.path)
    happen(event)
    const now = desk.ok('GET', desk.path)
    const parts: Part[] = now.conversation_parts.conversation_parts
    const left = parts.slice(before.conversation_parts.total_count)
    assert.deepEqual(
      left.map(({ part_type, body }) => [part_type, body]),
      part === null ? [] : [[...part]],
    )
    const since = now.waiting_since === null ? null : (now.waiting_since - start) / 60
    assert.deepEqual([now.state, since, now.read], [state, waiting, read])
    assert.equal(now.open, state !== 'closed')
    assert.equal(now.snoozed_until, state === 'snoozed' ? snoozeUntil : null)
    assert.equal(now.updated_at, part === null ? before.updated_at : desk.clock.seconds)
    assert.equal(now.statistics.count_conversation_parts, parts.length + 1)
  })
}

test('creation by a contact: open, read, without a title, the contact waits and has replied', () => {
  const { ok, path, contact } = openRow()
  const conversation = ok('GET', path)
  assert.deepEqual(
    [conversation.state, conversation.read, conversation.title, conversation.waiting_since],
    ['open', true, '', start],
  )
  assert.deepEqual(conversation.first_contact_reply, { created_at: start, type: 'conversation', url: null })
  assert.deepEqual([ok('GET', `/contacts/${contact.id}`).last_replied_at], [start])
})

test('a reply of the contact moves its last_replied_at and updated_at, a comment its last_contacted_at', () => {
  const desk = openRow()
  const person = () => desk.ok('GET', `/contacts/${desk.contact.id}`)
  desk.clock.seconds += 60
  events.contactReply(desk)
  assert.deepEqual([person().last_replied_at, person().updated_at], [start + 60, start + 60])
  desk.clock.seconds += 60
  events.note(desk)
  assert.equal(person().last_contacted_at, null)
  events.comment(desk)
  assert.deepEqual([person().last_contacted_at, person().updated_at], [start + 120, start + 60])
})

test('an admin becomes a teammate by a comment, not by a note or a change of state', () => {
  const desk = openRow()
  const admins = () => desk.ok('GET', desk.path).teammates.admins
  for (const event of ['note', 'close', 'open', 'assign'] as const) events[event](desk)
  assert.deepEqual(admins(), [])
  events.comment(desk)
  assert.deepEqual(admins(), [{ type: 'admin', id: desk.adminId }])
})

test('assignees are numbers, and an assignment to nobody says so', () => {
  const desk = openRow()
  events.assign(desk)
  const assigned = desk.ok('GET', desk.path)
  assert.deepEqual([assigned.admin_assignee_id, assigned.team_assignee_id], [Number(desk.adminId), null])
  const last = (conversation: { conversation_parts: { conversation_parts: object[] } }) =>
    conversation.conversation_parts.conversation_parts.at(-1) as { assigned_to: object }
  assert.deepEqual(last(assigned).assigned_to, { type: 'admin', id: desk.adminId })
  events.unassign(desk)
  const nobody = desk.ok('GET', desk.path)
  assert.equal(nobody.admin_assignee_id, null)
  assert.deepEqual(last(nobody).assigned_to, { type: 'nobody_admin', id: null })
})

test('a snooze that runs out: a part by the bot, open, waiting since the unanswered reply', () => {
  const desk = openRow()
  events.snooze(desk)
  desk.clock.seconds = snoozeUntil - 1
  assert.equal(wakeSnoozed(desk.store), 0)
  desk.clock.seconds = snoozeUntil + 100
  assert.equal(wakeSnoozed(desk.store), 1)
  const woken = desk.ok('GET', desk.path)
  const part = woken.conversation_parts.conversation_parts.at(-1)
  assert.deepEqual(
    [part.part_type, part.body, part.author.type, part.created_at],
    ['timer_unsnooze', null, 'bot', snoozeUntil],
  )
  assert.deepEqual([woken.state, woken.snoozed_until, woken.waiting_since], ['open', null, start])
})

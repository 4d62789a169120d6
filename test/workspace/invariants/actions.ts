import assert from 'node:assert/strict'
import type { Expected } from './model.ts'
import { type Action, type Choice, PEOPLE, somebody } from './people.ts'
import type { Town } from './town.ts'

interface Talk {
  readonly town: Town
  readonly one: Expected
  readonly path: string
}

/** Does something to a conversation that answers 200, and lets it happen to the expected one. */
function inTalk(
  send: (talk: Talk, choice: Choice) => [method: string, path: string, body: object] | undefined,
  happens: (one: Expected, now: number, choice: Choice, town: Town) => void,
): Action {
  return async (town, choice) => {
    const one = town.conversations[choice.conversation % (town.conversations.length || 1)]
    if (!one) return
    const request = send({ town, one, path: `/conversations/${one.id}` }, choice)
    if (!request) return
    const { status, body } = await town.send(...request)
    assert.equal(status, 200, `${JSON.stringify(request)}: ${JSON.stringify(body)}`)
    happens(one, town.now(), choice, town)
  }
}

/** An event adds one part and is the conversation's latest. */
function event(one: Expected, now: number, changes: Partial<Expected> = {}): void {
  Object.assign(one, { parts: one.parts + 1, updatedAt: now, ...changes })
}

const awake = { state: 'open', snoozedUntil: null } as const

function begun(town: Town, id: string, contact: string, changes: Partial<Expected>): void {
  const now = town.now()
  const fresh = { snoozedUntil: null, updatedAt: now, contacts: new Set([contact]), tags: new Set<string>() }
  town.conversations.push({ id, state: 'open', waiting: now, parts: 1, ...fresh, ...changes })
}

const talkOfContact: Action = async (town, choice) => {
  const who = somebody(town, choice)
  if (!who) return
  const body = { from: { type: who.role, id: who.id }, body: 'Hello' }
  const begin = await town.desk.ask<{ conversation_id: string }>('POST', '/conversations', body)
  begun(town, begin.conversation_id, who.id, {})
}

const talkOfAdmin: Action = async (town, choice) => {
  const who = somebody(town, choice)
  if (!who) return
  const { id } = await town.desk.ask<{ id: string }>('POST', '/messages', {
    message_type: 'inapp',
    body: 'News',
    from: { type: 'admin', id: town.admin_id },
    to: { type: who.role, id: who.id },
    create_conversation_without_contact_reply: true,
  })
  const query = { field: 'source.id', operator: '=', value: id }
  const found = await town.desk.ask<{ conversations: { id: string }[] }>('POST', '/conversations/search', {
    query,
  })
  begun(town, String(found.conversations[0]?.id), who.id, { state: 'closed', waiting: null, parts: 0 })
}

/** Somebody joins a conversation, or leaves one that has others. */
function participant(
  isInside: boolean,
  request: (town: Town, path: string, id: string) => [method: string, path: string, body: object],
): Action {
  return async (town, choice) => {
    const one = town.conversations[choice.conversation % (town.conversations.length || 1)]
    const who = one && somebody(town, choice, { one, is: isInside })
    if (!one || !who) return
    const [method, path, body] = request(town, `/conversations/${one.id}`, who.id)
    const { status } = await town.send(method, path, body)
    if (isInside && one.contacts.size === 1) {
      assert.equal(status, 422, 'the last one stays')
      return
    }
    assert.equal(status, 200)
    event(one, town.now())
    if (isInside) one.contacts.delete(who.id)
    else one.contacts.add(who.id)
  }
}

/** Every action, by name. What each does to a conversation is docs/intercom-api.md 5. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  ...PEOPLE,
  talkOfContact,
  talkOfAdmin,
  contactReply: inTalk(
    ({ town, one, path }, choice) => {
      const who = somebody(town, choice, { one, is: true })
      const body = { message_type: 'comment', type: 'user', body: 'Well?' }
      return who && ['POST', `${path}/reply`, { ...body, intercom_user_id: who.id }]
    },
    (one, now) => event(one, now, { ...awake, waiting: one.state === 'open' ? (one.waiting ?? now) : now }),
  ),
  adminReply: inTalk(
    ({ town: { admin_id }, path }) => [
      'POST',
      `${path}/reply`,
      { message_type: 'comment', type: 'admin', admin_id, body: 'Yes' },
    ],
    (one, now) => event(one, now, { ...awake, waiting: null }),
  ),
  note: inTalk(
    ({ town: { admin_id }, path }) => [
      'POST',
      `${path}/reply`,
      { message_type: 'note', type: 'admin', admin_id, body: 'Hm' },
    ],
    (one, now) => event(one, now, one.state === 'snoozed' ? awake : {}),
  ),
  close: inTalk(
    ({ town: { admin_id }, path }) => [
      'POST',
      `${path}/parts`,
      { message_type: 'close', type: 'admin', admin_id },
    ],
    (one, now) => event(one, now, { state: 'closed', waiting: null, snoozedUntil: null }),
  ),
  snooze: inTalk(
    ({ town, path }, { seconds }) => [
      'POST',
      `${path}/parts`,
      { message_type: 'snoozed', admin_id: town.admin_id, snoozed_until: town.now() + seconds },
    ],
    (one, now, { seconds }) =>
      event(one, now, { state: 'snoozed', waiting: null, snoozedUntil: now + seconds }),
  ),
  open: inTalk(
    ({ town: { admin_id }, path }) => ['POST', `${path}/parts`, { message_type: 'open', admin_id }],
    (one, now) => event(one, now, { ...awake, waiting: 'set' }),
  ),
  assign: inTalk(
    ({ town: { admin_id }, path }, { person }) => [
      'POST',
      `${path}/parts`,
      {
        message_type: 'assignment',
        type: 'admin',
        admin_id,
        assignee_id: person % 3 === 0 ? '0' : admin_id,
      },
    ],
    (one, now) => event(one, now, one.state === 'closed' ? awake : {}),
  ),
  tag: inTalk(
    ({ town: { admin_id, tag }, one, path }) =>
      one.tags.has(tag) ? undefined : ['POST', `${path}/tags`, { id: tag, admin_id }],
    (one, now, _, { tag }) => event(one, now, { tags: new Set([tag]) }),
  ),
  untag: inTalk(
    ({ town: { admin_id, tag }, one, path }) =>
      one.tags.has(tag) ? ['DELETE', `${path}/tags/${tag}`, { admin_id }] : undefined,
    (one, now) => event(one, now, { tags: new Set() }),
  ),
  attach: participant(false, ({ admin_id }, path, id) => [
    'POST',
    `${path}/customers`,
    { admin_id, customer: { intercom_user_id: id } },
  ]),
  detach: participant(true, ({ admin_id }, path, id) => ['DELETE', `${path}/customers/${id}`, { admin_id }]),
  read: inTalk(
    ({ path }, { person }) => ['PUT', path, { read: person % 2 === 0 }],
    () => undefined,
  ),
}

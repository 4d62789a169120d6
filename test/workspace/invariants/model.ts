import assert from 'node:assert/strict'

/** A conversation as the wire shows it, as far as the invariants read it. */
export interface Shown {
  readonly id: string
  readonly state: string
  readonly open: boolean
  readonly created_at: number
  readonly updated_at: number
  readonly waiting_since: number | null
  readonly snoozed_until: number | null
  readonly contacts: { readonly contacts: readonly { readonly id: string }[] }
  readonly tags: { readonly tags: readonly { readonly id: string }[] }
  readonly statistics: { readonly count_conversation_parts: number; readonly last_close_at: number | null }
  readonly conversation_parts: {
    readonly total_count: number
    readonly conversation_parts: readonly {
      readonly id: string
      readonly part_type: string
      readonly created_at: number
    }[]
  }
}

/** What is expected of one conversation, by the rules of docs/intercom-api.md 5 alone. */
export interface Expected {
  readonly id: string
  state: 'open' | 'closed' | 'snoozed'
  /** `set`: some time, which one docs/intercom-api.md leaves open. */
  waiting: number | null | 'set'
  snoozedUntil: number | null
  updatedAt: number
  parts: number
  contacts: Set<string>
  tags: Set<string>
}

/** A snooze ends by itself at its time. */
export function wakeIfDue(one: Expected, now: number): void {
  if (one.snoozedUntil === null || one.snoozedUntil > now) return
  Object.assign(one, {
    state: 'open',
    waiting: 'set',
    updatedAt: one.snoozedUntil,
    snoozedUntil: null,
    parts: one.parts + 1,
  })
}

/** What must hold of every conversation at any time. */
export function checkConversation(shown: Shown, expected: Expected): void {
  const { state, open, waiting_since, snoozed_until, statistics } = shown
  const { total_count, conversation_parts: parts } = shown.conversation_parts
  assert.equal(state, expected.state)
  assert.equal(open, state !== 'closed', 'open means not closed')
  assert.equal(snoozed_until, expected.snoozedUntil)
  assert.equal(snoozed_until !== null, state === 'snoozed', 'snoozed has a time, nothing else has one')
  if (expected.waiting === 'set') assert.ok(waiting_since !== null && waiting_since <= shown.updated_at)
  else assert.equal(waiting_since, expected.waiting)
  if (state !== 'open') assert.equal(waiting_since, null, 'nobody waits in a conversation that is not open')
  assert.equal(shown.updated_at, expected.updatedAt, 'updated_at is the last event')
  assert.equal(total_count, parts.length)
  assert.equal(total_count, expected.parts)
  assert.equal(statistics.count_conversation_parts, parts.length + 1, 'the message counts too')
  if (parts.some(({ part_type }) => part_type === 'close')) assert.ok(statistics.last_close_at !== null)
  assert.deepEqual(new Set(shown.contacts.contacts.map(({ id }) => id)), expected.contacts)
  assert.deepEqual(new Set(shown.tags.tags.map(({ id }) => id)), expected.tags)
  const order = parts.map(({ id, created_at }) => [created_at, Number(id)] as const)
  assert.deepEqual(
    order,
    order.toSorted(([at, id], [otherAt, otherId]) => at - otherAt || id - otherId),
  )
}

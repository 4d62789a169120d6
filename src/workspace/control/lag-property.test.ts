// What a search sees under a lag is what it saw that long ago without one, whatever was written meanwhile.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomRuns } from '../../../test/support/random-runs.ts'
import { MovableClock } from '../clock.ts'
import { buildAnswer } from '../http/answer.ts'
import { routes } from '../routes/all.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import { wakeSnoozed } from '../threads/wake.ts'
import { SearchLag } from './search-lag.ts'

const start = 1_780_000_000_000

/** A lead's avatar and external id are made up, other ones each time. */
const constant = (key: string, value: unknown) => (key === 'avatar' || key === 'external_id' ? null : value)

/** A workspace with three contacts, two conversations and two tags, at one moment. */
function open() {
  const clock = new MovableClock()
  clock.freeze()
  clock.set(start)
  const store = openStore(undefined, clock)
  store.write(() => fillFresh(store, 'token'))
  const answer = buildAnswer(store, routes)
  const call = (method: string, path: string, body?: object) => {
    const { status, body: text } = answer({
      method,
      origin: 'http://local',
      target: path,
      header: (name) => (name === 'authorization' ? 'Bearer token' : undefined),
      body: body === undefined ? '' : JSON.stringify(body),
    })
    assert.notEqual(status, 500, `${method} ${path} ${JSON.stringify(body)}`)
    return { status, json: text === '' ? {} : JSON.parse(String(text), constant) }
  }
  const world = { clock, store, call, admin: call('GET', '/me').json.id as string }
  const contacts: string[] = []
  const conversations: string[] = []
  const tags: string[] = []
  const keep = (list: string[], id: unknown) => typeof id === 'string' && list.push(id)
  const made = { ...world, contacts, conversations, tags, keep }
  for (const name of ['Ann', 'Bea']) keep(tags, call('POST', '/tags', { name }).json.id)
  for (const n of [0, 1, 2]) does.create(made, n, n)
  for (const n of [0, 1]) does.talk(made, n, n)
  const goTo = (time: number) => {
    clock.set(start + time)
    wakeSnoozed(store)
  }
  return { ...made, goTo }
}

type World = Omit<ReturnType<typeof open>, 'goTo'>

const pick = (list: readonly string[], n: number) => list[n % list.length] ?? 'none'
const word = (n: number) => pick(['Xylophone', 'Yak', 'Zebra'], n)
const part = ({ call, admin, conversations }: World, a: number, body: object) =>
  call('POST', `/conversations/${pick(conversations, a)}/parts`, { admin_id: admin, type: 'admin', ...body })

/** Everything that searches can see being written; `a` chooses the target, `b` the value. Refusals are welcome. */
const does = {
  create: ({ call, contacts, keep }: World, a: number, b: number) =>
    keep(
      contacts,
      call('POST', '/contacts', {
        role: pick(['user', 'lead'], a),
        email: `p${b}@example.com`,
        name: word(b),
      }).json.id,
    ),
  rename: ({ call, contacts }: World, a: number, b: number) =>
    call('PUT', `/contacts/${pick(contacts, a)}`, {
      name: word(b),
      custom_attributes: { plan: word(b + 1) },
    }),
  address: ({ call, contacts }: World, a: number, b: number) =>
    call('PUT', `/contacts/${pick(contacts, a)}`, { email: `p${b}@example.com` }),
  archive: ({ call, contacts }: World, a: number) => call('POST', `/contacts/${pick(contacts, a)}/archive`),
  unarchive: ({ call, contacts }: World, a: number) =>
    call('POST', `/contacts/${pick(contacts, a)}/unarchive`),
  remove: ({ call, contacts }: World, a: number) => call('DELETE', `/contacts/${pick(contacts, a)}`),
  merge: ({ call, contacts }: World, a: number, b: number) =>
    call('POST', '/contacts/merge', { from: pick(contacts, a), into: pick(contacts, b) }),
  tag: ({ call, contacts, tags }: World, a: number, b: number) =>
    call('POST', `/contacts/${pick(contacts, a)}/tags`, { id: pick(tags, b) }),
  untag: ({ call, contacts, tags }: World, a: number, b: number) =>
    call('DELETE', `/contacts/${pick(contacts, a)}/tags/${pick(tags, b)}`),
  note: ({ call, contacts }: World, a: number, b: number) =>
    call('POST', `/contacts/${pick(contacts, a)}/notes`, { body: word(b) }),
  talk: ({ call, contacts, conversations, keep }: World, a: number, b: number) => {
    const from = { type: 'user', id: pick(contacts, a) }
    keep(conversations, call('POST', '/conversations', { from, body: word(b) }).json.conversation_id)
  },
  reply: ({ call, admin, conversations }: World, a: number, b: number) => {
    const reply = { message_type: 'comment', type: 'admin', admin_id: admin, body: word(b) }
    call('POST', `/conversations/${pick(conversations, a)}/reply`, reply)
  },
  answer: ({ call, contacts, conversations }: World, a: number, b: number) => {
    const reply = {
      message_type: 'comment',
      type: 'user',
      intercom_user_id: pick(contacts, b),
      body: word(b),
    }
    call('POST', `/conversations/${pick(conversations, a)}/reply`, reply)
  },
  close: (world: World, a: number) => part(world, a, { message_type: 'close' }),
  reopen: (world: World, a: number) => part(world, a, { message_type: 'open' }),
  snooze: (world: World, a: number, b: number) => {
    const snoozed_until = Math.floor(world.clock.now() / 1000) + (b - 1) * 5
    part(world, a, { message_type: 'snoozed', snoozed_until })
  },
  assign: (world: World, a: number) =>
    part(world, a, { message_type: 'assignment', assignee_id: world.admin }),
  update: ({ call, conversations }: World, a: number, b: number) =>
    call('PUT', `/conversations/${pick(conversations, a)}`, {
      read: b % 2 === 0,
      custom_attributes: { plan: word(b) },
    }),
  tagConversation: ({ call, admin, conversations, tags }: World, a: number, b: number) =>
    call('POST', `/conversations/${pick(conversations, a)}/tags`, { id: pick(tags, b), admin_id: admin }),
  attach: ({ call, admin, contacts, conversations }: World, a: number, b: number) => {
    const customer = { intercom_user_id: pick(contacts, b) }
    call('POST', `/conversations/${pick(conversations, a)}/customers`, { admin_id: admin, customer })
  },
  removeTag: ({ call, tags }: World, a: number) => call('DELETE', `/tags/${pick(tags, a)}`),
} satisfies Record<string, (world: World, a: number, b: number) => unknown>

/** What every index of a search could get wrong, and the answers as a whole. */
function looks({ call, contacts, tags }: World): object[] {
  const search = (resource: string, field: string, operator: string, value: unknown) => {
    const { status, json } = call('POST', `/${resource}/search`, { query: { field, operator, value } })
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  return [
    search('contacts', 'name', '=', 'Xylophone'),
    search('contacts', 'name', '~', 'ebr'),
    search('contacts', 'email', '=', 'p1@example.com'),
    search('contacts', 'custom_attributes.plan', '=', 'Yak'),
    search('contacts', 'tag_id', '=', tags[0]),
    search('contacts', 'created_at', '>', 1),
    search('conversations', 'source.body', '=', 'yak'),
    search('conversations', 'state', '=', 'snoozed'),
    search('conversations', 'contact_ids', '=', contacts[0]),
    search('conversations', 'tag_ids', '=', tags[1]),
    search('conversations', 'custom_attributes.plan', '=', 'Zebra'),
    search('conversations', 'statistics.count_conversation_parts', '>', 3),
    search('conversations', 'updated_at', '>', 1),
    call('GET', '/contacts').json,
  ]
}

const step = fc.record({
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...(Object.keys(does) as (keyof typeof does)[])) },
    { weight: 1, arbitrary: fc.constant('snooze' as const) },
  ),
  a: fc.nat(4),
  b: fc.nat(4),
  /** Milliseconds that pass afterwards. */
  wait: fc.constantFrom(0, 300, 700, 1000, 7000, 60_000),
})

test('a search under a lag answers what it answered that long ago without one', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.constantFrom(1, 10, 60), (steps, lag) => {
      const late = open()
      const searches = new SearchLag(late.store, undefined)
      searches.set(lag)
      const seen: { at: number; answers: object[] }[] = []
      const written: { at: number; write: (world: World) => unknown }[] = []
      let at = 0
      for (const { what, a, b, wait } of steps) {
        const write = (world: World) => does[what](world, a, b)
        write(late)
        written.push({ at, write })
        seen.push({ at, answers: looks(late) })
        at += wait
        late.goTo(at)
      }
      late.goTo(at + lag * 1000)
      seen.push({ at: at + lag * 1000, answers: looks(late) })

      const live = open()
      for (const { at, answers } of seen) {
        const then = at - lag * 1000
        while (written[0] !== undefined && written[0].at <= then) {
          live.goTo(written[0].at)
          written.shift()?.write(live)
        }
        live.goTo(Math.max(0, then))
        assert.deepEqual(looks(live), answers, `at ${at} ms`)
      }
      assert.deepEqual([late.contacts, late.conversations], [live.contacts, live.conversations])
      searches.set(0)
      late.store.db.close()
      live.store.db.close()
    }),
    randomRuns(10, 20_261_122),
  )
})

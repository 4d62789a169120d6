import assert from 'node:assert/strict'
import { MovableClock } from '../../src/workspace/clock.ts'
import { history } from '../../src/workspace/history/entities.ts'
import { type Entry, keyCells } from '../../src/workspace/history/read.ts'
import { TimeMachine } from '../../src/workspace/history/time-machine.ts'
import { buildAnswer } from '../../src/workspace/http/answer.ts'
import { routes } from '../../src/workspace/routes/all.ts'
import { copyToMemory } from '../../src/workspace/store/copy.ts'
import { fillFresh } from '../../src/workspace/store/fresh.ts'
import { openStore } from '../../src/workspace/store/open.ts'
import { type TableName, tables } from '../../src/workspace/store/schema.ts'
import type { Store } from '../../src/workspace/store/store.ts'

type Raw = Store['db']['raw']

/** One write: which, and the numbers that choose its target and its values. */
export interface Step {
  readonly what: string
  readonly a: number
  readonly b: number
}

interface World {
  readonly call: (
    method: string,
    path: string,
    body?: object,
  ) => { status: number; json: Record<string, unknown> }
  readonly clock: MovableClock
  readonly known: Record<
    'contacts' | 'conversations' | 'tags' | 'companies' | 'parts' | 'attributes',
    string[]
  >
  readonly admin: string
  readonly ticketType: string
}

const one = (list: readonly string[], n: number) => list[n % list.length] ?? 'none'
const word = (n: number) => one(['Xylophone', 'Yak “é” 🦓', 'Zebra\u0000\\"', ' 5', '5.0'], n)
const mail = (n: number) => `p${n}@example.com`

/** Writes of every family. Refusals are welcome: what is refused must leave nothing. */
export const writes: Readonly<Record<string, (world: World, a: number, b: number) => unknown>> = {
  create: ({ call, known }, a, b) => {
    const body = {
      role: one(['user', 'lead'], a),
      email: mail(b),
      name: word(b),
      owner_id: a === 0 ? null : undefined,
    }
    keep(known.contacts, call('POST', '/contacts', body).json['id'])
  },
  change: ({ call, known }, a, b) =>
    call('PUT', `/contacts/${one(known.contacts, a)}`, {
      ...{
        name: word(b),
        email: mail(a + b),
        phone: b === 0 ? null : '+4930123456',
        last_seen_at: 1_779_999_000 + b,
      },
      custom_attributes: { plan: word(a), seats: b, vip: b === 1 },
    }),
  archive: ({ call, known }, a) => call('POST', `/contacts/${one(known.contacts, a)}/archive`),
  unarchive: ({ call, known }, a) => call('POST', `/contacts/${one(known.contacts, a)}/unarchive`),
  remove: ({ call, known }, a) => call('DELETE', `/contacts/${one(known.contacts, a)}`),
  purge: ({ call, clock }) => {
    clock.set(clock.now() + 8 * 86_400_000)
    call('POST', '/contacts', { email: 'purge@example.com' })
  },
  merge: ({ call, known }, a, b) =>
    call('POST', '/contacts/merge', { from: one(known.contacts, a), into: one(known.contacts, b) }),
  note: ({ call, known }, a, b) =>
    call('POST', `/contacts/${one(known.contacts, a)}/notes`, { body: word(b) }),
  makeTag: ({ call, known }, a, b) =>
    keep(known.tags, call('POST', '/tags', { name: `${word(a)} ${b}` }).json['id']),
  removeTag: ({ call, known }, a) => call('DELETE', `/tags/${one(known.tags, a)}`),
  tag: ({ call, known }, a, b) =>
    call('POST', `/contacts/${one(known.contacts, a)}/tags`, { id: one(known.tags, b) }),
  untag: ({ call, known }, a, b) =>
    call('DELETE', `/contacts/${one(known.contacts, a)}/tags/${one(known.tags, b)}`),
  company: ({ call, known }, a, b) => {
    const body = {
      company_id: `c${a}`,
      name: word(b),
      plan: one(['Gold', 'Silver', 'Steel', 'Tin'], 2 * a + b),
      size: b,
      monthly_spend: a,
    }
    keep(known.companies, call('POST', '/companies', body).json['id'])
  },
  removeCompany: ({ call, known }, a) => call('DELETE', `/companies/${one(known.companies, a)}`),
  attach: ({ call, known }, a, b) =>
    call('POST', `/contacts/${one(known.contacts, a)}/companies`, { id: one(known.companies, b) }),
  detach: ({ call, known }, a, b) =>
    call('DELETE', `/contacts/${one(known.contacts, a)}/companies/${one(known.companies, b)}`),
  event: ({ call, known }, a, b) =>
    call('POST', '/events', {
      ...{
        event_name: one(['bought', 'left'], b),
        created_at: 1_779_000_000 + b,
        id: one(known.contacts, a),
      },
      metadata: { price: 5.5 },
    }),
  summary: ({ call, known }, a, b) =>
    call('POST', '/events/summaries', {
      user_id: one(known.contacts, a),
      event_summaries: { event_name: 'bought', count: b, first: 1, last: 2 },
    }),
  attribute: ({ call, known }, a, b) => {
    const body = {
      name: `field_${a}${b}`,
      model: one(['contact', 'company'], b),
      data_type: one(['string', 'integer'], a),
    }
    keep(known.attributes, call('POST', '/data_attributes', body).json['id'])
  },
  changeAttribute: ({ call, known }, a, b) =>
    call('PUT', `/data_attributes/${one(known.attributes, a)}`, { archived: b === 0, description: word(b) }),
  talk: ({ call, known }, a, b) => {
    const from = { type: 'user', id: one(known.contacts, a) }
    keep(known.conversations, call('POST', '/conversations', { from, body: word(b) }).json['conversation_id'])
  },
  message: ({ call, known, admin }, a, b) =>
    call('POST', '/messages', {
      ...{ message_type: 'inapp', body: word(b), from: { type: 'admin', id: admin } },
      to: { type: 'user', id: one(known.contacts, a) },
    }),
  reply: ({ call, known, admin }, a, b) => {
    const as = one(['comment', 'note'], b)
    const body = { message_type: as, type: 'admin', admin_id: admin, body: word(b) }
    const { json } = call('POST', `/conversations/${one(known.conversations, a)}/reply`, body)
    const { conversation_parts: parts } = json as {
      conversation_parts?: { conversation_parts: { id: string }[] }
    }
    keep(known.parts, parts?.conversation_parts.at(-1)?.id)
  },
  answer: ({ call, known }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/reply`, {
      ...{ message_type: 'comment', type: 'user', intercom_user_id: one(known.contacts, b), body: word(b) },
    }),
  manage: ({ call, known, admin, clock }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/parts`, {
      ...{ message_type: one(['close', 'open', 'snoozed', 'assignment'], b), admin_id: admin, type: 'admin' },
      ...{ snoozed_until: Math.floor(clock.now() / 1000) + b, assignee_id: a === 0 ? 0 : admin },
    }),
  redact: ({ call, known }, a, b) =>
    call('POST', '/conversations/redact', {
      ...{ type: 'conversation_part', conversation_id: one(known.conversations, a) },
      conversation_part_id: one(known.parts, b),
    }),
  update: ({ call, known }, a, b) =>
    call('PUT', `/conversations/${one(known.conversations, a)}`, {
      read: b === 0,
      custom_attributes: { plan: word(b) },
    }),
  convert: ({ call, known, ticketType }, a) =>
    call('POST', `/conversations/${one(known.conversations, a)}/convert`, { ticket_type_id: ticketType }),
  tagTalk: ({ call, known, admin }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/tags`, {
      id: one(known.tags, b),
      admin_id: admin,
    }),
  join: ({ call, known, admin }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/customers`, {
      admin_id: admin,
      customer: { intercom_user_id: one(known.contacts, b) },
    }),
  away: ({ call, admin }, a, b) =>
    call('PUT', `/admins/${admin}/away`, { away_mode_enabled: a > 1, away_mode_reassign: b > 1 }),
  wait: ({ clock, call }, a) => {
    clock.set(clock.now() + a * 1000)
    call('GET', '/me')
  },
}

function keep(list: string[], id: unknown): void {
  if (typeof id === 'string') list.push(id)
}

/** A workspace with some of everything, and what writes to it. */
export function openWorld() {
  const clock = new MovableClock()
  clock.freeze()
  clock.set(1_780_000_000_000)
  const store = openStore(undefined, clock)
  store.write(() => fillFresh(store, 'token-of-the-test'))
  const answer = buildAnswer(store, routes, { onError: (error) => assert.fail(error as Error) })
  const call: World['call'] = (method, target, body) => {
    const header = (name: string) => (name === 'authorization' ? 'Bearer token-of-the-test' : undefined)
    const incoming = {
      method,
      origin: 'http://local',
      target,
      header,
      body: body ? JSON.stringify(body) : '',
    }
    const { status, body: text } = answer(incoming)
    return { status, json: text === '' ? {} : (JSON.parse(String(text)) as Record<string, unknown>) }
  }
  const known = { contacts: [], conversations: [], tags: [], companies: [], parts: [], attributes: [] }
  const types = call('GET', '/ticket_types').json as { data: { id: string; category: string }[] }
  const ticketType = types.data.find(({ category }) => category === 'Customer')?.id ?? 'none'
  const world: World = { call, clock, known, admin: String(call('GET', '/me').json['id']), ticketType }
  const does = ({ what, a, b }: Step) => writes[what]?.(world, a, b)
  for (const what of ['create', 'makeTag', 'company', 'talk', 'reply', 'tag', 'attach', 'event']) {
    for (const n of [0, 1, 2]) does({ what, a: n, b: n })
  }
  return { ...world, store, does }
}

/** Every row of every recorded table, with the types that its values are stored in. */
function dump(raw: Raw): Record<string, unknown[]> {
  const recorded = (Object.keys(tables) as TableName[]).filter((name) => history[name] !== 'unrecorded')
  return Object.fromEntries(
    recorded.map((name) => {
      const columns = Object.keys(tables[name].columns)
      const typed = columns.map((column) => `typeof(${column}) || ' ' || quote(${column}) AS ${column}`)
      return [
        name,
        raw.prepare(`SELECT ${typed.join(', ')} FROM ${name} ORDER BY ${columns.join(', ')}`).all(),
      ]
    }),
  )
}

/** Does to a copy what the entries say, in their order. */
function replay(raw: Raw, entries: readonly Entry[]): void {
  for (const { op, tbl, row_key, data } of entries) {
    const values = JSON.parse(data) as Record<string, never>
    const key = keyCells(tbl, row_key)
    const where = Object.keys(key)
      .map((name) => `${name} = ?`)
      .join(' AND ')
    if (op === 'd') raw.prepare(`DELETE FROM ${tbl} WHERE ${where}`).run(...Object.values(key))
    if (op === 'i') {
      const marks = Object.keys(values).map(() => '?')
      raw
        .prepare(`INSERT INTO ${tbl} (${Object.keys(values).join(', ')}) VALUES (${marks.join(', ')})`)
        .run(...Object.values(values))
    }
    // An update to what was there already leaves an entry without columns.
    if (op === 'u' && Object.keys(values).length > 0) {
      const names = Object.keys(values).map((name) => `${name} = ?`)
      const after = Object.values(values).map((pair) => pair[1] as never)
      raw.prepare(`UPDATE ${tbl} SET ${names.join(', ')} WHERE ${where}`).run(...after, ...Object.values(key))
    }
  }
}

/** Searches, which read the indexes that follow the rows. */
function found({ call }: World): unknown[] {
  const search = (list: string, field: string, operator: string, value: unknown) =>
    call('POST', `/${list}/search`, { query: { field, operator, value } }).json
  return [
    search('contacts', 'name', '~', 'ebr'),
    search('contacts', 'email', '$', 'example.com'),
    search('contacts', 'custom_attributes.plan', '=', 'Zebra'),
    search('conversations', 'source.body', '=', 'yak'),
    search('conversations', 'state', '=', 'snoozed'),
    search('conversations', 'custom_attributes.plan', '=', 'Xylophone'),
  ]
}

/** Throws unless these writes can be taken back, done again by their entries, and the taking back undone. */
export function checkHistory(steps: readonly Step[], split: number): void {
  const world = openWorld()
  const { store } = world
  store.history.start()
  const time = new TimeMachine(store, store.history)
  const middle = Math.min(split, steps.length)
  for (const step of steps.slice(0, middle)) world.does(step)
  time.checkpoint('middle')
  const copy = copyToMemory(store.db.raw)
  const before = { rows: dump(store.db.raw), found: found(world) }
  const ids = new Set<unknown>()
  for (const step of steps.slice(middle)) world.does(step)
  const after = { rows: dump(store.db.raw), found: found(world) }
  for (const { id } of store.db.all<{ id: string }>('SELECT id FROM contacts')) ids.add(id)

  const entries = store.db.all<Entry>(
    `SELECT * FROM history WHERE n > (SELECT n FROM history_checkpoints WHERE name = 'middle') ORDER BY n`,
  )
  replay(copy, entries)
  assert.deepEqual(dump(copy), after.rows, 'replayed')
  copy.close()

  const { undo } = time.rewind('middle')
  assert.deepEqual(dump(store.db.raw), before.rows, 'rewound')
  assert.deepEqual(found(world), before.found, 'searched after the rewind')
  assert.deepEqual(time.changesSince('middle').changes, [])
  time.rewind(undo)
  assert.deepEqual(dump(store.db.raw), after.rows, 'rewind undone')
  assert.deepEqual(found(world), after.found, 'searched after that')
  time.rewind('middle')
  const made = world.call('POST', '/contacts', { email: 'later@example.com' }).json['id']
  assert.ok(!ids.has(made), 'an id is given once')
  store.db.close()
}

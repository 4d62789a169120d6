import assert from 'node:assert/strict'
import { MovableClock } from '../../src/workspace/clock.ts'
import type { Entry } from '../../src/workspace/history/complete.ts'
import { isRecorded, keyCells } from '../../src/workspace/history/keys.ts'
import { TimeMachine } from '../../src/workspace/history/time-machine.ts'
import { buildAnswer } from '../../src/workspace/http/answer.ts'
import { routes } from '../../src/workspace/routes/all.ts'
import { copyToMemory } from '../../src/workspace/store/copy.ts'
import { fillFresh } from '../../src/workspace/store/fresh.ts'
import { openStore } from '../../src/workspace/store/open.ts'
import { type TableName, tables } from '../../src/workspace/store/schema.ts'
import type { Store } from '../../src/workspace/store/store.ts'
import { insertVisitor } from '../../src/workspace/store/visitors.ts'
import { laterWrites } from './random-content.ts'
import { deskWrites, kinds, type World, type Write } from './random-writes.ts'

type Raw = Store['db']['raw']

/** One write: which, and the numbers that choose its target and its values. */
export interface Step {
  readonly what: string
  readonly a: number
  readonly b: number
}

/** Writes of every family. */
export const writes: Readonly<Record<string, Write>> = { ...deskWrites, ...laterWrites }

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
  const known = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as World['known']
  const types = call('GET', '/ticket_types').json as { data: { id: string; category: string }[] }
  const ticketType = types.data.find(({ category }) => category === 'Customer')?.id ?? 'none'
  known.ticketTypes.push(...types.data.map(({ id }) => id))
  const meet = (name: string) => store.write(() => insertVisitor(store, { name })).id
  const admin = String(call('GET', '/me').json['id'])
  const newsfeed = store.db.number('SELECT id FROM newsfeeds')
  const world: World = { call, clock, known, meet, admin, ticketType, newsfeed }
  const does = ({ what, a, b }: Step) => writes[what]?.(world, a, b)
  for (const what of ['create', 'makeTag', 'company', 'talk', 'reply', 'tag', 'attach', 'event']) {
    for (const n of [0, 1, 2]) does({ what, a: n, b: n })
  }
  const later = ['ticketAttribute', 'ticket', 'collection', 'article', 'news', 'source', 'page', 'visit']
  for (const what of later) for (const n of [0, 1]) does({ what, a: n, b: n })
  return { ...world, store, does }
}

/** Every row of every recorded table, with the types that its values are stored in. */
function dump(raw: Raw): Record<string, unknown[]> {
  const recorded = (Object.keys(tables) as TableName[]).filter(isRecorded)
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
  for (const entry of entries) {
    const { tbl, row_key } = entry
    const key = keyCells(tbl, row_key)
    const where = Object.keys(key)
      .map((name) => `${name} = ?`)
      .join(' AND ')
    if (entry.op === 'd') raw.prepare(`DELETE FROM ${tbl} WHERE ${where}`).run(...Object.values(key))
    if (entry.op === 'i') {
      const names = Object.keys(entry.row)
      const marks = names.map(() => '?')
      raw
        .prepare(`INSERT INTO ${tbl} (${names.join(', ')}) VALUES (${marks.join(', ')})`)
        .run(...Object.values(entry.row))
    }
    // An update to what was there already leaves an entry without columns.
    if (entry.op === 'u' && Object.keys(entry.pairs).length > 0) {
      const names = Object.keys(entry.pairs).map((name) => `${name} = ?`)
      const after = Object.values(entry.pairs).map(([, value]) => value)
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
    search('tickets', 'open', '=', false),
    call('GET', '/articles/search?phrase=zebra').json,
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

  const { n } = store.db.get<{ n: number }>(`SELECT n FROM history_checkpoints WHERE name = 'middle'`) ?? {
    n: -1,
  }
  const entries = store.history.since(n).flatMap((write) => write.entries)
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

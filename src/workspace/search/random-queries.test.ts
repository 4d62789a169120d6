import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomRuns } from '../../../test/support/random-runs.ts'
import { Input } from '../http/input.ts'
import { decodeCursor } from '../http/pages.ts'
import { contactFields } from './contact-fields.ts'
import { conversationFields } from './conversation-fields.ts'
import { listedContacts, listedConversations } from './list.ts'
import { type Kind, matches, type Sent } from './naive.test.ts'
import { type Item, openSample, texts, times } from './sample.test.ts'
import { readSearch } from './search.ts'
import { searchPage, type Visible } from './search-page.ts'

const { store, contacts, conversations } = openSample()
const active = { sql: `standing = 'active'`, hidden: `standing < 'active' OR standing > 'active'` }
const strings = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'string' as const]))
const dates = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'date' as const]))

const contactKinds: Record<string, Kind> = {
  ...strings('id', 'role', 'name', 'email', 'email_domain', 'external_id', 'phone', 'os', 'location.city'),
  ...dates('created_at', 'updated_at', 'signed_up_at', 'last_seen_at', 'custom_attributes.renewal_date'),
  'custom_attributes.plan': 'string',
  'custom_attributes.seats': 'integer',
  'custom_attributes.vip': 'boolean',
  owner_id: 'integer',
  has_hard_bounced: 'boolean',
  tag_id: 'tags',
}
const conversationKinds: Record<string, Kind> = {
  ...strings('id', 'source.id', 'source.type', 'source.subject', 'source.author.id', 'source.author.type'),
  ...strings('source.author.name', 'source.author.email', 'state', 'priority', 'custom_attributes.plan'),
  ...strings('statistics.last_closed_by_id', 'conversation_rating.remark'),
  ...dates('created_at', 'updated_at', 'waiting_since', 'snoozed_until', 'statistics.first_close_at'),
  'source.body': 'words',
  contact_ids: 'list',
  teammate_ids: 'list',
  tag_ids: 'list',
  admin_assignee_id: 'integer',
  'statistics.count_reopens': 'integer',
  'conversation_rating.score': 'integer',
  open: 'boolean',
  read: 'boolean',
}

interface World {
  readonly items: readonly Item[]
  readonly kinds: Readonly<Record<string, Kind>>
  readonly wholeDays: boolean
  page(body: object, few: number): { ids: string[]; total: number; next: string | undefined }
}

const ofContacts: World = {
  items: contacts,
  kinds: contactKinds,
  wholeDays: true,
  page: pager(listedContacts, contactFields(store), true, active, ['ifnull(last_seen_at, 0)', false]),
}
const ofConversations: World = {
  items: conversations,
  kinds: conversationKinds,
  wholeDays: false,
  page: pager(listedConversations, conversationFields(store), false, undefined, ['updated_at', true]),
}

function pager(
  listed: typeof listedContacts,
  fields: ReturnType<typeof contactFields>,
  wholeDays: boolean,
  visible: Visible | undefined,
  [sql, keyDescending]: [string, boolean],
): World['page'] {
  const zone = { wholeDays, timezone: store.app.timezone, listed }
  const byDefault = { sql, values: [], descending: true, keyDescending, isTime: true }
  return (body, few) => {
    const { query, order = byDefault, after, size } = readSearch(new Input(body), fields, zone, 150)
    const cursor = after === undefined ? undefined : decodeCursor(after)
    const { rows, total, pages } = searchPage<{ id: string | number }>(store.db, listed, {
      query,
      zone,
      ...(visible ? { visible } : {}),
      order,
      cursor,
      size,
      few,
    })
    return { ids: rows.map(({ id }) => String(id)), total, next: pages.next?.starting_after }
  }
}

/** Pieces of texts, in any case, and now and then the whole. */
function textOf(values: readonly string[]): fc.Arbitrary<string> {
  const whole = fc.constantFrom(...values)
  const piece = fc
    .tuple(whole, fc.nat(6), fc.integer({ min: 0, max: 5 }))
    .map(([value, from, length]) => [...value].slice(from, from + length).join(''))
  return fc
    .tuple(fc.oneof(whole, piece), fc.constantFrom('as it is', 'upper', 'lower'))
    .map(([value, how]) =>
      how === 'upper' ? value.toUpperCase() : how === 'lower' ? value.toLowerCase() : value,
    )
}

function filterOf({ items, kinds, wholeDays }: World): fc.Arbitrary<Sent> {
  return fc.constantFrom(...Object.keys(kinds)).chain((field) => {
    const held = items.flatMap((item) => item.fields[field] ?? [])
    const kind = kinds[field]
    const texty = kind === 'string' || kind === 'list' || kind === 'words' || kind === 'tags'
    const one: fc.Arbitrary<unknown> = texty
      ? textOf([...held.map(String), ...texts])
      : kind === 'boolean'
        ? fc.boolean()
        : kind === 'date'
          ? fc
              .tuple(fc.constantFrom(...times), fc.integer({ min: -2, max: 2 }))
              .map(([time, by]) => time + by)
          : fc.oneof(fc.constantFrom(...held.map(Number)), fc.integer({ min: -1, max: 6 }))
    const orText = kind === 'date' || kind === 'integer' ? fc.oneof(one, one.map(String)) : one
    const equality = fc.constantFrom('=', '!=')
    const lists = kind === 'tags' || (kind === 'date' && wholeDays) ? [] : ['IN', 'NIN']
    const single = texty
      ? ['=', '!=', '~', '!~', '^', '$']
      : kind === 'boolean'
        ? ['=', '!=']
        : kind === 'date' && wholeDays
          ? ['=', '>', '<']
          : wholeDays
            ? ['=', '!=', '>', '<', '>=', '<=']
            : ['=', '!=', '>', '<']
    const filter = (operator: string, value: unknown): Sent => ({ field, operator, value })
    const operators = kind === 'tags' ? equality : fc.constantFrom(...single)
    const nullable = kind === 'date' && wholeDays ? fc.constant('=') : equality
    return fc.oneof(
      {
        weight: 6,
        arbitrary: fc.tuple(operators, orText).map(([operator, value]) => filter(operator, value)),
      },
      { weight: 1, arbitrary: nullable.map((operator) => filter(operator, null)) },
      ...(lists.length === 0
        ? []
        : [
            {
              weight: 2,
              arbitrary: fc
                .tuple(fc.constantFrom(...lists), fc.array(orText, { maxLength: 4 }))
                .map(([operator, value]) => filter(operator, value)),
            },
          ]),
    )
  })
}

function queryOf(world: World): fc.Arbitrary<Sent> {
  const filter = filterOf(world)
  const group = (parts: fc.Arbitrary<Sent>) =>
    fc.record({
      operator: fc.constantFrom('AND' as const, 'OR' as const),
      value: fc.array(parts, { minLength: 1, maxLength: 4 }),
    })
  return fc.oneof(filter, group(filter), group(fc.oneof(filter, group(filter))))
}

const few = fc.constantFrom(1, 3, 4096)

for (const [name, world] of [
  ['contacts', ofContacts],
  ['conversations', ofConversations],
] as const) {
  const expected = (query: Sent) =>
    world.items.filter((item) => matches(query, item, world.kinds, world.wholeDays))

  test(`any query finds the ${name} that a naive reading of docs/intercom-api.md finds`, () => {
    fc.assert(
      fc.property(queryOf(world), few, (query, limit) => {
        const { ids, total } = world.page({ query }, limit)
        const wanted = expected(query).map(({ id }) => id)
        assert.deepEqual(ids.toSorted(), wanted.toSorted())
        assert.equal(total, wanted.length)
      }),
      randomRuns(400, 20261127),
    )
  })

  test(`cursors visit each of the ${name} once, in the order asked for, whatever the page size`, () => {
    const sortable = Object.keys(world.kinds).filter(
      (field) => !['tags', 'list', 'words'].includes(world.kinds[field] ?? ''),
    )
    const sort = fc.record({
      field: fc.constantFrom(...sortable),
      order: fc.constantFrom('ascending', 'descending'),
    })
    const size = fc.integer({ min: 1, max: 30 })
    fc.assert(
      fc.property(queryOf(world), sort, size, few, (query, by, per_page, limit) => {
        const seen: string[] = []
        let starting_after: string | undefined
        do {
          const pagination = { per_page, ...(starting_after ? { starting_after } : {}) }
          const { ids, next } = world.page({ query, sort: by, pagination }, limit)
          seen.push(...ids)
          starting_after = next
        } while (starting_after !== undefined && seen.length <= 200)
        assert.deepEqual(
          seen,
          inOrder(expected(query), by, world.kinds[by.field]).map(({ id }) => id),
        )
      }),
      randomRuns(80, 20261126),
    )
  })
}

/** Unset values come before all others; equals go by age, in the same direction. */
function inOrder(
  items: Item[],
  { field, order }: { field: string; order: string },
  kind: Kind | undefined,
): Item[] {
  const value = (item: Item) => {
    const held = item.fields[field] ?? null
    return kind === 'string'
      ? String(held ?? '')
          .normalize('NFC')
          .toLowerCase()
      : Number(held ?? 0)
  }
  const compare = (a: Item, b: Item) => {
    const [x, y] = [value(a), value(b)]
    if (typeof x === 'number' || typeof y === 'number') return Number(x) - Number(y)
    return Buffer.compare(Buffer.from(x), Buffer.from(y))
  }
  const ascending = items.toSorted((a, b) => compare(a, b) || a.key - b.key)
  return order === 'ascending' ? ascending : ascending.reverse()
}

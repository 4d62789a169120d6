// Lists that a model's budget cuts, walked to their end: each row comes once and in order.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { catalogue } from '../../src/actions/toolsets.ts'
import { pageBehind } from '../../src/core/page-part.ts'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher, toolsets: ['all'] })
after(async () => {
  await intercom.close()
  await workspace.close()
})

async function post(path: string, body: object): Promise<{ id: string }> {
  const headers = {
    authorization: `Bearer ${accessToken}`,
    'content-type': 'application/json',
    'intercom-version': '2.12',
  }
  const request = new Request(`http://local${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const response = await workspace.fetch(request)
  assert.ok(response.ok, `${path}: ${response.status}`)
  return response.status === 202 ? { id: '' } : ((await response.json()) as { id: string })
}

/** So many tokens as characters. */
const long = (length: number) => 'я'.repeat(length)
const { result: admins } = await intercom.listAdmins()
const author_id = admins?.admins[0]?.id
const { id: contact_id } = await post('/contacts', { role: 'user', email: 'long@pages.test' })
const { id: company } = await post('/companies', { company_id: 'pages', name: 'Pages' })
const { ticket_types } = await intercom.listTicketTypes()
const ticket_type_id = ticket_types.find(({ category }) => category === 'Customer')?.id
const begun = Math.floor(Date.now() / 1000) - 1000
for (let n = 0; n < 40; n++) {
  await post(`/contacts/${contact_id}/notes`, { body: `<p>${n} ${long(500)}</p>` })
  await post('/articles', { title: `${n} ${long(190)}`, author_id: Number(author_id) })
  await post('/help_center/collections', { name: `${n} ${long(100)}`, description: long(300) })
  // Three in each second: a time does not tell where a page ends.
  const metadata = { told: long(110), again: long(110) }
  await post('/events', {
    id: contact_id,
    event_name: `event-${n}`,
    created_at: begun + Math.floor(n / 3),
    metadata,
  })
  const made = await post('/companies', { company_id: `pages-${n}`, name: `${n} ${long(110)}` })
  await post(`/contacts/${contact_id}/companies`, { id: made.id })
  const person = await post('/contacts', {
    role: 'user',
    email: `${n}@pages.test`,
    name: `${n} ${long(110)}`,
  })
  await post(`/contacts/${person.id}/companies`, { id: company })
  const ticket_attributes = { _default_title_: `${n} ${long(200)}` }
  for (let twice = 0; twice < 2; twice++)
    await post('/tickets', { ticket_type_id, contacts: [{ id: person.id }], ticket_attributes })
}

type Row = { id: string; event_name?: string; created_at?: number }
type Pages = { page?: number; total_pages?: number; next?: unknown } | null
type Page = { error: string | null; pages: Pages; [list: string]: unknown }

/** Every list in pages: its key, and an input with more rows than a model is shown. */
const lists: Record<string, [key: string, input: object, most?: number]> = {
  search_contacts: ['contacts', { query_field: 'role', query_value: 'user' }],
  list_conversations: ['conversations', {}],
  search_conversations: ['conversations', { query_value: '0' }],
  search_tickets: ['tickets', { query_value: '0' }],
  list_company_contacts: ['contacts', { id: company }],
  list_companies: ['companies', { contact_id }, 60],
  list_contact_notes: ['notes', { contact_id }],
  list_collections: ['collections', {}],
  search_articles: ['articles', {}],
  list_events: ['events', { contact_id }],
}
const paged = ['page', 'starting_after', 'before']

test('every list in pages is walked', () => {
  const all = catalogue.filter(({ effect, input }) => {
    const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
    return effect === 'read' && paged.some((name) => Object.hasOwn(properties, name))
  })
  assert.deepEqual(all.map(({ name }) => name).sort(), Object.keys(lists).sort())
})

const { call } = intercomTools(intercom)
const compact = async (name: string, input: object) => (await call(name, input)).structured as unknown as Page
const full = async (name: string, input: object) =>
  (await intercom.call(name, input)).output as unknown as Page
const cursors = ['contacts', 'conversations', 'tickets', 'events']
/** What a caller passes on of Intercom's own pages. */
const nextOf = (key: string, { page = 1, total_pages = 0, next }: NonNullable<Pages>): object | null => {
  if (!cursors.includes(key)) return page < total_pages ? { page: page + 1 } : null
  const { page: _, ...cursor } = { ...(next as object), page }
  return Object.keys(cursor).length === 0 ? null : cursor
}

async function walk(
  name: string,
  read: typeof full,
  per_page: number,
): Promise<{ rows: string[]; cut: number }> {
  const [key = '', input = {}] = lists[name] ?? []
  const rows: string[] = []
  let cut = 0
  for (let next: object | null = {}, turn = 0; next !== null && turn < 400; turn++) {
    const page: Page = await read(name, { ...input, per_page, ...next })
    assert.equal(page.error, null)
    const shown = page[key] as Row[]
    assert.ok(shown.length > 0)
    rows.push(...shown.map(({ id, event_name }) => event_name ?? id))
    if (/the last \d+ of \d+ on this page/.test(JSON.stringify(page.pages))) {
      assert.match(JSON.stringify(page.pages), /on this page: pages\.next goes on there/)
      cut += 1
    }
    next =
      page.pages === null
        ? null
        : read === compact
          ? ((page.pages.next as object) ?? null)
          : nextOf(key, page.pages)
  }
  return { rows, cut }
}

for (const [name, [, , most = 150]] of Object.entries(lists))
  test(`${name}: what the budget cuts comes next, and each row comes once`, async () => {
    const { rows: all } = await walk(name, full, most)
    assert.ok(all.length >= 40 && new Set(all).size === all.length)
    const { rows, cut } = await walk(name, compact, most)
    assert.deepEqual(rows, all)
    assert.ok(cut > 0, 'the budget cuts it')
    assert.deepEqual((await walk(name, compact, 39)).rows, all)
  })

test('a page within pages by number begins right behind the rows that are shown', () => {
  const natural = (max: number) => fc.integer({ min: 1, max })
  fc.assert(
    fc.property(natural(1000), natural(150), natural(150), (page, per_page, fit) => {
      const { rows, next } = pageBehind({ page, per_page }, fit)
      assert.ok(rows >= 1 && rows <= fit && next.per_page >= 1 && next.per_page <= fit)
      assert.ok(Number.isInteger(next.page))
      assert.equal((next.page - 1) * next.per_page, (page - 1) * per_page + rows)
    }),
    { numRuns: 300, seed: 5 },
  )
  assert.deepEqual(pageBehind({ page: 1, per_page: 50 }, 13), { rows: 13, next: { page: 2, per_page: 13 } })
})

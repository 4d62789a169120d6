import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { cursorWithin, pagePart, partOfPage } from '../../src/core/page-part.ts'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { unvalidated } from '../openapi-validator/unvalidated.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: 1_000_000 })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher, toolsets: ['companies'] })
after(async () => {
  await intercom.close()
  await workspace.close()
})

type Page = {
  success: boolean
  error: string | null
  pages: { next?: { starting_after: string }; left_out?: string } | null
  [list: string]: unknown
}
const { call } = intercomTools(intercom)
const compact = async (name: string, input: object) => (await call(name, input)).structured as unknown as Page
const full = async (name: string, input: object) =>
  (await intercom.call(name, input)).output as unknown as Page

const lists = {
  list_conversations: ['conversations', {}],
  search_conversations: ['conversations', { query_value: '0' }],
  search_contacts: ['contacts', { query_field: 'role', query_operator: 'IN', query_value: 'user,lead' }],
} as const
type Name = keyof typeof lists

/** The ids of a list, read to its end with a page size for each call. */
async function walk(name: Name, sizes: readonly number[], read: typeof full): Promise<string[]> {
  const [key, input] = lists[name]
  const ids: string[] = []
  let starting_after: string | undefined
  for (let turn = 0; turn < 1000; turn++) {
    const per_page = sizes[turn % sizes.length]
    const page = await read(name, { ...input, per_page, ...(starting_after && { starting_after }) })
    assert.equal(page.error, null)
    ids.push(...(page[key] as { id: string }[]).map(({ id }) => id))
    starting_after = page.pages?.next?.starting_after
    if (starting_after === undefined) return ids
  }
  throw new Error('it never ends')
}

for (const name of Object.keys(lists) as Name[])
  test(`${name}: long pages go on where the budget ends, without a row lost or repeated`, async () => {
    const all = await walk(name, [150], full)
    assert.ok(all.length > 150 && new Set(all).size === all.length)
    assert.deepEqual(await walk(name, [500], compact), all)
    const [key, input] = lists[name]
    const first = await compact(name, { ...input, per_page: 500 })
    const shown = (first[key] as object[]).length
    assert.ok(shown > 10 && shown < 150)
    assert.match(String(first.pages?.left_out), /the last \d+ of 150 on this page: pages.next goes on there/)
    assert.match(String(first.pages?.next?.starting_after), new RegExp(`^skip${shown}of150$`))
  })

test('whatever page sizes follow each other, compact or in code, each row comes once and in order', async () => {
  const all = await walk('list_conversations', [150], full)
  const sizes = fc.array(fc.integer({ min: 20, max: 150 }), { minLength: 1, maxLength: 4 })
  // A cursor counts pages of the size before, so that the number of a page and that of all pages may not agree.
  await unvalidated(() =>
    fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), async (each, ways) => {
        let turn = 0
        const read = (name: string, input: object) =>
          ways[turn++ % ways.length] ? compact(name, input) : full(name, input)
        assert.deepEqual(await walk('list_conversations', each, read), all)
      }),
      { numRuns: 6, seed: 673641633 },
    ),
  )
})

test('a page within a page gives no more rows than it is asked for', async () => {
  const { conversations } = await intercom.listConversations({ per_page: 40 })
  const within = await intercom.listConversations({ per_page: 5, starting_after: 'skip10of40' })
  assert.deepEqual(
    within.conversations.map(({ id }) => id),
    conversations.slice(10, 15).map(({ id }) => id),
  )
  assert.equal(within.pages?.next?.starting_after, 'skip15of40')
})

test('a list goes on within a page only while rows of it are left', () => {
  const part = pagePart({ per_page: 2, starting_after: 'skip5of10:abc' })
  const rows = (length: number) => Array.from({ length }, (_, row) => row)
  const next = { starting_after: 'def' }
  assert.deepEqual(partOfPage(rows(7), { next }, part), { rows: [5, 6], pages: { next } })
  assert.deepEqual(partOfPage(rows(8), { next }, part).pages?.next.starting_after, 'skip7of10:abc')
  assert.deepEqual(
    [4, 5].map((given) => cursorWithin(part, given)),
    ['skip9of10:abc', undefined],
  )
})

for (const cursor of [
  'skip0of150',
  'skip150of150',
  'skip5of151',
  'skip5of99999999999999999999',
  'skip5of20:',
  'skip5of20: ',
  'skip1of20:skip1of20',
  'skip1of20:skip1of20:abc',
])
  test(`${JSON.stringify(cursor)} is no cursor, and nothing is sent`, async () => {
    for (const name of Object.keys(lists) as Name[]) {
      const { failure } = await intercom.call(name as string, { ...lists[name][1], starting_after: cursor })
      assert.deepEqual([failure?.field, failure?.outcome], ['starting_after', 'not_sent'])
    }
    const { failure } = await intercom.call('list_company_contacts' as string, {
      id: '1',
      starting_after: cursor,
    })
    assert.deepEqual([failure?.field, failure?.outcome], ['starting_after', 'not_sent'])
  })

test('a cursor that only begins like one of ours is left to Intercom', async () => {
  const { failure } = await intercom.call('list_conversations', { starting_after: 'skipped' })
  assert.deepEqual([failure?.status, failure?.outcome], [400, 'rejected'])
})

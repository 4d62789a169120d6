import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { openCheckedWorkspace } from '../support/checked-workspace.ts'

const checked = await openCheckedWorkspace({ checkRequests: true })
after(() => checked.close())
const intercom = createIntercom({ accessToken: checked.accessToken, baseUrl: checked.url })
const compact = intercomTools(intercom)
const full = intercomTools(intercom, { output: 'full' })

const ada = { email: 'ada@x.example', name: 'Ada Lovelace' }
const { contact } = await intercom.upsertContact(ada)
assert.ok(contact)
const day = Date.UTC(2026, 0, 31) / 1000

/** How many requests of a method have reached Intercom. */
const writes = () =>
  checked.exchanges.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search')).length

const refused: [action: string, input: object, says: RegExp][] = [
  [
    'search_contacts',
    { query_field: 'tag_id', query_value: 'VIP' },
    /query_value for tag_id takes a tag's id \(digits\)/,
  ],
  ['search_contacts', { query_value: '"ada@x.example"' }, /is in quotes; write ada@x\.example/],
  [
    'search_contacts',
    { query_value: { field: 'email', operator: '=', value: 'ada@x.example' } },
    /is a whole query/,
  ],
  ['search_contacts', { query_field: 'nickname', query_value: 'Ada' }, /these can: id, role, name, /],
  ['search_conversations', { query_field: 'state', query_value: 'open' }, /Use "="/],
  [
    'search_conversations',
    { query_field: 'contact_ids', query_operator: '=', query_value: ada.email },
    /search_contacts/,
  ],
  [
    'upsert_contact',
    { ...ada, custom_attributes: { renewal_date: day * 1000 } },
    new RegExp(`would be ${day}\\b`),
  ],
  ['upsert_contact', { ...ada, custom_attributes: { renewal: day } }, /Did you mean "renewal_date"\?/],
  [
    'upsert_contact',
    { ...ada, custom_attributes: { seats: 'twelve' } },
    /seats takes a whole number, not "twelve"/,
  ],
  ['upsert_contact', { email: 'mailto:ada@x.example' }, /write ada@x\.example/],
  ['create_note', { contact_id: contact.id, body: 'Dear <your name>' }, /write &lt;your name&gt;/],
]
for (const [action, input, says] of refused) {
  test(`${action} ${JSON.stringify(input)} is refused, and says what would be right`, async () => {
    for (const tools of [compact, full]) {
      const before = writes()
      const { isError, text } = await tools.call(action, input)
      assert.equal(isError, true)
      assert.match(text.replaceAll('\\', ''), says)
      assert.ok(
        writes() - before <= (says.source.includes('Did you mean') || says.source.includes('seats') ? 1 : 0),
      )
    }
  })
}

test('a date of a custom attribute is stored in seconds, and the definitions are read once', async () => {
  const reads = () => checked.exchanges.filter(({ path }) => path.startsWith('/data_attributes')).length
  const own = createIntercom({ accessToken: checked.accessToken, baseUrl: checked.url })
  const before = reads()
  for (const renewal_date of ['2026-01-31', '2026-01-31T00:00:00Z', String(day)]) {
    const { contact } = await own.upsertContact({ ...ada, custom_attributes: { renewal_date, seats: 3 } })
    assert.deepEqual({ ...contact?.custom_attributes }, { renewal_date: day, seats: 3 })
  }
  assert.equal(reads() - before, 1)
  const found = await own.searchContacts({
    query_field: 'custom_attributes.renewal_date',
    query_value: '2026-01-31',
  })
  assert.deepEqual([found.error, reads() - before], [null, 1])
})

const nothing: [action: string, input: object, says: string][] = [
  [
    'search_contacts',
    { query_value: 'Marta' },
    'no contact whose email is "Marta"; for a name: query_field "name", query_operator "~". New ones',
  ],
  [
    'search_contacts',
    { query_field: 'name', query_value: 'Ada' },
    'no contact whose name is "Ada"; for a part of it: query_operator "~"',
  ],
  [
    'search_contacts',
    { query_value: 'a@b.example, c@d.example', query_operator: 'IN' },
    'no contact whose email is one of "a@b.example", "c@d.example"',
  ],
  [
    'search_conversations',
    { query_field: 'state', query_operator: '=', query_value: 'snoozed' },
    'no conversation whose state is "snoozed"',
  ],
  [
    'search_conversations',
    {
      query_operator: 'AND',
      query_value: [
        { field: 'open', operator: '=', value: true },
        { field: 'tag_ids', operator: '=', value: '1' },
      ],
    },
    'no conversation that fits all of: open is true, tag_ids is "1"',
  ],
]
for (const [action, input, says] of nothing) {
  test(`${action} ${JSON.stringify(input)} finds nothing, and says what was searched`, async () => {
    const { isError, text, structured } = await compact.call(action, input)
    assert.equal(isError, false)
    assert.ok(text.includes(`nothing found: ${says}`), text)
    const { pages } = structured as unknown as { pages: { searched: string } }
    assert.ok(pages.searched.startsWith(says), pages.searched)
    assert.doesNotMatch((await full.call(action, input)).text, /no con/)
  })
}

test('a search that finds something says nothing of the kind', async () => {
  const { text } = await compact.call('search_contacts', { query_value: ' ada@x.example\n' })
  assert.match(text, /contacts: 1/)
  assert.doesNotMatch(text, /nothing found/)
})

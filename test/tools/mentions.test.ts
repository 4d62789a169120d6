import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { actions } from '../../src/actions/index.ts'
import { actionNamed, catalogue, toolsetNames } from '../../src/actions/toolsets.ts'
import { type Intercom, IntercomError } from '../../src/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { mcpServers } from '../../src/tools/mcp/index.ts'
import { mentionsOf } from '../../src/tools/mentions.ts'
import type { Access } from '../../src/tools/policy.ts'

const thirteen = actions.map(({ name }) => name as string)
const names = catalogue.map(({ name }) => name)
const without = (...absent: string[]) => mentionsOf(names.filter((name) => !absent.includes(name)))
const absentFrom = (offered: readonly string[]) => names.filter((name) => !offered.includes(name))

const texts: [absent: string[], text: string, left: string][] = [
  [[], 'Find the id with search_contacts.', 'Find the id with search_contacts.'],
  [['search_contacts'], 'Nothing was sent. Find the id with search_contacts.', 'Nothing was sent.'],
  [['list_tags'], 'The tag’s unique identifier; find it with list_tags', 'The tag’s unique identifier'],
  [
    ['search_contacts'],
    'There is no such contact: find the id with search_contacts.',
    'There is no such contact.',
  ],
  [
    ['list_admins'],
    'Check contact and admin (search_contacts, list_admins).',
    'Check contact and admin (search_contacts).',
  ],
  [['get_conversation'], 'List them (get_conversation has them). Go on.', 'List them. Go on.'],
  [
    ['list_conversations'],
    'Find ids with search_conversations or list_conversations.',
    'Find ids with search_conversations.',
  ],
  [
    ['search_conversations'],
    'Find ids with search_conversations or list_conversations.',
    'Find ids with list_conversations.',
  ],
  [
    ['search_conversations', 'list_conversations'],
    'One. Find ids with search_conversations or list_conversations.',
    'One.',
  ],
  [
    ['send_message_to_contact'],
    'To write use send_message_to_contact; to answer use reply_to_conversation.',
    'To answer use reply_to_conversation.',
  ],
  [
    ['get_contact'],
    'details of each: get_contact has them; the last 3: repeat this call',
    'details of each; the last 3: repeat this call',
  ],
]

for (const [absent, text, left] of texts) {
  test(`without ${absent.join(' and ') || 'nothing'} ${JSON.stringify(text)} says ${JSON.stringify(left)}`, () => {
    assert.equal(without(...absent)(text), left)
  })
}

const policies: Access[] = [
  ...thirteen.map((name) => ({ deny: [name] })),
  ...thirteen.map((name) => ({ only: [name] })),
  { readOnly: true },
  { sends: 'off' },
  ...toolsetNames.map((set) => ({ toolsets: [set] })),
  { toolsets: ['all'], readOnly: true },
  { toolsets: ['all'], sends: 'off' },
  { toolsets: ['all'], deny: ['list_teams', 'list_attributes', 'get_conversation', 'search_tickets'] },
]

/** A client whose calls fail with every hint that an action has, or answer more than fits. */
function intercomOf(fails: boolean): Intercom {
  const contact = (n: number) => ({
    type: 'contact',
    id: `${n}`,
    name: 'x'.repeat(900),
    email: `${n}@example.com`,
  })
  return {
    async call(name: string) {
      const { hints = {} } = actionNamed(name) as { hints?: Record<string, string> }
      if (fails)
        throw new IntercomError('no', { code: 'not_found', hint: Object.values(hints).join(' ') || 'Stop.' })
      const list = Array.from({ length: 40 }, (_, n) => contact(n))
      const data = Array.from({ length: 900 }, (_, n) => ({ type: 'tag', id: `${n}`, name: 'y'.repeat(60) }))
      const own = name.includes('contacts')
        ? { contacts: list, pages: null }
        : { result: { type: 'list', data } }
      return { output: { success: true, error: null, ...own }, failure: null, trace: {} }
    },
  } as unknown as Intercom
}

for (const policy of policies) {
  test(`nothing names what is not offered: ${JSON.stringify(policy)}`, async () => {
    for (const fails of [true, false]) {
      const intercom = intercomOf(fails)
      const { tools, call } = intercomTools(intercom, policy)
      const absent = new RegExp(absentFrom(tools.map(({ name }) => name)).join('|'))
      const said = (what: unknown) => assert.doesNotMatch(JSON.stringify(what), absent)
      said(tools)
      for (const tool of tools) {
        assert.notEqual(tool.description, '')
        const answer = await call(tool.name, examples[tool.name])
        assert.notEqual(answer.text, '')
        said(answer)
        said(await call(tool.name, { [`${tool.name}x`]: 1 }))
      }
      said(await call('get_thing', {}))

      const client = new Client({ name: 'test', version: '1' })
      const [near, far] = InMemoryTransport.createLinkedPair()
      serveStdio(mcpServers(intercom, policy), { transport: far })
      await client.connect(near)
      said([await client.listTools(), await client.listPrompts(), await client.listResourceTemplates()])
      said(client.getInstructions())
      await client.close()

      const { fetch } = httpHandler(intercom, policy)
      for (const path of ['actions', 'openapi.json', 'manifest.json', 'docs'])
        said(await (await fetch(new Request(`http://localhost/${path}`))).text())
      for (const { name } of tools) {
        const body = JSON.stringify(examples[name])
        said(
          await (
            await fetch(new Request(`http://localhost/actions/${name}`, { method: 'POST', body }))
          ).text(),
        )
      }
    }
  })
}

test('over REST, where nobody is asked, what a person would have to confirm is not mentioned either', async () => {
  const { fetch } = httpHandler(intercomOf(true), { sends: 'confirm' })
  for (const path of ['actions', 'openapi.json', 'manifest.json', 'docs']) {
    const text = await (await fetch(new Request(`http://localhost/${path}`))).text()
    assert.doesNotMatch(text, /reply_to_conversation|send_message_to_contact/)
  }
})

const id = '6762f0dd1bb69f9f2193bb83'
const examples: Record<string, object> = {
  get_contact: { contact_id: id },
  get_conversation: { conversation_id: '1' },
  search_contacts: { query_value: 'a@example.com' },
  search_conversations: { query_field: 'state', query_operator: '=', query_value: 'open' },
  add_tag_to_contact: { contact_id: id, tag_id: '1' },
  create_note: { contact_id: id, body: 'x' },
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { actions, describe } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { childEnv } from '../openapi-validator/child-env.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
after(() => workspace.close())

async function connected(...flags: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [bin, 'mcp', ...flags],
      env: childEnv({ INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }),
      stderr: 'inherit',
    }),
  )
  return client
}

let client: Client
before(async () => {
  client = await connected()
})
after(() => client.close())

test('the tools are the actions, in their order, with hints that follow from the effect', async () => {
  const { tools } = await client.listTools()
  assert.deepEqual(
    tools.map(({ name }) => name),
    actions.map(({ name }) => name),
  )
  for (const [index, action] of actions.entries()) {
    const { title, output_schema, effect } = describe(action)
    assert.deepEqual(tools[index]?.outputSchema, output_schema)
    assert.deepEqual(tools[index]?.annotations, {
      title,
      readOnlyHint: effect === 'read',
      destructiveHint: effect === 'update' || effect === 'send',
      idempotentHint: effect === 'read' || effect === 'update',
      openWorldHint: true,
    })
  }
})

test('a tool answers the envelope, and a failure is an error that says what to do', async () => {
  const found = await client.callTool({
    name: 'search_contacts',
    arguments: { query_field: 'role', query_value: 'user', per_page: 2 },
  })
  assert.equal(found.isError, false)
  assert.equal((found.structuredContent as { success: boolean }).success, true)
  const lost = await client.callTool({
    name: 'get_contact',
    arguments: { contact_id: '0123456789abcdef01234567' },
  })
  assert.equal(lost.isError, true)
  assert.match(JSON.stringify(lost.content), /404 not_found.*Find the id with search_contacts/)
  const misspelt = await client.callTool({
    name: 'search_contacts',
    arguments: { query_field: 'nam', query_value: 'x' },
  })
  const [said] = misspelt.content as { text: string }[]
  assert.match(String(said?.text), /Did you mean "name"\? Nothing was sent\.$/)
  await assert.rejects(
    client.callTool({ name: 'x'.repeat(5000), arguments: {} }),
    ({ message }: Error) => /Unknown tool/.test(message) && message.length < 200,
  )
})

test('resources are read by their templates, prompts are offered', async () => {
  const { resourceTemplates } = await client.listResourceTemplates()
  assert.deepEqual(
    resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ['intercom://contacts/{id}', 'intercom://conversations/{id}'],
  )
  const { contacts } = (
    await client.callTool({
      name: 'search_contacts',
      arguments: { query_field: 'role', query_value: 'user', per_page: 1 },
    })
  ).structuredContent as { contacts: { id: string }[] }
  const id = String(contacts[0]?.id)
  const asTool = await client.callTool({ name: 'get_contact', arguments: { contact_id: id } })
  const { contents } = await client.readResource({ uri: `intercom://contacts/${id}` })
  const text = (asTool.content as { text: string }[])[0]?.text
  assert.deepEqual(contents, [{ uri: `intercom://contacts/${id}`, mimeType: 'text/plain', text }])
  for (const [uri, says] of [
    ['intercom://contacts/0123456789abcdef01234567', /404 not_found.*Find the id with search_contacts/],
    ['intercom://contacts/%2E%2E', /contact_id is not an id/],
    ['intercom://contacts/a/notes', /not found/],
    ['intercom://tags/1', /not found/],
    ['https://contacts/1', /not found/],
  ] as const) {
    await assert.rejects(client.readResource({ uri }), says, uri)
  }
  const { prompts } = await client.listPrompts()
  assert.deepEqual(
    prompts.map(({ name }) => name),
    ['triage_inbox', 'draft_reply', 'customer_history'],
  )
  const asked = prompts.find(({ name }) => name === 'draft_reply')?.arguments ?? []
  assert.deepEqual(
    asked.filter(({ required }) => required).map(({ name }) => name),
    ['conversation_id'],
  )
  const { messages } = await client.getPrompt({ name: 'draft_reply', arguments: { conversation_id: '1' } })
  assert.match(JSON.stringify(messages), /Do not send it/)
  for (const missing of [{}, { conversation_id: ' ' }])
    await assert.rejects(
      client.getPrompt({ name: 'draft_reply', arguments: missing }),
      /needs conversation_id/,
    )
  await assert.rejects(client.getPrompt({ name: 'toString', arguments: {} }), /Unknown prompt/)
})

test('what is switched off is no tool, no resource, and no part of a prompt', async (t) => {
  const narrow = await connected('--read-only', '--deny', 'get_contact')
  t.after(() => narrow.close())
  const [{ tools }, { resourceTemplates }, { prompts }] = await Promise.all([
    narrow.listTools(),
    narrow.listResourceTemplates(),
    narrow.listPrompts(),
  ])
  assert.deepEqual(
    tools.map(({ name }) => name),
    actions.filter(({ name, effect }) => effect === 'read' && name !== 'get_contact').map(({ name }) => name),
  )
  assert.deepEqual(
    resourceTemplates.map(({ name }) => name),
    ['get_conversation'],
  )
  assert.deepEqual(
    prompts.map(({ name }) => name),
    ['triage_inbox', 'customer_history'],
  )
  await assert.rejects(narrow.readResource({ uri: 'intercom://contacts/1' }), /not found/)
  await assert.rejects(narrow.getPrompt({ name: 'draft_reply' }), /Unknown prompt/)
})

test('the searches that prompts tell a model to make work', async () => {
  const given = { conversation_id: '1', customer: 'Ada', team: '1' }
  const { prompts } = await client.listPrompts()
  const told = await Promise.all(
    prompts.map(async ({ name, arguments: args = [] }) => {
      const wanted = args.map((one) => [one.name, given[one.name as keyof typeof given] ?? 'x'])
      return JSON.stringify(
        (await client.getPrompt({ name, arguments: Object.fromEntries(wanted) })).messages,
      )
    }),
  )
  const searches = [
    ...told.join().matchAll(/query_field \\"(\w+)\\"(?:, query_operator \\"(.+?)\\")?, query_value/g),
  ]
  assert.equal(searches.length, 2)
  for (const [, query_field, query_operator] of searches) {
    const args = {
      query_field,
      query_operator,
      query_value: query_field === 'state' ? 'open' : '6ad1e84a43ad8b26100000c3',
    }
    const { isError, content } = await client.callTool({ name: 'search_conversations', arguments: args })
    assert.equal(isError, false, JSON.stringify(content))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { type McpOptions, mcpHttp } from '../../src/tools/mcp/index.ts'
import { openDesk } from '../trajectories/trajectory.ts'

const desk = await openDesk()
const { accessToken, dispatcher, control } = desk.workspace
const intercom = createIntercom({ accessToken, dispatcher, toolsets: ['desk'] })
const { tags } = { tags: (await desk.http('GET', '/tags')).data as { id: string; name: string }[] }
const { admins } = await desk.http('GET', '/admins')
const { teams } = await desk.http('GET', '/teams')

type Named = { id: string; name: string }
const shown = ({ id, name }: Named) => `${id} (${name})`

async function connected(
  options: McpOptions = {},
  version: '2026-07-28' | 'legacy' = '2026-07-28',
  client: Pick<Intercom, 'call'> = intercom,
) {
  const sent: string[] = []
  const { fetch } = mcpHttp(client, options)
  const made = new Client(
    { name: 'test', version: '1' },
    version === 'legacy' ? {} : { versionNegotiation: { mode: { pin: version } } },
  )
  await made.connect(
    new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
      fetch: async (input, init) => {
        const answer = await fetch(new Request(input, init))
        sent.push(await answer.clone().text())
        return answer
      },
    }),
  )
  return { client: made, sent }
}

const asked = (argument: string, value: string, name = 'triage_inbox') => ({
  ref: { type: 'ref/prompt' as const, name },
  argument: { name: argument, value },
})

test('arguments that name a tag, a team or a teammate are completed by id and by name', async () => {
  for (const version of ['legacy', '2026-07-28'] as const) {
    const { client } = await connected({}, version)
    const values = async (argument: string, typed: string) =>
      (await client.complete(asked(argument, typed))).completion.values
    const [tag] = tags
    assert.deepEqual(await values('tag', ''), tags.map(shown))
    assert.deepEqual(await values('tag', String(tag?.name).toUpperCase()), [shown(tag as Named)])
    assert.deepEqual(await values('team', ''), [...teams, ...admins].map(shown))
    assert.deepEqual(await values('team', admins[0].id), [shown(admins[0])])
    assert.deepEqual(await values('tag', 'nothing of this name'), [])
    await client.close()
  }
})

test('what was completed is read as the id', async () => {
  const { client } = await connected()
  const given = { team: shown(admins[0]), tag: shown(tags[0] as Named) }
  const { messages } = await client.getPrompt({ name: 'triage_inbox', arguments: given })
  const text = JSON.stringify(messages)
  assert.ok(text.includes(`\\"${admins[0].id}\\"`) && text.includes(`\\"${tags[0]?.id}\\"`), text)
  assert.ok(!text.includes(admins[0].name), text)
  const { messages: plain } = await client.getPrompt({ name: 'triage_inbox', arguments: { team: '42' } })
  assert.match(JSON.stringify(plain), /assigned to \\"42\\"/)
})

test('a list is asked for once while somebody types', async () => {
  const { client } = await connected()
  control.clearRequests()
  for (const typed of ['', 'a', 'ab']) await client.complete(asked('tag', typed))
  assert.equal(control.requests().length, 1)
})

test('what is not offered, or needs a person, completes nothing, nor does a list that cannot be had', async () => {
  const failing = createIntercom({ accessToken: 'another-token-of-nobody', dispatcher })
  for (const [options, client] of [
    [{ deny: ['list_tags'] }, intercom],
    [{ approve: ['list_tags'] }, intercom],
    [{}, failing],
  ] as const) {
    const { client: made } = await connected(options as McpOptions, '2026-07-28', client)
    assert.deepEqual((await made.complete(asked('tag', ''))).completion.values, [])
  }
})

test('other arguments complete nothing, and what does not exist is refused', async () => {
  const { client } = await connected()
  assert.deepEqual((await client.complete(asked('points', '', 'draft_reply'))).completion.values, [])
  const id = { name: 'id', value: '' }
  const contacts = { type: 'ref/resource' as const, uri: 'intercom://contacts/{id}' }
  assert.deepEqual((await client.complete({ ref: contacts, argument: id })).completion.values, [])
  await assert.rejects(client.complete(asked('tag', '', 'nothing')), /Unknown argument/)
  await assert.rejects(client.complete(asked('__proto__', '')), /Unknown argument/)
  const other = { type: 'ref/resource' as const, uri: 'intercom://secrets/{id}' }
  await assert.rejects(client.complete({ ref: other, argument: id }), /Unknown resource template/)
})

test('the server has an icon, which is data, and it is in no list and no result', async () => {
  for (const version of ['legacy', '2026-07-28'] as const) {
    const { client, sent } = await connected({}, version)
    const [icon] = client.getServerVersion()?.icons ?? []
    assert.match(String(icon?.src), /^data:image\/svg\+xml;base64,/)
    const svg = atob(String(icon?.src.split(',')[1]))
    assert.match(svg, /^<svg [\s\S]*<\/svg>$/)
    assert.doesNotMatch(svg, /script|href|url\(/)
    sent.length = 0
    await client.listTools()
    await client.callTool({ name: 'list_tags', arguments: {} })
    assert.ok(sent.length >= 2)
    assert.doesNotMatch(sent.join(''), /base64/)
    await client.close()
  }
})

test('a write links to what it has written, and the link can be read', async () => {
  const { client } = await connected()
  const contact = await desk.person({ email: 'linked@example.test' })
  const conversation = await desk.conversation(contact, 'Hello')
  const linksOf = async (name: string, input: Record<string, unknown>) => {
    const { isError, content } = await client.callTool({ name, arguments: input })
    assert.equal(isError, false, JSON.stringify(content))
    return content.flatMap((one) => (one.type === 'resource_link' ? [one.uri] : []))
  }
  const reply = { conversation_id: conversation, reply_type: 'admin', admin_id: desk.admin, body: 'Hi' }
  for (const [name, input, expected] of [
    ['reply_to_conversation', reply, [`intercom://conversations/${conversation}`]],
    ['create_note', { contact_id: contact, body: 'A note' }, [`intercom://contacts/${contact}`]],
    ['upsert_contact', { email: 'linked@example.test', name: 'Linked' }, [`intercom://contacts/${contact}`]],
    ['get_contact', { contact_id: contact }, []],
    ['list_tags', {}, []],
  ] as const) {
    const links = await linksOf(name, input)
    assert.deepEqual([name, links], [name, expected])
    for (const uri of links) assert.equal((await client.readResource({ uri })).contents.length, 1)
  }
  const { client: without } = await connected({ deny: ['get_conversation'] })
  const { content } = await without.callTool({ name: 'reply_to_conversation', arguments: reply })
  assert.deepEqual(
    content.filter(({ type }) => type === 'resource_link'),
    [],
  )
})

test('no change of the lists is promised: a policy holds for as long as its server', async () => {
  const { client } = await connected()
  const { tools, prompts, resources, completions } = client.getServerCapabilities() ?? {}
  assert.deepEqual([tools, prompts, resources, completions], [{}, {}, {}, {}])
})

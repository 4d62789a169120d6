import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { actionNamed, catalogue, toolsetNames, toolsetOf, withToolsets } from '../../src/actions/toolsets.ts'
import { main } from '../../src/cli/main.ts'
import {
  type ActionName,
  actions,
  actionsByToolset,
  createIntercom,
  IntercomError,
  type ToolsetChoice,
} from '../../src/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { intercomTools as aiSdk } from '../../src/tools/ai-sdk.ts'
import { intercomTools as functions } from '../../src/tools/functions.ts'
import { intercomTools as langchain } from '../../src/tools/langchain.ts'
import { mcpServers } from '../../src/tools/mcp/index.ts'
import { intercomTools as openaiAgents } from '../../src/tools/openai-agents.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small' })
const connection = { accessToken: workspace.accessToken, dispatcher: workspace.dispatcher }
const plain = createIntercom(connection)
const full = createIntercom({ ...connection, toolsets: ['all'] })
const of = await toolsetSubjects(full)
workspace.control.snapshot('start')
after(async () => {
  await plain.close()
  await full.close()
  await workspace.close()
})

type Any = Parameters<typeof functions>[0] & { actions: readonly string[] }

async function mcpNames(intercom: Any, options: { toolsets?: ToolsetChoice[] }): Promise<string[]> {
  const client = new Client({ name: 'test', version: '1' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await Promise.all([mcpServers(intercom, options)().connect(far), client.connect(near)])
  const { tools } = await client.listTools()
  await client.close()
  return tools.map(({ name }) => name)
}

async function restNames(intercom: Any, options: { toolsets?: ToolsetChoice[] }): Promise<string[]> {
  const answer = await httpHandler(intercom, options).fetch(new Request('http://localhost/openapi.json'))
  const { paths } = (await answer.json()) as { paths: object }
  return Object.keys(paths).flatMap((path) => /^\/actions\/(.+)$/.exec(path)?.[1] ?? [])
}

/** The names that each adapter offers. */
const adapters: Record<
  string,
  (intercom: Any, options: { toolsets?: ToolsetChoice[] }) => string[] | Promise<string[]>
> = {
  functions: (intercom, options) => functions(intercom, options).tools.map(({ name }) => name),
  'AI SDK': (intercom, options) => Object.keys(aiSdk(intercom, options)),
  LangChain: (intercom, options) => langchain(intercom, options).tools.map(({ name }) => name),
  'OpenAI Agents': (intercom, options) => openaiAgents(intercom, options).map(({ name }) => name),
  MCP: mcpNames,
  REST: restNames,
}

const thirteen = actions.map(({ name }) => name)
const withDesk = withToolsets(['desk']).map(({ name }) => name)

test('a toolset brings its own actions and the lists that their texts name, and no others', () => {
  const brought: Record<string, string[]> = { desk: ['list_attributes'], tickets: ['list_teams'] }
  for (const set of toolsetNames) {
    const own = actionsByToolset[set].map(({ name }) => name as string)
    const expected = [...thirteen, ...own, ...(brought[set] ?? [])]
    assert.deepEqual(
      withToolsets([set])
        .map(({ name }) => name)
        .toSorted(),
      expected.toSorted(),
    )
  }
})

test('readOnly offers no action of a toolset that changes anything', () => {
  const reads = catalogue.filter(({ effect }) => effect === 'read').map(({ name }) => name)
  assert.deepEqual(
    functions(full, { readOnly: true }).tools.map(({ name }) => name as string),
    reads,
  )
})

for (const [adapter, names] of Object.entries(adapters)) {
  test(`${adapter} offers the thirteen, and what the client or an option adds`, async () => {
    assert.deepEqual(await names(plain, {}), thirteen)
    assert.deepEqual(await names(full, { toolsets: [] }), thirteen)
    assert.deepEqual(await names(full, { toolsets: ['desk'] }), withDesk)
    const all = catalogue.map(({ name }) => name)
    assert.deepEqual(await names(full, {}), all)
    assert.deepEqual(await names(full, { toolsets: ['all'] }), all)
  })

  test(`${adapter} refuses toolsets that do not exist, or that the client lacks`, async () => {
    for (const [toolsets, message] of [
      [['dsk'], /toolsets: unknown toolset "dsk"\. Did you mean "desk"\?/],
      [['desk'], /toolsets: the client was made without "desk"; give createIntercom the same toolsets/],
      [['all'], /toolsets: the client was made without/],
      ['desk', /toolsets must be an array of names of toolsets/],
    ] as const)
      await assert.rejects(
        async () => names(plain, { toolsets: toolsets as never }),
        (error: unknown) => error instanceof IntercomError && message.test(error.message),
        String(toolsets),
      )
  })
}

/** As text, and in JSON. */
const elsewhere = /close_conversation is in the toolset ..?desk..?, which is not chosen\. Add toolsets/

test('an action of a toolset that is not chosen answers which one has it', async () => {
  const name: string = 'close_conversation'
  const { output, failure } = await plain.call(name, { conversation_id: '1' })
  assert.match(String(output.error), elsewhere)
  assert.deepEqual([failure?.code, output['result']], ['not_allowed', null])
  assert.match((await functions(plain).call(name, {})).text, elsewhere)
  const request = new Request('http://localhost/actions/close_conversation', { method: 'POST', body: '{}' })
  const answer = await httpHandler(plain).fetch(request)
  assert.match(String(((await answer.json()) as { error: string }).error), elsewhere)
  const client = new Client({ name: 'test', version: '1' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await Promise.all([mcpServers(plain)().connect(far), client.connect(near)])
  await assert.rejects(client.callTool({ name, arguments: {} }), elsewhere)
  await client.close()
  assert.throws(() => createIntercom({ ...connection, only: [name] }), elsewhere)
  assert.doesNotThrow(
    () => functions(plain, { deny: [name] }),
    'what is denied is not offered: nothing is open',
  )
})

test('actions, run and bulk know toolsets', async (t) => {
  const printed: string[] = []
  t.mock.method(console, 'log', (text: string) => printed.push(text))
  t.mock.method(console, 'error', (text: string) => printed.push(text))
  t.mock.method(process.stderr, 'write', (text: string) => printed.push(text))
  const ran = async (...args: string[]) => {
    printed.length = 0
    const code = await main(args)
    return [code, printed.join('')] as const
  }
  const [code, list] = await ran('actions', '--toolsets', 'desk')
  assert.equal(code, 0)
  const rows = JSON.parse(list) as { name: string; toolset?: string }[]
  assert.deepEqual(
    rows.map(({ name }) => name),
    withDesk,
  )
  assert.equal(rows.find(({ name }) => name === 'close_conversation')?.toolset, 'desk')
  assert.deepEqual(
    (JSON.parse((await ran('manifest'))[1]) as { actions: { name: string }[] }).actions.map(
      ({ name }) => name,
    ),
    thirteen,
  )
  for (const args of [
    ['run', 'close_conversation', '--conversation-id', '1', '--local'],
    ['bulk', 'close_conversation', '/nowhere.csv', '--local'],
  ]) {
    const [status, said] = await ran(...args)
    assert.match(said, elsewhere)
    assert.ok(status > 0)
  }
  assert.match(
    (await ran('actions', '--toolsets', 'desks'))[1],
    /unknown toolset "desks"\. Did you mean "desk"\?/,
  )
})

test('a client’s type has the functions of its toolsets and no others', async () => {
  const desk = createIntercom({ ...connection, toolsets: ['desk'] })
  assert.equal(typeof desk.closeConversation, 'function')
  // @ts-expect-error: it was made without toolsets
  assert.equal(plain.closeConversation, undefined)
  assert.deepEqual([plain.toolsets, desk.toolsets, full.toolsets], [[], ['desk'], toolsetNames])
  assert.equal(typeof full.listTeams, 'function')
  await desk.close()
})

for (const [name, example] of Object.entries(toolsetExamples) as [
  ActionName,
  (given: typeof of) => object,
][]) {
  const action = actionNamed(name)
  test(`${name} works, and a dry run of it sends no write`, async () => {
    const writes = () =>
      workspace.control
        .requests(1000)
        .filter(({ method, path }) => method !== 'GET' && !/\/(search|list)\b/.test(path)).length
    workspace.control.restore('start')
    const dry = createIntercom({ ...connection, toolsets: ['all'], dryRun: true })
    const before = writes()
    const planned = await dry.run(name as string, example(of))
    assert.deepEqual([planned.success, planned.error, writes()], [true, null, before])
    await dry.close()
    const { success, error } = await full.run(name as string, example(of))
    assert.deepEqual([success, error], [true, null])
    assert.equal(writes() === before && action?.effect !== 'read', false, 'a write was sent, or it reads')
    if (action?.effect === 'read') assert.equal(writes(), before)
  })
}

test('every toolset action has its place, and what needs a person is asked about', () => {
  for (const set of toolsetNames) {
    assert.ok(actionsByToolset[set].length > 0)
    for (const action of actionsByToolset[set]) assert.equal(toolsetOf(action), set)
  }
  const grave = catalogue.filter(({ effect, destructive }) => effect === 'send' || destructive)
  const confirm = functions(full, { sends: 'confirm' }).tools
  assert.deepEqual(
    confirm.flatMap(({ name, needsApproval }) => (needsApproval ? [name] : [])),
    grave.map(({ name }) => name),
  )
  const off = functions(full, { sends: 'off' }).tools.map(({ name }) => name as string)
  assert.ok(grave.every(({ name }) => !off.includes(name)))
})

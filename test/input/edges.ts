import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Context, ServiceDefinition } from '@restatedev/restate-sdk'
import { runBulk } from '../../src/bulk/index.ts'
import { kebab } from '../../src/cli/flags.ts'
import { createIntercom, type Intercom as PlainIntercom } from '../../src/index.ts'
import { AttemptJournal } from '../../src/restate/attempt-journal.ts'
import { chunkService } from '../../src/restate/bulk-chunk.ts'
import { planOfList } from '../../src/restate/bulk-plan.ts'
import { ConcurrencyLimit } from '../../src/restate/concurrency-limit.ts'
import { intercomOnce } from '../../src/restate/once.ts'
import { intercomService } from '../../src/restate/service.ts'
import { serviceOptions } from '../../src/restate/service-options.ts'
import { intercomTools as aiSdkTools } from '../../src/tools/ai-sdk.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { intercomTools as langChainTools } from '../../src/tools/langchain.ts'
import { mcpHttp } from '../../src/tools/mcp/index.ts'
import { intercomTools as openAiTools } from '../../src/tools/openai-agents.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
import { actionOf } from '../support/bulk-rows.ts'
import { commandLine } from '../support/command-line.ts'
import { fakeObject, handlersOf } from '../support/fake-object.ts'
import { rest } from '../support/rest.ts'

/** Of all actions. */
type Intercom = PlainIntercom<'all'>

/** What a case sends: its input as JSON text, and for edges that take texts alone the texts by parameter. */
export type Given = { action: string; json: string; texts: Record<string, string | string[]> | null }

/** What came of an input: the error's text, or null for a success, and the requests that reached Intercom. */
export type Outcome = { error: string | null; sent: string[] }

/** A place where input comes in. */
export type Edge = {
  name: string
  /** `json`: takes any JSON; `rows`: any JSON object; `texts`: named texts alone. */
  takes: 'json' | 'rows' | 'texts'
  /** Whether yes and no are booleans. */
  spreadsheet?: true
  /** Whether an input of nothing but blanks is no input. */
  skipsBlanks?: true
  /** Whether it takes this action; else all. */
  has?: (action: string) => boolean
} & (
  | { call(given: Given): Promise<string | null> }
  /** Rows of one job. `seen`: the requests so far. */
  | { job(rows: Given[], seen: string[]): Promise<Outcome[]>; sameJob(given: Given): string }
)

/** Sends inputs to an edge and tells what came of each. `seen`: where its requests arrive. */
export async function outcomesOf(edge: Edge, givens: Given[], seen: string[]): Promise<Map<Given, Outcome>> {
  const outcomes = new Map<Given, Outcome>()
  if ('job' in edge) {
    for (const rows of Map.groupBy(givens, edge.sameJob).values()) {
      const ended = await edge.job(rows, seen)
      for (const [at, row] of rows.entries()) outcomes.set(row, ended[at] ?? { error: 'no result', sent: [] })
    }
    return outcomes
  }
  for (const given of givens) {
    seen.length = 0
    const error = await edge.call(given).catch((thrown: unknown) => `thrown: ${thrown}`)
    outcomes.set(given, { error, sent: [...seen] })
  }
  return outcomes
}

type Client = { baseUrl: string; accessToken: string }
type Envelope = { success: boolean; error: string | null }

const errorOf = (output: unknown) => (output as Envelope).error
const isRead = (action: string) => actionOf(action).effect === 'read'

/** Every edge, each over the Intercom that `connect` gives it. */
export function edgesOf(connect: (edge: string) => Client): Edge[] {
  const client = (edge: string) => createIntercom({ ...connect(edge), toolsets: ['all'] })
  return [
    ...tools(client),
    restEdge(client('REST')),
    mcpOverHttp(client('MCP over HTTP')),
    mcpOverStdio(connect('MCP over stdio')),
    ...shell(connect),
    bulk('bulk, JSON Lines', client('bulk, JSON Lines'), 'jsonl'),
    bulk('bulk, CSV', client('bulk, CSV'), 'csv'),
    ...durable(connect),
  ]
}

function tools(client: (edge: string) => Intercom): Edge[] {
  const functions = intercomTools(client('/functions, objects'))
  const functionsOfText = intercomTools(client('/functions, texts'))
  const aiSdk = aiSdkTools(client('/ai-sdk'))
  const langChain = langChainTools(client('/langchain')).tools
  const openAi = openAiTools(client('/openai-agents'))
  return [
    {
      name: '/functions, objects',
      takes: 'json',
      call: async ({ action, json }) => errorOf((await functions.call(action, JSON.parse(json))).structured),
    },
    {
      name: '/functions, texts',
      takes: 'json',
      call: async ({ action, json }) => errorOf((await functionsOfText.call(action, json)).structured),
    },
    {
      name: '/ai-sdk',
      takes: 'json',
      call: async ({ action, json }) => {
        const tool = aiSdk[action as keyof typeof aiSdk]
        return errorOf(
          await tool?.execute?.(JSON.parse(json), { toolCallId: '1', messages: [], context: {} }),
        )
      },
    },
    {
      name: '/langchain',
      takes: 'json',
      call: async ({ action, json }) => {
        const tool = langChain.find(({ name }) => name === action)
        const args = JSON.parse(json) as Record<string, unknown>
        const answer: unknown = await tool?.invoke({ name: action, args, id: '1', type: 'tool_call' })
        return errorOf((answer as { artifact: unknown }).artifact)
      },
    },
    {
      name: '/openai-agents',
      takes: 'json',
      call: async ({ action, json }) => {
        const tool = openAi.find(({ name }) => name === action)
        const text = String(await tool?.invoke({} as never, json))
        return text.startsWith(`${action}: `) ? text : null
      },
    },
  ]
}

function restEdge(intercom: Intercom): Edge {
  const { post } = rest(intercom)
  return {
    name: 'REST',
    takes: 'json',
    call: async ({ action, json }) => errorOf((await post(`/actions/${action}`, json)).body),
  }
}

const message = (id: number, action: string, json: string) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${action}","arguments":${json}}}`

function mcpOverHttp(intercom: Intercom): Edge {
  const { fetch } = mcpHttp(intercom)
  return {
    name: 'MCP over HTTP',
    takes: 'json',
    call: async ({ action, json }) => {
      const headers = {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-06-18',
      }
      const body = message(1, action, json)
      const response = await fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body }))
      const text = await response.text()
      return errorOfMessage(/^data: (.*)$/m.exec(text)?.[1] ?? text)
    },
  }
}

function errorOfMessage(line: string): string | null {
  const answer = JSON.parse(line) as { error?: { message: string }; result?: { structuredContent: unknown } }
  return answer.error === undefined ? errorOf(answer.result?.structuredContent) : answer.error.message
}

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

function environment({ baseUrl, accessToken }: Client): Record<string, string> {
  return { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: baseUrl }
}

/** One process for all cases. */
function mcpOverStdio(client: Client): Edge {
  const env = childEnv(environment(client))
  const server = spawn(process.execPath, [bin, 'mcp', ...all], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  after(() => server.kill())
  const waiting = new Map<number, (line: string) => void>()
  createInterface(server.stdout).on('line', (line) => {
    const { id } = JSON.parse(line) as { id?: number }
    if (id !== undefined) waiting.get(id)?.(line)
  })
  let last = 0
  const ask = (id: number, text: string) =>
    new Promise<string>((resolve) => {
      waiting.set(id, resolve)
      server.stdin.write(`${text}\n`)
    })
  const info = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const ready = ask(0, JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: info })).then(
    () => server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n'),
  )
  return {
    name: 'MCP over stdio',
    takes: 'json',
    call: async ({ action, json }) => {
      await ready
      last += 1
      return errorOfMessage(await ask(last, message(last, action, json)))
    },
  }
}

const all = ['--toolsets', 'all']

/** One process for all cases. */
function shell(connect: (edge: string) => Client): Edge[] {
  const ended = async (edge: string, args: string[]) => {
    const { code, stdout, stderr } = await commandLine(args, { env: environment(connect(edge)) })
    if (code === 2) return stderr
    const { success, error } = JSON.parse(stdout) as Envelope
    return success ? null : error
  }
  return [
    {
      name: 'run, flags',
      takes: 'texts',
      call: ({ action, texts }) => {
        const flags = Object.entries(texts ?? {}).flatMap(([name, given]) =>
          [given].flat().map((text) => `--${kebab(name)}=${text}`),
        )
        return ended('run, flags', ['run', action, ...flags, ...all])
      },
    },
    {
      name: 'run, --input',
      takes: 'json',
      call: ({ action, json }) => ended('run, --input', ['run', action, '--input', json, ...all]),
    },
  ]
}

function bulk(name: string, intercom: Intercom, format: 'jsonl' | 'csv'): Edge {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-input-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  let jobs = 0
  return {
    name,
    takes: format === 'csv' ? 'texts' : 'rows',
    spreadsheet: true,
    ...(format === 'csv' ? { skipsBlanks: true } : {}),
    sameJob: ({ action, texts }) => (format === 'csv' ? `${action} ${columnsOf(texts)}` : action),
    job: async (rows, seen) => {
      jobs += 1
      const { action, texts } = rows[0] as Given
      const path = join(folder, `${jobs}.${format}`)
      const results = join(folder, `${jobs}.results`)
      const lines = rows.map((row) => (format === 'csv' ? cellsOf(row.texts) : row.json))
      const header = format === 'csv' ? `${columnsOf(texts)}\n` : ''
      writeFileSync(path, `${header}${lines.join('\n')}\n`)
      const sent: string[][] = []
      const refused = await runBulk({
        action: actionOf(action),
        input: { path },
        reading: {},
        folder: join(folder, `${jobs}.job`),
        results,
        strict: false,
        concurrency: 1,
        signal: new AbortController().signal,
        connect: async () => ({
          workspace: { origin: 'http://localhost', app: 'one' },
          call: async (input) => {
            seen.length = 0
            const { output, failure } = await intercom.call(action, input)
            sent.push([...seen])
            return { output, failure, request_id: String(sent.length - 1) }
          },
          close: async () => {},
        }),
      }).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)), // of the header
      )
      if (refused !== null) return rows.map(() => ({ error: refused, sent: [] }))
      const ended = readFileSync(results, 'utf8').trim().split('\n')
      return ended
        .map((line) => JSON.parse(line) as { row: number; request_id: string | null; output: unknown })
        .sort((a, b) => a.row - b.row)
        .map(({ output, request_id }) => ({
          error: errorOf(output),
          sent: sent[Number(request_id ?? -1)] ?? [],
        }))
    },
  }
}

function columnsOf(texts: Given['texts']): string {
  const columns = Object.entries(texts ?? {}).flatMap(([name, given]) =>
    Array.isArray(given) ? given.map((_, at) => `${name}.${at}`) : [name],
  )
  return columns.join(',')
}

/** All quoted, as many exporters write them. */
function cellsOf(texts: Given['texts']): string {
  const cells = Object.values(texts ?? {}).flat()
  return cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')
}

type Handler = (ctx: Context, input: unknown) => Promise<unknown>

/** The handlers of a worker, with the input as Restate hands it over, without a Restate server. */
function durable(connect: (edge: string) => Client): Edge[] {
  const runtime = (edge: string) => {
    const journal = new AttemptJournal(async () => [])
    const intercom = createIntercom({ ...connect(edge), toolsets: ['all'], journal, settleMs: [1, 1] })
    return { intercom, journal, concurrency: new ConcurrencyLimit(), files: undefined }
  }
  const deserialized = (json: string) => serviceOptions.serde?.deserialize(new TextEncoder().encode(json))
  const servicesOf = (definition: unknown) =>
    (definition as ServiceDefinition<string, unknown> as unknown as { service: Record<string, Handler> })
      .service
  const service = servicesOf(intercomService(runtime('Restate, a handler')))
  const once = handlersOf(intercomOnce(runtime('Restate, once'))) as unknown as Record<string, Handler>
  const chunks = servicesOf(chunkService(runtime('Restate, rows')))
  const ended = async (answer: () => Promise<unknown>) => {
    try {
      return errorOf(await answer())
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  let keys = 0
  return [
    {
      name: 'Restate, a handler',
      takes: 'json',
      call: ({ action, json }) =>
        ended(
          async () => await service[action]?.(fakeObject().ctx as unknown as Context, deserialized(json)),
        ),
    },
    {
      name: 'Restate, once',
      takes: 'json',
      has: (action) => !isRead(action),
      call: ({ action, json }) => {
        keys += 1
        const { ctx } = fakeObject(`key ${keys}`)
        return ended(async () => await once[action]?.(ctx as unknown as Context, deserialized(json)))
      },
    },
    {
      name: 'Restate, rows',
      takes: 'json',
      spreadsheet: true,
      has: (action) => !isRead(action),
      call: async ({ action, json }) => {
        const given = deserialized(`{"rows":[${json}]}`) as { rows: unknown[] }
        const [chunk] = planOfList(actionOf(action), given.rows).chunks
        const request = { job: 'a job', action, chunk }
        const { ctx } = fakeObject()
        const ran = (await chunks['run']?.(ctx as unknown as Context, request)) as {
          problems: { error: string }[]
        }
        return ran.problems[0]?.error ?? null
      },
    },
  ]
}

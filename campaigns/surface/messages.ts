import { goodCalls } from '../../test/support/good-calls.ts'
import { type Chance, deepJson, longText, mutatedBytes, mutatedJson, wideJson } from './mutate.ts'

const client = { name: 'campaign', version: '1' }
const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': client,
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** A message of JSON-RPC, and the headers that go with it over HTTP. */
export type Message = { json: Record<string, unknown>; headers: string[] }

/** What an MCP client says. */
export function goodMessage(chance: Chance): Message {
  const [name, input] = chance.one(goodCalls)
  const method = chance.one([
    ...Array<string>(6).fill('tools/call'),
    ...[
      'tools/list',
      'ping',
      'initialize',
      'server/discover',
      'resources/list',
      'resources/read',
      'prompts/list',
    ],
    ...['prompts/get', 'completion/complete', 'logging/setLevel', 'notifications/cancelled', 'no/such'],
  ])
  const modern = chance.percent(50)
  const own: Record<string, object> = {
    'tools/call': { name, arguments: input },
    initialize: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client },
    'resources/read': { uri: 'intercom://admins' },
    'prompts/get': { name: 'reply' },
    'notifications/cancelled': { requestId: 1 },
  }
  const params = { ...own[method], ...(modern ? { _meta: meta } : {}) }
  const id = method.startsWith('notifications/') ? {} : { id: 1 + chance.below(1e6) }
  const names = method === 'tools/call' ? [`Mcp-Name: ${name}`] : []
  return {
    json: { jsonrpc: '2.0', ...id, method, params },
    headers: modern ? ['MCP-Protocol-Version: 2026-07-28', `Mcp-Method: ${method}`, ...names] : [],
  }
}

/** JSON as it is, or with something wrong. */
export function strangeText(chance: Chance, json: unknown): Buffer {
  const good = () => Buffer.from(JSON.stringify(json))
  const text = chance.one<() => Buffer | string>([
    good,
    () => JSON.stringify(mutatedJson(chance, json)) ?? '',
    () => JSON.stringify(mutatedJson(chance, json)) ?? '',
    () => JSON.stringify(mutatedJson(chance, json)) ?? '',
    () => mutatedBytes(chance, good()),
    () => mutatedBytes(chance, good()),
    () => deepJson(chance, chance.percent(20) ? 100_000 : 100),
    () => wideJson(chance, chance.percent(10) ? 3_500_000 : 20_000),
    () => `${'\ufeff'.repeat(chance.below(2))}[${good()},${good()}]`,
    () => JSON.stringify({ ...Object(json), body: longText(chance, chance.percent(10) ? 1_000_000 : 5000) }),
    () =>
      chance.one(['', ' ', 'null', '1', '"x"', '[]', '{}', 'nul', '{"a":1', '\ufeff{}', '{"a":1}{"a":1}']),
    () => Buffer.from(Array.from({ length: chance.below(200) }, () => chance.below(256))),
  ])()
  return Buffer.from(text as string) // or a copy of bytes
}

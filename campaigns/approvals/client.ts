import { type Caller, keys, type World } from './world.ts'

export type Call = { conversation_id: string; reply_type: 'admin'; admin_id: string; body: string }
export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }
/** The result of `tools/call`, or its error. */
export type Result = { [key: string]: unknown }

const path = '/actions/reply_to_conversation'

/** Over HTTP, with whatever headers. An answer that is no JSON has an empty body. */
export async function ask(
  { url }: World,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const type = text === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(`${url}${target}`, {
    method,
    headers: { ...type, ...headers },
    ...(text === undefined ? {} : { body: text }),
  })
  const given = await answer.text()
  return { status: answer.status, headers: answer.headers, body: jsonIn(given) }
}

function jsonIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** A call over REST by a caller; answers the id of the approval that holds it, too. */
export async function rest(world: World, caller: Caller, call: object, headers: Record<string, string> = {}) {
  const answer = await ask(world, 'POST', path, { ...bearer(keys[caller]), ...headers }, call)
  const id = answer.headers.get('location')?.split('/').at(-1) ?? null
  return { ...answer, id }
}

const extension = { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }

/** What a client says that it can do. */
export const abilities = {
  none: {},
  form: { elicitation: { form: {} } },
  app: { extensions: extension },
} as const

let id = 0

/** `tools/call` of the era of 2026, with whatever else in its parameters. */
export async function mcp(
  world: World,
  caller: Caller,
  able: keyof typeof abilities,
  params: { name: string; [key: string]: unknown },
): Promise<Result> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'campaign', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': abilities[able],
  }
  const headers = {
    ...bearer(keys[caller]),
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': params.name,
  }
  const message = { jsonrpc: '2.0', id: ++id, method: 'tools/call', params: { ...params, _meta } }
  const { body } = await ask(world, 'POST', '/mcp', headers, message)
  return (body['result'] ?? body['error'] ?? {}) as Result
}

export const tool = 'reply_to_conversation'

/** What a result tells the app of an approval. */
export function toldIn(result: Result): { id?: string; seal?: string; state?: string } {
  const meta = result['_meta'] as Record<string, object> | undefined
  return (meta?.['modulex-intercom/approval'] ?? {}) as { id?: string; seal?: string; state?: string }
}

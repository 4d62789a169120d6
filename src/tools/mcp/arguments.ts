import { type JSONRPCMessage, SERVER_INFO_META_KEY } from '@modelcontextprotocol/server'
import { jsonValue } from '../../core/exact-json.ts'

type Json = { [key: string]: unknown }

/** Where arguments that are not an object pass the SDK, which would answer them with its schema library's words. */
const asSent = 'modulex-intercom/arguments'

/**
 * Prepares a message for the SDK, in place: what is null in its parameters is absent, arguments of a tool stay what the
 * host sent, and those of a prompt become text.
 */
export function prepareMessage(message: JSONRPCMessage): void {
  if (!('method' in message)) return
  if (message.method === 'tools/call') message.params ??= {}
  if (!isJson(message.params)) return
  const params: Json = message.params
  for (const [name, value] of Object.entries(params)) if (value === null) delete params[name]
  const { arguments: given } = params
  if (message.method === 'tools/call') {
    if (typeof params['name'] !== 'string') params['name'] = JSON.stringify(params['name']) ?? '' // String() throws on some objects
    if (given !== undefined && !isJson(given)) params['arguments'] = { [asSent]: given }
  }
  if (message.method === 'prompts/get' && given !== undefined) params['arguments'] = textsOf(given)
}

/**
 * An answer to a request whose parameters are of the wrong type, which the SDK calls an internal error, in the schema
 * library's JSON; any other message as it is.
 */
export function plainAnswer(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message) || message.error.code !== -32_603) return message
  const issues = jsonValue(message.error.message)
  if (!Array.isArray(issues) || !issues.every((issue) => Array.isArray(issue?.path))) return message
  const sentences = issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return {
    ...message,
    error: { code: -32_602, message: `Invalid params: ${sentences.join('; ').slice(0, 500)}` },
  }
}

/** The arguments of a tool as the host sent them. */
export function sentArguments(given: unknown): unknown {
  return isJson(given) && Object.hasOwn(given, asSent) ? given[asSent] : given
}

/** Without what a host left empty; a prompt says itself what it needs. */
function textsOf(given: unknown): Json {
  const read = typeof given === 'string' ? jsonValue(given) : given
  const entries = isJson(read) ? Object.entries(read).filter(([, value]) => value !== null) : []
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/** Without the server's icons, which the SDK would repeat in every answer: a client has them from `server/discover`. */
export function withoutIcons(message: JSONRPCMessage): JSONRPCMessage {
  if (!('result' in message) || 'supportedVersions' in message.result) return message
  const { _meta } = message.result
  const info = _meta?.[SERVER_INFO_META_KEY]
  if (!isJson(info) || info['icons'] === undefined) return message
  const { icons: _, ...rest } = info
  return { ...message, result: { ...message.result, _meta: { ..._meta, [SERVER_INFO_META_KEY]: rest } } }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

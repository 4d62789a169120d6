import { jsonValue } from '../../core/exact-json.ts'
import { insufficientScope, lackingEffect } from '../grant.ts'
import type { Offer } from '../offer.ts'

type Fetch<Options> = (request: Request, options?: Options) => Promise<Response>

/**
 * Refuses calls that need more than the caller's token allows with 403, by which clients sign in for more: once the SDK has
 * a request, its answer is a 200. The body says the same as a tool's result, where ChatGPT looks for it. `invoke` checks
 * again.
 */
export function withinGrant<Options>(
  { grant, tools, withheld }: Pick<Offer, 'grant' | 'tools' | 'withheld'>,
  fetch: Fetch<Options>,
): Fetch<Options> {
  if (grant === null) return fetch
  return async (request, options) => {
    if (request.method !== 'POST') return await fetch(request, options)
    const body = await request.text()
    const message = membersOf(jsonValue(body))
    const { name, arguments: given } = membersOf(message['params'])
    const tool =
      message['method'] === 'tools/call' ? (tools.get(String(name)) ?? withheld.get(String(name))) : null
    const lacking = tool ? lackingEffect(grant, tool, given ?? {}) : null
    if (lacking === null) {
      const { url, headers, signal } = request
      return await fetch(new Request(url, { method: 'POST', headers, signal, body }), options)
    }
    const challenge = grant.challenge(lacking)
    const { message: text, code, hint } = insufficientScope(grant, lacking)
    const result = {
      content: [{ type: 'text', text: `${code}: ${text}. ${hint}` }],
      isError: true,
      _meta: { 'mcp/www_authenticate': [challenge] },
    }
    const answer = { jsonrpc: '2.0', id: message['id'] ?? null, result }
    return Response.json(answer, { status: 403, headers: { 'WWW-Authenticate': challenge } })
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

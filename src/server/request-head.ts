import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Headers that decide who asks, and how much they send: of two, either could be meant. */
const single = ['host', 'origin', 'authorization', 'content-length']

/** The path of a request, or why its head is refused whoever asks. */
export function pathOf(request: IncomingMessage): string | Refusal {
  const { method = '', url = '', headersDistinct } = request
  const twice = single.find((name) => (headersDistinct[name]?.length ?? 0) > 1)
  if (twice !== undefined) return malformed(`The header ${twice} was sent twice. Send it once.`)
  if (!methods.includes(method)) return malformed(`Use one of the methods ${methods.join(', ')}.`)
  if (!url.startsWith('/')) return malformed('The request target must be a path that starts with a slash.')
  if (/[?&]access_token=/i.test(url))
    return malformed('A URL ends up in logs: send the token as "Authorization: Bearer TOKEN".')
  const [path = '', ...query] = url.split('?')
  const hasEffect = method !== 'GET' && method !== 'HEAD'
  if (hasEffect && asksDryRun(query.join('?')) && !/^(\/studio\/api)?\/actions\/[^/]+$/.test(path))
    return malformed(
      'Only POST /actions/{name}?dry_run=true makes a dry run. Leave it out of this URL; nothing was sent.',
    )
  return path
}

function asksDryRun(query: string): boolean {
  return [...new URLSearchParams(query).keys()].some((name) => /^dry[^a-z]?runs?$/i.test(name.trim()))
}

function malformed(error: string): Refusal {
  return { status: 400, code: 'malformed_request', error }
}

import type { IncomingHttpHeaders } from 'node:http'
import { oneLine, shortened } from '../errors.ts'
import type { Decoded } from './decode.ts'

const maxMessage = 300

/** Code and message of the one error of an error list (docs/intercom-api.md 1.4), the message as one line. */
export function firstError(body: Record<string, unknown> | null): { code?: string; message?: string } | null {
  const list = body?.['errors']
  const first: unknown = Array.isArray(list) ? list[0] : null
  if (typeof first !== 'object' || first === null) return null
  const { code, message } = first as Record<string, unknown>
  return {
    ...(typeof code === 'string' && /^[\w .-]{1,64}$/.test(code) ? { code } : {}),
    ...(typeof message === 'string' && message !== ''
      ? { message: shortened(oneLine(message), maxMessage) }
      : {}),
  }
}

/** The request id that Intercom's support asks for, from the body or else the headers. */
export function requestId(headers: IncomingHttpHeaders, body: Record<string, unknown> | null): string | null {
  const id = body?.['request_id'] ?? headers['x-request-id']
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : null
}

/**
 * Describes an answer that is not in Intercom's form: its content type, and what the title of a page or the JSON says.
 */
export function foreignText(
  decoded: Decoded,
  json: Record<string, unknown> | null,
  contentType = 'no content type',
): string {
  if ('unreadable' in decoded && decoded.unreadable === 'answer_too_large')
    return 'the answer exceeds the size limit'
  const text = 'text' in decoded ? decoded.text.slice(0, 10_000) : ''
  const said = json === null ? /<title[^>]{0,99}>([^<]{1,200})/i.exec(text)?.[1] : saidIn(json)
  const shown = oneLine(said ?? '').slice(0, 100)
  const what = json === null ? 'a JSON object' : "an error of Intercom's"
  return `the answer is not ${what} (${shortened(oneLine(contentType), maxMessage)}${shown === '' ? '' : `, "${shown}"`})`
}

function saidIn({ message, error, detail, title }: Record<string, unknown>): string | undefined {
  return [message, error, detail, title].find((one) => typeof one === 'string')
}

/** Whether an answer was not meant as JSON at all. */
export function isPage(decoded: Decoded, contentType = ''): boolean {
  return !/\bjson\b/i.test(contentType) || ('text' in decoded && decoded.text.trimStart().startsWith('<'))
}

/** ` to HOST` of a redirect. */
export function toHost(location: string | undefined): string {
  const host = URL.parse(location ?? '')?.host
  return host ? ` to ${host.slice(0, 100)}` : ''
}

import type { IncomingHttpHeaders } from 'node:http'
import { IntercomError, textOf } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { acceptEncoding, decode, jsonObject } from './decode.ts'
import { type Exchange, exchange } from './exchange.ts'
import type { Path } from './path.ts'
import { sharedPool } from './pool.ts'
import type { JsonObject, Port, Repeat } from './port.ts'
import { Redactor } from './redact.ts'
import { broken, redirect, refusal, unreadable } from './refusal.ts'

/** The REST API version every request asks for. */
export const intercomVersion = '2.12'
/** Largest answer read, in decoded bytes. */
const maxAnswerBytes = 20 * 1024 * 1024

/** Intercom's rate-limit headers as they stood in the last answer; `reset` in Unix seconds (dossier 1.5). */
export type RateLimit = { limit: number; remaining: number; reset: number }

/** What one action call did on the wire. */
export type Trace = {
  attempts: number
  /** Pauses before attempts, ms. */
  waits: { ms: number; reason: string }[]
  rate_limit: RateLimit | null
}

/** One request about to leave, as hooks see it: no header and no body. */
export type RequestEvent = { method: Exchange['method']; path: string; attempt: number }

/** A hook that sees each request before it leaves; throwing or rejecting stops it. */
export type RequestHook = (event: RequestEvent) => void | Promise<void>

export type ClientOptions = {
  credentials: Credentials
  timeoutMs: number
  onRequest: RequestHook | undefined
}

/** What one action call needs of a client: a port that fills a trace and obeys a signal. */
export type Client = {
  open(trace: Trace, signal: AbortSignal | undefined): Port
  /** Removes the access token, also in pieces, from a text of ours. */
  redact(text: string): string
}

/** A client of one token on one host. It holds no connection of its own. */
export function createClient(options: ClientOptions): Client {
  const { credentials, timeoutMs, onRequest } = options
  const redactor = new Redactor(credentials.accessToken)
  const headers = {
    authorization: `Bearer ${credentials.accessToken}`,
    accept: 'application/json',
    'accept-encoding': acceptEncoding,
    'intercom-version': intercomVersion,
    'user-agent': 'modulex-intercom',
  }
  const jsonHeaders = { ...headers, 'content-type': 'application/json' }

  /** The one way out. Retries and pacing go here: around this function, or between its two halves. */
  async function send(call: Call, method: Exchange['method'], path: Path, repeat: Repeat, body?: JsonObject) {
    const text = body === undefined ? null : JSON.stringify(body)
    if (redactor.found(decodeURIComponent(path)) || (text !== null && redactor.found(text))) {
      throw new IntercomError('the input holds the access token', {
        code: 'invalid_input',
        hint: 'Remove it.',
      })
    }
    call.trace.attempts++
    if (onRequest) await notify(onRequest, { method, path, attempt: call.trace.attempts })
    const result = await exchange(await sharedPool(credentials.origin), {
      method,
      path: credentials.prefix + path,
      headers: text === null ? headers : jsonHeaders,
      body: text,
      timeoutMs,
      maxBytes: maxAnswerBytes,
      signal: call.signal,
    })
    if ('broken' in result) throw broken(result.broken, result.left, repeat)
    call.trace.rate_limit = rateLimit(result.headers) ?? call.trace.rate_limit
    return await read(result.status, result.headers, result.body, repeat)
  }

  async function read(status: number, headers: IncomingHttpHeaders, body: Buffer, repeat: Repeat) {
    if (status >= 300 && status < 400) throw redirect(status, headers)
    const decoded = await decode(body, headers, maxAnswerBytes)
    const json = 'text' in decoded ? jsonObject(decoded.text, (text) => redactor.parse(text)) : null
    if (status >= 400) throw refusal(status, headers, json, repeat)
    if (json !== null) return json
    throw unreadable(status, headers, 'text' in decoded ? 'unreadable_answer' : decoded.unreadable, repeat)
  }

  return {
    redact: (text) => redactor.message(text),
    open(trace, signal) {
      const call = { trace, signal }
      const as = <T>(answer: Promise<JsonObject>) => answer as Promise<T> // the port's caller states its expectation
      return {
        get: <T>(path: Path) => as<T>(send(call, 'GET', path, 'read')),
        post: <T>(path: Path, body?: JsonObject, options?: { repeat: Repeat }) =>
          as<T>(send(call, 'POST', path, options?.repeat ?? 'again', body)),
        put: <T>(path: Path, body: JsonObject) => as<T>(send(call, 'PUT', path, 'same', body)),
        delete: <T>(path: Path, body?: JsonObject) => as<T>(send(call, 'DELETE', path, 'same', body)),
      }
    },
  }
}

type Call = { trace: Trace; signal: AbortSignal | undefined }

/** Tells a hook. Its exception ends the call before anything is sent: it may be there to stop it. */
async function notify(hook: RequestHook, event: RequestEvent): Promise<void> {
  try {
    await hook(event)
  } catch (error) {
    throw new IntercomError(`the onRequest hook threw: ${textOf(error)}`, {
      code: 'internal',
      hint: 'Nothing was sent.',
    })
  }
}

function rateLimit(headers: IncomingHttpHeaders): RateLimit | null {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    number(headers[`x-ratelimit-${name}`]),
  )
  return limit === undefined || remaining === undefined || reset === undefined
    ? null
    : { limit, remaining, reset }
}

function number(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

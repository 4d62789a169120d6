import { signal } from '@preact/signals'

/**
 * Where the page keeps its half of the session. The other half is a cookie that scripts cannot read, but that other ports
 * of the same host are sent too; this one stays with this origin, for all of its tabs.
 */
export const stored = 'modulex-intercom-studio'

const base = '/studio/api'

/** How many answers have said that nobody is signed in. */
export const refusals = signal(0)

/** How often somebody has signed in under a page that was in use: what it knew may be of another server. */
export const renewals = signal(0)

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Asked = { signal?: AbortSignal; headers?: Readonly<Record<string, string>> }
export type Answer = {
  status: number
  headers: Headers
  /** Parsed where it is JSON; else `null`, as for an empty one. */
  body: unknown
  text: string
  /** Until all of it was there. */
  ms: number
}

/** An answer that is no success: its status, 0 without any, and a sentence for a person. */
export class Refused extends Error {
  readonly status: number
  readonly body: unknown
  constructor(status: number, message: string, body: unknown = null) {
    super(message)
    this.status = status
    this.body = body
  }
}

/** The body of a successful answer. `path` is below /studio/api. Rejects with a `Refused`. */
export async function ask<Body>(method: Method, path: string, body?: object, asked?: Asked): Promise<Body> {
  const answer = await answerOf(method, path, body, asked)
  if (answer.status >= 200 && answer.status < 300) return answer.body as Body
  throw new Refused(answer.status, sentenceOf(answer), answer.body)
}

/** Whatever the server answers. Rejects with a `Refused` of status 0 where there is no answer. */
export async function answerOf(
  method: Method,
  path: string,
  body?: object,
  { signal, headers = {} }: Asked = {},
): Promise<Answer> {
  const began = performance.now()
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(base + path, {
    method,
    headers: { accept: 'application/json', ...type, ...token(), ...headers },
    ...sent,
    cache: 'no-store',
    redirect: 'error',
    ...(signal === undefined ? {} : { signal }),
  }).catch(unreachable)
  const text = await response.text().catch(unreachable)
  noticeRefusal(response.status)
  const answer = { status: response.status, headers: response.headers, body: parsed(text), text }
  return { ...answer, ms: performance.now() - began }
}

/** A stream of server-sent events; `last` is the id after which it begins. */
export async function streamOf(path: string, last: string | undefined, signal: AbortSignal) {
  const headers: Record<string, string> = { accept: 'text/event-stream', ...token() }
  if (last !== undefined) headers['last-event-id'] = last
  const response = await fetch(base + path, { headers, signal, cache: 'no-store', redirect: 'error' })
  noticeRefusal(response.status)
  if (!response.ok || response.body === null) throw new Refused(response.status, 'There is no live list.')
  return response.body.pipeThrough(new TextDecoderStream()).getReader()
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'That did not work.'
}

/** Whether it was only that somebody no longer waits for the answer. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function token(): Record<string, string> {
  const kept = localStorage.getItem(stored)
  return kept === null ? {} : { 'x-studio-token': kept }
}

function unreachable(error: unknown): never {
  if (isAborted(error)) throw error
  const isLate = error instanceof DOMException && error.name === 'TimeoutError'
  throw new Refused(0, isLate ? 'There was no answer in time.' : 'The server cannot be reached.')
}

/** An injected fault can answer 401 as well: whether the session has ended is asked anew. */
function noticeRefusal(status: number): void {
  if (status === 401) refusals.value += 1
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Ours says `error`; Intercom's a list of errors. */
function sentenceOf({ status, body }: Answer): string {
  const { error, errors } = (body ?? {}) as { error?: unknown; errors?: unknown }
  if (typeof error === 'string') return error
  const [first] = Array.isArray(errors) ? (errors as { code?: unknown; message?: unknown }[]) : []
  if (typeof first?.message === 'string') return `${status} ${String(first.code ?? '')}: ${first.message}`
  return `The server answered ${status}.`
}

import { type BodyProblem, readBody } from '../read-body.ts'
import type { Inbox } from './inbox.ts'
import { type Event, eventOf } from './notification.ts'
import { digestOf, isSigned } from './signature.ts'

/** Intercom gives up after this (docs/intercom-api.md 6), ms. */
const bodyMs = 5000

/** What deliveries are judged by. */
export type Rules = {
  /** `null` when nothing is verified. */
  clientSecret: string | null
  maxAgeSeconds: number
  maxBytes: number
  isWanted(topic: string): boolean
}

/**
 * Answers a delivery: 200 once the event is on disk. Never 410, which ends the subscription, nor 429, which throttles
 * it (docs/intercom-api.md 6). Nothing of the body is in an answer.
 */
export async function receive(request: Request, rules: Rules, inbox: Inbox): Promise<Response> {
  const { method } = request
  if (method === 'GET' || method === 'HEAD') return answer(200, { status: 'ok' })
  if (method !== 'POST') return refuse('method_not_allowed', { Allow: 'GET, HEAD, POST' })
  const { clientSecret, maxBytes } = rules
  const digest = digestOf(request.headers.get('x-hub-signature'))
  if (clientSecret !== null && digest === null) return refuse('no_signature')
  const body = await bodyOf(request, maxBytes, bodyMs)
  if (typeof body === 'string') return refuse(body)
  if (clientSecret !== null && (digest === null || !isSigned(body, digest, clientSecret))) {
    return refuse('wrong_signature')
  }
  const event = eventOf(body)
  if (event === null) return refuse('no_notification')
  if (event.createdAt < Date.now() / 1000 - rules.maxAgeSeconds) return refuse('too_old')
  return await keep(event, rules, inbox)
}

/** Reads a body of at most so many bytes within so many ms. */
export async function bodyOf(
  request: Request,
  maxBytes: number,
  ms: number,
): Promise<Uint8Array | BodyProblem> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return 'too_large'
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const body = await readBody(() => reader.read(), maxBytes, ms)
  void reader.cancel().catch(() => {})
  return body
}

async function keep(event: Event, { isWanted }: Rules, inbox: Inbox): Promise<Response> {
  try {
    const received = await inbox.receive(event, isWanted(event.topic))
    return received === 'full' ? refuse('full', retry) : answer(200, { status: received })
  } catch {
    return refuse('not_stored', retry)
  }
}

const retry = { 'Retry-After': '60' }

const refusals = {
  method_not_allowed: [405, 'Notifications come by POST.'],
  no_signature: [401, 'Send one X-Hub-Signature: sha1= and 40 hexadecimal digits.'],
  wrong_signature: [401, 'The signature does not fit this body and the client secret of the app.'],
  too_large: [413, 'The body is larger than this endpoint takes.'],
  too_slow: [408, 'The body did not arrive in time.'],
  broken: [400, 'The body did not arrive whole.'],
  no_notification: [400, 'The body is no notification of Intercom.'],
  too_old: [400, 'The event is older than this endpoint takes.'],
  full: [503, 'Too many events wait. Nothing was taken; send it again.'],
  not_stored: [503, 'The event could not be stored. Nothing was taken; send it again.'],
  closed: [503, 'This endpoint is closed. Nothing was taken; send it again.'],
} satisfies Record<BodyProblem | string, [status: number, error: string]>

/** An answer that says why nothing was taken. */
export function refuse(code: keyof typeof refusals, headers: Record<string, string> = {}): Response {
  const [status, error] = refusals[code]
  return answer(status, { status: 'refused', code, error }, headers)
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { type BodyProblem, readBody } from '../read-body.ts'
import type { Inbox } from './inbox.ts'
import { type InboxEvent, parseEvent } from './notification.ts'

/** Intercom's own timeout (docs/intercom-api.md 6), ms. */
const bodyMs = 5000

/** What a delivery is checked against. */
export type DeliveryRules = {
  /** `null` when nothing is verified. */
  clientSecret: string | null
  maxAgeSeconds: number
  maxBytes: number
  hasHandler(topic: string): boolean
}

/**
 * Answers a delivery: 200 once the event is on disk. Never 410, which ends the subscription, nor 429, which throttles
 * it (docs/intercom-api.md 6). No answer quotes the body.
 */
export async function receive(request: Request, rules: DeliveryRules, inbox: Inbox): Promise<Response> {
  const { method } = request
  if (method === 'GET' || method === 'HEAD') return answer(200, { status: 'ok' })
  const { clientSecret, maxBytes } = rules
  const header = request.headers.get('x-hub-signature')
  const problem = headProblem(method, header, clientSecret !== null)
  if (problem !== null) return rejection(problem, method === 'POST' ? {} : allow)
  const signature = signatureOf(header)
  const body = await readRequest(request, maxBytes, bodyMs)
  if (typeof body === 'string') return rejection(body)
  if (clientSecret !== null && (signature === null || !isSigned(body, signature, clientSecret)))
    return rejection('wrong_signature')
  const event = parseEvent(body)
  if (event === null) return rejection('not_a_notification')
  if (event.createdAt < Date.now() / 1000 - rules.maxAgeSeconds) return rejection('too_old')
  return await store(event, rules, inbox)
}

const allow = { Allow: 'GET, HEAD, POST' }

function headProblem(method: string, signature: string | null, verified: boolean) {
  if (method !== 'POST') return 'method_not_allowed'
  return verified && signatureOf(signature) === null ? 'missing_signature' : null
}

/** Why a signed delivery is refused by its head, for a server that has read no more of it; `null` when it is not. */
export function judgeHead(method: string, signature: string | undefined) {
  if (method === 'GET' || method === 'HEAD') return null
  const code = headProblem(method, signature ?? null, true)
  if (code === null) return null
  const [status, error] = rejections[code]
  return { status, code, error, headers: method === 'POST' ? {} : allow }
}

/**
 * The digest of a well-formed `X-Hub-Signature` (docs/intercom-api.md 6); `null` if it is missing, repeated or
 * malformed.
 */
function signatureOf(header: string | null): Buffer | null {
  const hex = /^sha1=([0-9a-f]{40})$/.exec(header ?? '')?.[1]
  return hex === undefined ? null : Buffer.from(hex, 'hex')
}

/** Whether the signature is the HMAC-SHA1 of exactly these bytes; compares in constant time. */
function isSigned(body: Uint8Array, signature: Buffer, clientSecret: string): boolean {
  const expected = createHmac('sha1', clientSecret).update(body).digest()
  return signature.length === expected.length && timingSafeEqual(signature, expected)
}

/** Reads a body of at most `maxBytes` within `ms`. */
export async function readRequest(
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

async function store(event: InboxEvent, { hasHandler }: DeliveryRules, inbox: Inbox): Promise<Response> {
  try {
    const received = await inbox.receive(event, hasHandler(event.topic))
    return received === 'full' ? rejection('full', retry) : answer(200, { status: received })
  } catch {
    return rejection('not_stored', retry)
  }
}

const retry = { 'Retry-After': '60' }

const rejections = {
  method_not_allowed: [405, 'Send notifications with POST.'],
  missing_signature: [401, 'Send one X-Hub-Signature header: sha1= and 40 hexadecimal digits.'],
  wrong_signature: [401, 'The signature does not match this body and the client secret of the app.'],
  too_large: [413, 'The body is larger than this endpoint accepts.'],
  too_slow: [408, 'The body did not arrive in time.'],
  broken: [400, 'The body arrived incomplete.'],
  not_a_notification: [400, 'The body is not an Intercom notification.'],
  too_old: [400, 'The event is older than this endpoint accepts.'],
  full: [503, 'Too many events are waiting. This one was not stored; send it again.'],
  not_stored: [503, 'The event could not be stored. Send it again.'],
  closed: [503, 'This endpoint is closed. The event was not stored; send it again.'],
} satisfies Record<BodyProblem | string, [status: number, error: string]>

/** The answer to a delivery that is not accepted. */
export function rejection(code: keyof typeof rejections, headers: Record<string, string> = {}): Response {
  const [status, error] = rejections[code]
  return answer(status, { status: 'rejected', code, error }, headers)
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}

import type { Connection } from '../client/client.ts'
import type { JsonObject, Request, Send } from '../client/send.ts'
import { failureOf, IntercomError } from '../errors.ts'
import { type Claims, toleranceSeconds, type Verdict } from './claims.ts'
import type { Entry } from './intents.ts'
import { portOf } from './port.ts'
import type { Verify } from './verify.ts'

/**
 * What to do when nobody can say whether a request took effect: `report` it as unknown at once; `verify` by
 * reading back; `verify-then-resend` once more where nothing was seen, which makes it at-least-once.
 */
export type OnAmbiguous = 'report' | 'verify' | 'verify-then-resend'

export type Policy = {
  onAmbiguous: OnAmbiguous
  /** Pauses in ms, a read-back after each. */
  settleMs: readonly number[]
}

/** One request that acts twice when repeated, and how to find out whether it took effect. */
export type Intent = {
  request: Request
  send: Send
  connection: Connection
  policy: Policy
  claims: Claims
  verify: Verify<unknown>
  input: unknown
}

/**
 * Sends a request whose repetition would act twice. An unclear outcome is never answered by sending again, but by
 * reading back: what is seen is a success, all else is `unknown`. With a journal entry of a run that ended
 * early, it reads before it sends.
 */
export async function sendOnce(intent: Intent, entry: Entry | undefined): Promise<JsonObject> {
  if (entry?.left) {
    const found = await recover(intent, entry, entry.left)
    if (found !== null) return found
  }
  const sent = await attempt(intent, entry)
  if ('answer' in sent) return sent.answer
  const first = await settle(intent, entry, sent)
  if ('answer' in first) return first.answer
  if (first.resend) {
    const again = await attempt(intent, entry)
    if ('answer' in again) return again.answer
    const second = await settle(intent, entry, again)
    if ('answer' in second) return second.answer
    throw unknown(intent, again, second.evidence)
  }
  throw unknown(intent, sent, first.evidence)
}

/** A request that left: when, in ms of performance.now(), and why its outcome is unclear. */
type Unclear = { at: number; error: IntercomError }
type Settled = { answer: JsonObject } | { resend: boolean; evidence: string }

async function attempt(intent: Intent, entry: Entry | undefined): Promise<{ answer: JsonObject } | Unclear> {
  const { request, send, connection, verify, input, claims } = intent
  await entry?.begin()
  try {
    const answer = await send(request)
    const made = madeBy(verify, answer, input)
    claims.know(verify.key(input), made)
    const newest = made.at(-1)
    if (newest !== undefined) await entry?.claim(`${verify.key(input)} ${newest}`)
    return { answer }
  } catch (error) {
    if (!(error instanceof IntercomError) || error.outcome !== 'unknown') throw error
    await entry?.unclear()
    return { at: connection.sentAt(), error }
  }
}

/** An answer of another shape is no reason to fail: the request took effect. */
function madeBy(verify: Verify<unknown>, answer: JsonObject, input: unknown): string[] {
  try {
    return verify.made(answer, input)
  } catch {
    return []
  }
}

async function settle(intent: Intent, entry: Entry | undefined, { at, error }: Unclear): Promise<Settled> {
  const { connection, policy, verify } = intent
  const pauses = policy.onAmbiguous === 'report' || error.code === 'aborted' ? [] : policy.settleMs
  let last: Look = { verdict: { seen: null, clear: false }, evidence: '' }
  for (const ms of pauses) {
    if (!(await waited(connection, ms))) break
    last = await look(intent, entry, at)
    if (last.verdict.seen !== null) return { answer: last.verdict.seen.answer }
  }
  const since = sinceOf(connection, at)
  intent.claims.miss(verify.key(intent.input), print(intent.request), since)
  const resend = policy.onAmbiguous === 'verify-then-resend' && verify.proof !== 'none'
  return { resend: resend && 'clear' in last.verdict && last.verdict.clear, evidence: last.evidence }
}

/** After a run that ended early: what it may have sent is looked for before anything is sent. */
async function recover(intent: Intent, entry: Entry, left: { at: number; unclear: boolean }) {
  const { connection, policy, verify } = intent
  const settled = policy.settleMs.reduce((sum, ms) => sum + ms, 0)
  const age = Date.now() - left.at
  const at = performance.now() - age
  const error = new IntercomError('an earlier run of this intent did not end', { code: 'interrupted' })
  const ready = age >= settled || (await waited(connection, settled - age))
  const { verdict, evidence } = ready
    ? await look(intent, entry, at)
    : { verdict: { seen: null, clear: false }, evidence: '' }
  if (verdict.seen !== null) return verdict.seen.answer
  const conclusive = verify.proof === 'record' && !left.unclear && policy.onAmbiguous !== 'report'
  const careless = verify.proof !== 'none' && policy.onAmbiguous === 'verify-then-resend'
  if ((conclusive || careless) && verdict.clear) return null
  throw unknown(intent, { at, error }, evidence)
}

type Look = { verdict: Verdict; evidence: string }

async function look(intent: Intent, entry: Entry | undefined, at: number): Promise<Look> {
  const { connection, verify, input, claims, request } = intent
  const key = verify.key(input)
  try {
    const port = portOf(connection.send)
    const { items, evidence = '' } = await verify.look(port, input, sinceOf(connection, at))
    for (;;) {
      const verdict = claims.judge(key, items, print(request), sinceOf(connection, at))
      const mine = verdict.seen === null || (await entry?.claim(`${key} ${verdict.seen.id}`)) !== false
      if (!mine) continue // another run's, by the journal; the claims know it now
      if (verdict.seen !== null) connection.trace.verified_by = 'read_back'
      return { verdict, evidence }
    }
  } catch {
    return { verdict: { seen: null, clear: false }, evidence: '' } // a look that failed shows nothing
  }
}

async function waited(connection: Connection, ms: number): Promise<boolean> {
  try {
    await connection.wait(ms, 'settle')
    return true
  } catch {
    return false // the caller's abort or the deadline: nothing more is known
  }
}

/** The second from which on an item can be this attempt's, on Intercom's clock. */
function sinceOf(connection: Connection, at: number): number {
  return Math.floor(connection.intercomTime(at) / 1000) - toleranceSeconds
}

/** What tells a request from one with other words. */
function print(request: Request): string {
  return JSON.stringify(request.body ?? null)
}

function unknown(intent: Intent, { at, error }: Unclear, evidence: string): IntercomError {
  const { connection, verify, input } = intent
  const time = `${new Date(connection.intercomTime(at)).toISOString().slice(11, 19)} UTC`
  const hint = `${verify.fear} Do not send it again. ${verify.where(input, time)}`
  return new IntercomError(error.message, {
    ...failureOf(error),
    outcome: 'unknown',
    retryable: false,
    hint: evidence === '' ? hint : `${hint} ${evidence}`,
  })
}

import type { Connection } from '../client/client.ts'
import type { JsonObject, Request, Send } from '../client/request.ts'
import { failureOf, IntercomError } from '../errors.ts'
import type { Claims } from './claims.ts'
import type { Entry } from './intents.ts'
import type { Left } from './journal.ts'
import { look, miss, nothing } from './read-back.ts'
import type { Verify } from './verify.ts'

/**
 * What to do when nobody can say whether a request took effect: `report` it as unknown at once; `verify` by
 * reading back; `verify-then-resend` once more where nothing was seen, which makes it at-least-once.
 */
export type OnUnknown = 'report' | 'verify' | 'verify-then-resend'

export type Policy = {
  onUnknown: OnUnknown
  /** Pauses in ms, a read-back after each. */
  settleMs: readonly number[]
}

/** One non-idempotent request, and how to find out whether it took effect. */
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
 * Sends a non-idempotent request. An unclear outcome is never answered by sending again, but by
 * reading back: what is seen is a success, all else is `unknown`. With a journal entry of a run that ended
 * early, it reads before it sends.
 */
export async function sendOnce(intent: Intent, entry: Entry | undefined): Promise<JsonObject> {
  const earlier = entry?.left ? await recover(intent, entry, entry.left) : null
  if (earlier !== null && 'answer' in earlier) return earlier.answer
  const sent = await (earlier === null ? attempt(intent, entry) : attemptAgain(intent, entry, earlier))
  if ('answer' in sent) return sent.answer
  const settled = await settle(intent, entry, sent)
  if ('answer' in settled) return settled.answer
  if (settled.resend) return await resend(intent, entry, { ...sent, evidence: settled.evidence })
  miss(intent, sent.at)
  throw unknown(intent, sent, settled.evidence)
}

/** Sends once more. One item is enough then, of whichever of the two; the other may still appear. */
async function resend(
  intent: Intent,
  entry: Entry | undefined,
  first: Unclear & { evidence: string },
): Promise<JsonObject> {
  try {
    const again = await attemptAgain(intent, entry, first)
    if ('answer' in again) return again.answer
    const settled = await settle(intent, entry, { at: first.at, error: again.error })
    if ('answer' in settled) return settled.answer
    miss(intent, again.at)
    throw unknown(intent, again, settled.evidence)
  } finally {
    miss(intent, first.at)
  }
}

/** How long intents that were cut off together may take to find what is theirs, ms. */
const besideMs = 500

/** A transmitted request: when, in ms of performance.now(), and why its outcome is unclear. */
type Unclear = { at: number; error: IntercomError }
type Settled = { answer: JsonObject } | { resend: boolean; evidence: string }

async function attempt(intent: Intent, entry: Entry | undefined): Promise<{ answer: JsonObject } | Unclear> {
  const { request, send, connection, verify, input, claims } = intent
  let transmitted = entry === undefined
  const beforeSend = async () => {
    transmitted = false
    await entry?.begin()
    transmitted = true
  }
  try {
    const answer = await send(entry === undefined ? request : { ...request, beforeSend })
    const made = madeBy(verify, answer, input)
    claims.know(verify.key(input), made)
    const newest = made.at(-1)
    if (newest === undefined) {
      miss(intent, connection.sentAt())
    } else {
      // Intercom has confirmed it: neither the journal nor the caller's abort changes that now.
      await entry?.claim(`${verify.key(input)} ${newest}`).catch(() => {})
    }
    return { answer }
  } catch (error) {
    if (!(error instanceof IntercomError) || error.outcome !== 'unknown' || !transmitted) throw error
    void entry?.unclear() // a slow journal must not take the time to read back
    return { at: connection.sentAt(), error }
  }
}

/** Sends although an earlier request may yet take effect: unless this one succeeds, the outcome stays unclear. */
async function attemptAgain(
  intent: Intent,
  entry: Entry | undefined,
  earlier: Unclear & { evidence: string },
): Promise<{ answer: JsonObject } | Unclear> {
  try {
    return await attempt(intent, entry)
  } catch {
    throw unknown(intent, earlier, earlier.evidence)
  }
}

/** An answer of another shape is no reason to fail: the request took effect. */
function madeBy(verify: Verify<unknown>, answer: JsonObject, input: unknown): string[] {
  try {
    return verify.made(answer, input).flatMap((id) => (typeof id === 'string' ? [id] : []))
  } catch {
    return []
  }
}

async function settle(intent: Intent, entry: Entry | undefined, { at, error }: Unclear): Promise<Settled> {
  const { connection, policy, verify } = intent
  const pauses = policy.onUnknown === 'report' || error.code === 'aborted' ? [] : policy.settleMs
  let last = nothing
  for (const ms of pauses) {
    if (!(await waited(connection, ms))) break
    last = await look(intent, entry, at)
    if (last.verdict.seen !== null) return { answer: last.verdict.seen.answer }
  }
  const resend = policy.onUnknown === 'verify-then-resend' && verify.proof === 'record'
  return { resend: resend && 'clear' in last.verdict && last.verdict.clear, evidence: last.evidence }
}

/**
 * After a run that ended early: what it may have sent is looked for before anything is sent, at once and when it
 * has had the time to settle. `null`: it never took effect.
 */
async function recover(
  intent: Intent,
  entry: Entry,
  left: Left,
): Promise<{ answer: JsonObject } | (Unclear & { evidence: string }) | null> {
  const { connection, policy, verify } = intent
  const now = Date.now()
  const at = performance.now() - Math.max(0, now - left.at)
  const settled = policy.settleMs.reduce((sum, ms) => sum + ms, 0)
  const rest = Math.max(0, left.seen_at + settled - now)
  let { verdict, evidence } = await look(intent, entry, at, left)
  if (verdict.seen === null && rest > 0) {
    const waiting = await waited(connection, rest)
    ;({ verdict, evidence } = waiting ? await look(intent, entry, at, left) : nothing)
  }
  // What is not clear may belong to an intent that was cut off with this one, and finds its own at this moment.
  if (verdict.seen === null && !verdict.clear && !left.unclear && (await waited(connection, besideMs))) {
    ;({ verdict, evidence } = await look(intent, entry, at, left))
  }
  if (verdict.seen !== null) return { answer: verdict.seen.answer }
  const error = new IntercomError('an earlier run of this intent did not end', { code: 'interrupted' })
  const conclusive = verify.proof === 'record' && !left.unclear && policy.onUnknown !== 'report'
  if (conclusive && verdict.clear) return null
  const careless = verify.proof === 'record' && policy.onUnknown === 'verify-then-resend'
  if (careless && verdict.clear) return { at, error, evidence }
  throw unknown(intent, { at, error }, evidence)
}

async function waited(connection: Connection, ms: number): Promise<boolean> {
  try {
    await connection.wait(ms, 'settle')
    return true
  } catch {
    return false // the caller's abort or the deadline: nothing more is known
  }
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

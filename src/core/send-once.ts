import type { OpenCall } from '../client/client.ts'
import type { JsonObject } from '../client/request.ts'
import { failureOf, IntercomError } from '../errors.ts'
import type { Attempt } from './idempotency.ts'
import type { EarlierAttempt } from './journal.ts'
import { look, noSighting, rememberMissing, type SendContext } from './read-back.ts'
import { loadHtmlReader } from './same-text.ts'
import type { Verify } from './verify.ts'

/**
 * Sends a non-idempotent request. An unknown outcome is never answered by sending again, but by reading back: what is
 * seen is a success, all else stays `unknown`. After an earlier attempt that did not finish it reads before it sends.
 */
export async function sendOnce(context: SendContext, attempt: Attempt | undefined): Promise<JsonObject> {
  const earlier = attempt?.earlier ? await recover(context, attempt, attempt.earlier) : null
  if (earlier !== null && 'answer' in earlier) return earlier.answer
  if (context.onlyLook) throw notSent(context, earlier)
  await context.request.check?.()
  const sent = await (earlier === null
    ? transmit(context, attempt)
    : transmitAgain(context, attempt, earlier))
  if ('answer' in sent) return sent.answer
  const settled = await settle(context, attempt, sent)
  if ('answer' in settled) return settled.answer
  if (settled.resend) return await resend(context, attempt, { ...sent, evidence: settled.evidence })
  await rememberMissing(context, sent.at)
  throw unknownError(context, sent, settled.evidence)
}

/** `earlier`: `null` where it is proven that none took effect. */
function notSent(context: SendContext, earlier: (UnknownSend & { evidence: string }) | null): IntercomError {
  if (earlier !== null) return unknownError(context, earlier, earlier.evidence)
  context.tell?.({ step: 'absent' })
  return new IntercomError('it is not there: no earlier attempt under this idempotency key took effect', {
    code: 'not_there',
    retryable: true,
    hint: 'Nothing was sent. The same call under the same key sends it.',
  })
}

/** Sends once more. One item is enough then, of whichever of the two; the other may still appear. */
async function resend(
  context: SendContext,
  attempt: Attempt | undefined,
  first: UnknownSend & { evidence: string },
): Promise<JsonObject> {
  try {
    const again = await transmitAgain(context, attempt, first)
    if ('answer' in again) return again.answer
    const settled = await settle(context, attempt, { at: first.at, error: again.error })
    if ('answer' in settled) return settled.answer
    await rememberMissing(context, again.at)
    throw unknownError(context, again, settled.evidence)
  } finally {
    await rememberMissing(context, first.at)
  }
}

/** How long operations that were cut off together may take to find what is theirs, ms. */
const siblingMs = 500

/** A transmitted request: when, in ms of performance.now(), and why its outcome is unknown. */
type UnknownSend = { at: number; error: IntercomError }
type Settled = { answer: JsonObject } | { resend: boolean; evidence: string }

async function transmit(
  context: SendContext,
  attempt: Attempt | undefined,
): Promise<{ answer: JsonObject } | UnknownSend> {
  const { request, send, call, verify, input, claims } = context
  await loadHtmlReader()
  let transmitted = attempt === undefined
  const beforeSend = async () => {
    transmitted = false
    await attempt?.recordSend()
    transmitted = true
  }
  try {
    const answer = await send(attempt === undefined ? request : { ...request, beforeSend })
    const made = madeBy(verify, answer, input)
    claims.addKnown(verify.key(input), made)
    const newest = made.at(-1)
    if (newest === undefined) {
      await rememberMissing(context, call.sentAt())
    } else {
      // Intercom has confirmed it: neither the journal nor the caller's abort changes that now.
      await attempt?.claim(`${verify.key(input)} ${newest}`).catch(() => {})
    }
    return { answer }
  } catch (error) {
    if (!(error instanceof IntercomError) || error.outcome !== 'unknown' || !transmitted) throw error
    void attempt?.recordUnknown() // a slow journal must not take the time to read back
    return { at: call.sentAt(), error }
  }
}

/** Sends although an earlier request may yet take effect: unless this one succeeds, the outcome stays unknown. */
async function transmitAgain(
  context: SendContext,
  attempt: Attempt | undefined,
  earlier: UnknownSend & { evidence: string },
): Promise<{ answer: JsonObject } | UnknownSend> {
  try {
    return await transmit(context, attempt)
  } catch {
    throw unknownError(context, earlier, earlier.evidence)
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

async function settle(
  context: SendContext,
  attempt: Attempt | undefined,
  { at, error }: UnknownSend,
): Promise<Settled> {
  const { call, policy, verify } = context
  const pauses = policy.onUnknown === 'report' || error.code === 'aborted' ? [] : policy.settleMs
  let last = noSighting
  for (const ms of pauses) {
    if (!(await waited(call, ms))) break
    last = await look(context, attempt, at)
    if (last.verdict.seen !== null) return { answer: last.verdict.seen.answer }
  }
  const resend = policy.onUnknown === 'verify-then-resend' && verify.proof === 'record'
  return { resend: resend && 'clear' in last.verdict && last.verdict.clear, evidence: last.evidence }
}

/**
 * What an earlier attempt may have sent is looked for before anything is sent, at once and when it has had the time
 * to settle. `null`: it never took effect.
 */
async function recover(
  context: SendContext,
  attempt: Attempt,
  earlier: EarlierAttempt,
): Promise<{ answer: JsonObject } | (UnknownSend & { evidence: string }) | null> {
  const { call, policy, verify } = context
  const now = Date.now()
  const at = performance.now() - Math.max(0, now - earlier.sent_at)
  const settled = policy.settleMs.reduce((sum, ms) => sum + ms, 0)
  const remainingMs = Math.max(0, earlier.alive_at + settled - now)
  let { verdict, evidence } = await look(context, attempt, at, earlier)
  if (verdict.seen === null && remainingMs > 0) {
    const waiting = await waited(call, remainingMs)
    ;({ verdict, evidence } = waiting ? await look(context, attempt, at, earlier) : noSighting)
  }
  // What is not clear may belong to an operation that was cut off with this one and finds its own at this moment.
  if (verdict.seen === null && !verdict.clear && !earlier.unknown && (await waited(call, siblingMs))) {
    ;({ verdict, evidence } = await look(context, attempt, at, earlier))
  }
  if (verdict.seen !== null) return { answer: verdict.seen.answer }
  const error = new IntercomError('an earlier attempt under this idempotency key did not finish', {
    code: 'interrupted',
  })
  const conclusive = verify.proof === 'record' && !earlier.unknown && policy.onUnknown !== 'report'
  if (conclusive && verdict.clear) return null
  const mayResend = verify.proof === 'record' && policy.onUnknown === 'verify-then-resend'
  if (mayResend && verdict.clear) return { at, error, evidence }
  throw unknownError(context, { at, error }, evidence)
}

async function waited(call: OpenCall, ms: number): Promise<boolean> {
  try {
    await call.wait(ms, 'settle')
    return true
  } catch {
    return false // the caller's abort or the deadline: nothing more is known
  }
}

function unknownError(context: SendContext, { at, error }: UnknownSend, evidence: string): IntercomError {
  const { call, verify, input } = context
  const time = `${new Date(call.intercomTime(at)).toISOString().slice(11, 19)} UTC`
  const hint = `${verify.risk} Do not send it again. ${verify.whereToLook(input, time)}`
  return new IntercomError(error.message, {
    ...failureOf(error),
    outcome: 'unknown',
    retryable: false,
    hint: evidence === '' ? hint : `${hint} ${evidence}`,
  })
}

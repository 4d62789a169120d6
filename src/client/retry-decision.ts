import type { IntercomError } from '../errors.ts'
import { decode, jsonObject } from './decode.ts'
import type { Answer, Broken } from './exchange.ts'
import { retryAfterMs } from './rate-limit/headers.ts'
import { broken, redirect, refusal, unreadable } from './refusal.ts'
import type { JsonObject, Semantics } from './request.ts'
import type { ServerClock } from './server-clock.ts'

/** Largest answer read, in decoded bytes. */
export const maxAnswerBytes = 20 * 1024 * 1024

/** What an attempt came to, and whether its request may be sent again, `waitMs` at the earliest. */
export type Judged =
  | { json: JsonObject }
  | { error: IntercomError; again: 'no' | 'repeat' | 'rate_limited'; waitMs: number }

/** Judges an attempt that got no whole answer. */
export function judgeBroken({ broken: code, transmitted }: Broken, semantics: Semantics): Judged {
  const final =
    code === 'aborted' || code === 'answer_too_large' || (transmitted && semantics === 'non-idempotent')
  return { error: broken(code, transmitted, semantics), again: final ? 'no' : 'repeat', waitMs: 0 }
}

/** Judges an answer, and reads it with `parse`. */
export async function judgeAnswer(
  { status, headers, body }: Answer,
  semantics: Semantics,
  clock: ServerClock,
  parse: (json: string) => unknown,
): Promise<Judged> {
  if (status >= 300 && status < 400) {
    return { error: redirect(status, headers, semantics), again: 'no', waitMs: 0 }
  }
  const decoded = await decode(body, headers, maxAnswerBytes)
  const json = 'text' in decoded ? jsonObject(decoded.text, parse) : null
  if (status < 400) {
    if (json !== null) return { json }
    const code = 'text' in decoded ? 'unreadable_answer' : decoded.unreadable
    const final = semantics === 'non-idempotent' || code === 'answer_too_large'
    return { error: unreadable(status, headers, code, semantics), again: final ? 'no' : 'repeat', waitMs: 0 }
  }
  const waitMs = retryAfterMs(headers, clock, performance.now()) ?? 0
  const error = refusal(status, headers, json, semantics, waitMs)
  if (status === 429) return { error, again: 'rate_limited', waitMs }
  const passing = (status === 408 || status >= 500) && semantics !== 'non-idempotent'
  const asked = headers['retry-after'] === undefined ? 0 : waitMs
  return { error, again: passing ? 'repeat' : 'no', waitMs: asked }
}

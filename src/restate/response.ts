import { TerminalError } from '@restatedev/restate-sdk'
import type { Envelope } from '../core/action.ts'
import { statusOf } from '../core/http-status.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import type { Outcome } from './receipt.ts'
import type { Done } from './run-writes.ts'

/**
 * What a handler answers. A refusal is a terminal error with the status that says whose it is; an outcome that
 * nobody can know is a result that says so, since an error would invite to send again.
 */
export function outcomeOf(output: Envelope, failure: Failure | null): Outcome {
  if (failure === null || failure.outcome === 'unknown') return { ...output, failure }
  throw new TerminalError(output.error ?? failure.code, {
    errorCode: statusOf(failure),
    metadata: { code: failure.code, outcome: failure.outcome },
  })
}

/** A terminal error of ours: nothing was sent. */
export function refusal(code: string, message: string): TerminalError {
  const failure = failureOf(new IntercomError(message, { code }))
  return new TerminalError(`${code}: ${message}`, {
    errorCode: statusOf(failure),
    metadata: { code, outcome: failure.outcome },
  })
}

/** What the handler of a write answers. */
export function finished(done: Done | undefined): Outcome {
  if (done === undefined) throw new Error('a write always comes to something')
  return outcomeOf(done.output, done.failure)
}

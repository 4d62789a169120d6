import { TerminalError } from '@restatedev/restate-sdk'
import type { Envelope } from '../core/action.ts'
import type { Failure } from '../errors.ts'
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

/** 401 is about this worker's token, not the caller's. */
function statusOf({ code, status, retryable }: Failure): number {
  if (code === 'not_allowed' || status === 401 || status === 403) return 403
  if (retryable) return 503
  if (status !== null && status >= 400 && status < 500) return status
  return status === null ? 400 : 502
}

/** A terminal error of ours. */
export function refusal(status: number, code: string, message: string): TerminalError {
  return new TerminalError(`${code}: ${message}`, {
    errorCode: status,
    metadata: { code, outcome: 'not_sent' },
  })
}

/** What the handler of a write answers. */
export function finished(done: Done | undefined): Outcome {
  if (done === undefined) throw new Error('a write always comes to something')
  return outcomeOf(done.output, done.failure)
}

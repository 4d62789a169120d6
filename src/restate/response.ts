import { TerminalError } from '@restatedev/restate-sdk'
import type { AnyAction, Envelope } from '../core/action.ts'
import { statusOf } from '../core/http-status.ts'
import { failed } from '../core/run.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'

/**
 * What a durable handler returns: the envelope, and for programs the failure behind its `error`. `note`: what a person
 * has decided on the call, and changed.
 */
export type DurableResult<Output = Envelope> = Output & { failure: Failure | null; note?: string }

type Answer = { output: Envelope; failure: Failure | null; note?: string | undefined }

/**
 * What a handler returns. A refusal is a terminal error with its HTTP status; an unknown outcome is a result, since an
 * error would invite the caller to send again, and so is a call that waits for a person.
 */
export function respond({ output, failure, note }: Answer): DurableResult {
  const told = note === undefined ? {} : { note }
  const isAnswer = failure === null || failure.outcome === 'unknown' || failure.code === 'held'
  if (isAnswer) return { ...output, failure, ...told }
  throw terminal(output.error ?? failure.code, failure)
}

/** Reads an input. If the action refuses it, so does the handler. */
export async function orRefusal<T>(action: AnyAction, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    respond(failed(action, error, (text) => text)) // throws it
    throw error
  }
}

/** A terminal error of ours: nothing was sent. */
export function terminalError(code: string, message: string): TerminalError {
  return terminal(`${code}: ${message}`, failureOf(new IntercomError(message, { code })))
}

function terminal(message: string, failure: Failure): TerminalError {
  const { code, outcome } = failure
  return new TerminalError(message, { errorCode: statusOf(failure), metadata: { code, outcome } })
}

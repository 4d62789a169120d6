import { TerminalError } from '@restatedev/restate-sdk'
import type { AnyAction, Envelope } from '../core/action.ts'
import { statusOf } from '../core/http-status.ts'
import { failed } from '../core/run.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'

/** What a durable handler returns: the envelope, and for programs the failure behind its `error`. */
export type DurableResult<Output = Envelope> = Output & { failure: Failure | null }

/**
 * What a handler returns. A refusal is a terminal error with its HTTP status; an unknown outcome is a result, since an
 * error would invite the caller to send again.
 */
export function respond({ output, failure }: { output: Envelope; failure: Failure | null }): DurableResult {
  if (failure === null || failure.outcome === 'unknown') return { ...output, failure }
  throw terminal(output.error ?? failure.code, failure)
}

/** What reading an input comes to. An input that the action refuses is a refusal of the handler. */
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

/**
 * The envelope of a write with ids in place of objects, so that Restate keeps nothing that customers wrote:
 * `{ type, id }`, and `item_id` for what was made inside it (the part of a reply).
 */
export function idsOnly(output: Envelope, claimed: string | null): Envelope {
  const entries = Object.entries(output).map(([key, value]) => [key, idsOf(value, claimed)])
  return Object.fromEntries(entries) as Envelope // the same keys
}

function idsOf(value: unknown, claimed: string | null): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { type, id, conversation_id } = value as Record<string, unknown>
  const item_id = claimed?.split(' ').at(-1)
  return {
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(conversation_id === undefined ? {} : { conversation_id }),
    ...(item_id === undefined || item_id === id ? {} : { item_id }),
  }
}

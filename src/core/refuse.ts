import { failureOf, IntercomError } from '../errors.ts'

/** Ends an action before anything more is sent: the input, or what was found, does not allow to go on. */
export function refuse(code: string, message: string, hint?: string): never {
  throw new IntercomError(message, { code, ...(hint === undefined ? {} : { hint }), outcome: 'not_sent' })
}

/** The failure of a step, or `null`, so that an action can react to one status without a `try`. */
export async function outcomeOf<T>(step: Promise<T>): Promise<{ value: T } | { failure: IntercomError }> {
  try {
    return { value: await step }
  } catch (error) {
    if (error instanceof IntercomError) return { failure: error }
    throw error
  }
}

/**
 * Throws the failure again, with a hint that knows more about the situation. Where earlier steps have changed
 * something, a failure that itself sent nothing is no longer `not_sent` but `instead`.
 */
export function explain(failure: IntercomError, hint: string, instead?: 'rejected'): never {
  const outcome = failure.outcome === 'not_sent' ? (instead ?? 'not_sent') : failure.outcome
  throw new IntercomError(failure.message, { ...failureOf(failure), outcome, hint })
}

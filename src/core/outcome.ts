import { failureOf, IntercomError, type Outcome } from '../errors.ts'

/** Ends an action before anything more is sent: the input, or what was found, does not allow to go on. */
export function refuse(code: string, message: string, hint?: string): never {
  throw new IntercomError(message, { code, ...(hint === undefined ? {} : { hint }), outcome: 'not_sent' })
}

/** What a step came to, so that an action can react to one status without a `try`. */
export async function outcomeOf<T>(step: Promise<T>): Promise<{ value: T } | { failure: IntercomError }> {
  try {
    return { value: await step }
  } catch (error) {
    if (error instanceof IntercomError) return { failure: error }
    throw error
  }
}

/**
 * Throws the failure again, with a hint, and where need be an outcome, that knows more about the situation. Where an
 * earlier attempt of the request may have taken effect, a refusal of the last one explains nothing: the hint stays, but
 * where an outcome is given.
 */
export function explain(failure: IntercomError, hint: string | null, outcome?: Outcome): never {
  const kept = outcome === undefined && failure.outcome === 'unknown'
  const known = { outcome: outcome ?? failure.outcome, hint: kept ? failure.hint : hint }
  throw new IntercomError(failure.message, { ...failureOf(failure), ...known })
}

/** Whether Intercom says that there is no such thing: a 404 of something in between says nothing. */
export function isMissing({ status, code }: Pick<IntercomError, 'status' | 'code'>): boolean {
  return status === 404 && code !== 'unreadable_answer'
}

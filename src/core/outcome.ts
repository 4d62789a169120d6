import { failureOf, IntercomError, type Outcome } from '../errors.ts'

/** Ends an action before anything more is sent: the input, or what was found, does not allow it to go on. */
export function refuse(code: string, message: string, hint?: string): never {
  throw new IntercomError(message, { code, ...(hint === undefined ? {} : { hint }), outcome: 'not_sent' })
}

/** The outcome of a step, so that an action can react to one status without a `try`. */
export async function outcomeOf<T>(step: Promise<T>): Promise<{ value: T } | { failure: IntercomError }> {
  try {
    return { value: await step }
  } catch (error) {
    if (error instanceof IntercomError) return { failure: error }
    throw error
  }
}

/**
 * Throws the failure again with a better hint, and with an outcome where one is given. Where an earlier attempt of the
 * request may have taken effect, the refusal of the last one explains nothing: without an outcome its own hint stays.
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

import { z } from 'zod'

/**
 * The output schema every action shares: `success` and `error` first, then the action's own keys. Every own key
 * needs a default, which is what it holds on failure.
 */
export function envelope<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ success: z.boolean(), error: z.string().nullable().default(null), ...shape })
}

/**
 * An object of Intercom's, passed through untouched: `T` is what its documentation promises, and nothing is
 * checked, since an answer's shape must never turn a success into a failure.
 */
export function passedThrough<T extends object>() {
  return z.looseObject({}) as unknown as z.ZodType<T> // the schema says "any object", T says what is in it
}

/** The key of an action that answers with one object of Intercom's. */
export function oneResult<T extends object>() {
  return envelope({ result: passedThrough<T>().nullable().default(null) })
}

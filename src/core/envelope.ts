import { z } from 'zod'
import type { Trace } from '../client/call.ts'
import type { Failure } from '../errors.ts'
import type { Envelope } from './action.ts'

/** The envelope of a call that worked. */
export type Succeeded<Own> = { success: true; error: null } & Own

/** The envelope of a call that failed. `error` says in one text what happened and what to do next. */
export type Failed<Own> = { success: false; error: string } & {
  [Key in keyof Own]: null extends Own[Key] ? null : Own[Key]
}

/**
 * An envelope with what stands behind it. The two are not enumerable: JSON, spreading and comparing see the keys of
 * the contract alone.
 */
export type Traced<Output> = Output extends { success: true }
  ? Output & { readonly failure: null; readonly trace: Trace }
  : Output & { readonly failure: Failure; readonly trace: Trace }

/** Puts the failure and the trace behind a copy of an envelope. */
export function traced<Output extends object>(
  output: Output,
  failure: Failure | null,
  trace: Trace,
): Traced<Output> {
  const behind = { failure: { value: failure }, trace: { value: trace } }
  return Object.defineProperties({ ...output }, behind) as Traced<Output> // its success is the caller's word
}

/** An envelope and its JSON. An answer nested deeper than the stack becomes null in both: that the call succeeded is kept. */
export function serialized(envelope: Envelope): { envelope: Envelope; json: string } {
  try {
    return { envelope, json: JSON.stringify(envelope) }
  } catch {
    const own = Object.entries(envelope).map(([key, value]) => [key, value instanceof Object ? null : value])
    const shallow = Object.fromEntries(own) as Envelope // success and error are not objects
    return { envelope: shallow, json: JSON.stringify(shallow) }
  }
}

/**
 * The output schema every action shares: `success` and `error` first, then the action's own keys. Every own key needs
 * a default, which is what it holds on failure.
 */
export function envelope<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ success: z.boolean(), error: z.string().nullable().default(null), ...shape })
}

/**
 * An object of Intercom's, passed through untouched: `T` is what its documentation promises, and nothing is checked,
 * since an answer's shape must never turn a success into a failure.
 */
export function passedThrough<T extends object>() {
  return z.looseObject({}) as unknown as z.ZodType<T> // the schema says "any object", T says what is in it
}

/** The keys of an action that lists objects of Intercom's under a noun. */
export function listOf<T extends object, Pages extends object, const Noun extends string>(noun: Noun) {
  const list = z.array(passedThrough<T>()).default([])
  return envelope({
    ...({ [noun]: list } as { [Key in Noun]: typeof list }), // TypeScript widens a computed key
    total_count: z.int().default(0),
    pages: passedThrough<Pages>().nullable().default(null),
  })
}

/** The key of an action that answers with one object of Intercom's. */
export function oneResult<T extends object>() {
  return envelope({ result: passedThrough<T>().nullable().default(null) })
}

import type { AnyAction } from '../core/action.ts'
import { parsedInput } from '../core/run.ts'
import type { Verify } from '../core/verify.ts'

/** What a row writes to, where the order of writes matters there; null where it does not. */
export function keyOf(action: AnyAction, input: unknown): string | null {
  if (action.verify === undefined) return null
  const verify = action.verify as Verify<unknown> | undefined // the schema that its input type comes from parses it
  return verify?.key(parsedInput(action, input)) ?? null
}

import type { AnyAction } from '../core/action.ts'
import { parsedInput } from '../core/run.ts'
import type { Verify } from '../core/verify.ts'

/** What a row writes to, under each of its names, where the order of writes matters there; else none. */
export function keysOf(action: AnyAction, input: unknown): string[] {
  if (action.verify === undefined) return []
  const verify = action.verify as Verify<unknown> // the schema that its input type comes from parses it
  const parsed = parsedInput(action, input)
  return [verify.key(parsed), ...(verify.aliases?.(parsed) ?? [])]
}

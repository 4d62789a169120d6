import { z } from 'zod'
import { asSeconds } from './seconds.ts'

/**
 * A time, as text: Unix seconds, or ISO with its zone, which a day alone has not. The schema's output is Unix seconds.
 */
export function time(description: string) {
  return z
    .string()
    .transform((given, context) => {
      const known = /^\s*\d{4}-\d{2}-\d{2}\s*$/.test(given)
        ? { problem: 'needs a time and its zone, as 2026-02-01T09:00:00Z' }
        : asSeconds(given)
      if ('value' in known) return known.value
      context.addIssue({ code: 'custom', message: known.problem })
      return z.NEVER
    })
    .describe(description)
}

/** The same, of the future. */
export function futureTime(description: string) {
  return time(description).refine((seconds) => seconds * 1000 > Date.now(), 'is not in the future')
}

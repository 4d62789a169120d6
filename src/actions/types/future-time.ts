import { z } from 'zod'
import { asSeconds } from './seconds.ts'

/**
 * A time to come, as text: Unix seconds, or ISO with its zone, which a day alone has not. The schema's output is Unix
 * seconds.
 */
export function futureTime(description: string) {
  return z
    .string()
    .transform((given, context) => {
      const problem = (message: string) => {
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }
      if (/^\s*\d{4}-\d{2}-\d{2}\s*$/.test(given))
        return problem('needs a time and its zone, as 2026-02-01T09:00:00Z')
      const time = asSeconds(given)
      if ('problem' in time) return problem(time.problem)
      return time.value * 1000 > Date.now() ? time.value : problem('is not in the future')
    })
    .describe(description)
}

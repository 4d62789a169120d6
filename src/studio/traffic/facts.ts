import { duration, fullTime } from '../shell/parts/time.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'

type Fact = { label: string; value: string | object }

/** What the view has in its head, and counters of the list. */
const elsewhere = ['number', 'at', 'method', 'path', 'body', 'status', 'planned']

/** As people call them; of a name that is not here, its own words. */
const labels: Readonly<Record<string, string>> = {
  request_id: 'Request id',
  operation: 'Route',
  duration_ms: 'Took',
  ms: 'Took',
  version: 'Intercom-Version',
  user_agent: 'User-Agent',
  code: 'Failure',
}

/** What is known of a request, in words; what is not known of it is left out. */
export function factsOf(all: Readonly<Record<string, unknown>>): Fact[] {
  // The local Intercom logs the request id as `id`; of the server's client `id` only counts.
  const { id, ...rest } = all
  const known = 'number' in all ? { request_id: id, ...rest } : rest
  return Object.entries(known).flatMap(([name, value]) =>
    elsewhere.includes(name) || value === null || value === undefined
      ? []
      : [{ label: labels[name] ?? sentenceCase(name), value: inWords(name, value) }],
  )
}

function inWords(name: string, value: unknown): string | object {
  if ((name === 'duration_ms' || name === 'ms') && typeof value === 'number') return duration(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (name !== 'rate_limit') return value
  const { limit, remaining, reset } = value as { limit: number; remaining: number; reset: number }
  return `${remaining} of ${limit} left until ${fullTime(reset * 1000)}`
}

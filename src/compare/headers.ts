import type { Difference } from './differences.ts'
import { formatOf } from './shape.ts'
import type { Answer, Ask } from './witness.ts'
import { comparedVersion } from './witness.ts'

type Form = (value: string, ask: Ask) => string

const exactly = (...values: string[]): Form => {
  return (value) =>
    values.find((one) => one === value.toLowerCase().replaceAll(/\s+/g, ' ')) ?? 'another value'
}
const pattern = (expression: RegExp, name: string): Form => {
  return (value) => (value.length < 200 && expression.test(value) ? name : 'another form')
}
const there: Form = () => 'present'

/** The headers that Intercom's own servers write, and how the form of each is told (docs/intercom-api.md 1.1). */
const forms: Record<string, Form> = {
  'content-type': exactly(
    'application/json; charset=utf-8',
    'application/json',
    'text/html; charset=utf-8',
    'text/html',
  ),
  'x-ratelimit-limit': pattern(/^\d+$/, 'a number'),
  'x-ratelimit-remaining': pattern(/^\d+$/, 'a number'),
  'x-ratelimit-reset': pattern(/^\d{10}$/, 'Unix seconds'),
  'x-request-id': (value) => formatOf(value),
  'intercom-version': (value, { version }) =>
    value === (version ?? comparedVersion) ? 'as asked for' : 'another version',
  'x-intercom-version': pattern(/^[0-9a-f]{40}$/, '40 hex digits'),
  'x-runtime': pattern(/^\d+\.\d+$/, 'seconds'),
  etag: pattern(/^W\/"[0-9a-f]{32}"$/, 'weak, 32 hex digits'),
  status: pattern(/^\d{3} [A-Za-z' -]+$/, 'a status and its name'),
  'cache-control': exactly(
    'max-age=0, private, must-revalidate',
    'no-cache',
    'no-store',
    'private, no-store',
  ),
  'retry-after': there,
  'www-authenticate': there,
  location: there,
  link: there,
}

/** How the headers of an answer differ in presence and form. */
export function headerDifferences(live: Answer, local: Answer, ask: Ask): Difference[] {
  return Object.entries(forms).flatMap(([name, form]) => {
    const [one, other] = [live, local].map((answer) => {
      const value = answer.headers[name]
      return value === undefined ? 'absent' : form(value, ask)
    })
    if (one === undefined || other === undefined || one === other) return []
    return [{ kind: 'header' as const, where: name, live: one, local: other }]
  })
}

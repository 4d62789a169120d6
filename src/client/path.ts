import { type IntercomError, invalidInput } from '../errors.ts'

/** A request path whose every id went through `path`. */
export type Path = {
  /** As it is sent, with its query. */
  readonly encoded: string
  /** The route, as it is told to telemetry: `/contacts/{id}/notes`. */
  readonly template: string
  readonly [made]: true
}

declare const made: unique symbol

const control = /\p{Cc}/u

/** Characters of an identifier as a URL spells it. Servers take about 8,000 of a path; no id has a tenth of this. */
const longestIdentifier = 2000

/** What is wrong with the length of an identifier, wherever it is sent. */
export function lengthProblem(value: string): string | null {
  const fits =
    value.length <= longestIdentifier && encodeURIComponent(value.toWellFormed()).length <= longestIdentifier
  return fits ? null : `is longer than ${longestIdentifier} characters (percent-encoded)`
}

/** Encodes one path segment. Refuses what would reach another endpoint: empty, `.`, `..`, control characters. */
function segment(value: string): string {
  const tooLong = lengthProblem(value)
  if (tooLong !== null) throw refused(tooLong)
  if (value === '') throw refused('is empty')
  if (value === '.' || value === '..') throw refused('is not an id')
  if (control.test(value)) throw refused('contains a control character')
  if (!value.isWellFormed()) throw refused('is not valid Unicode')
  return encodeURIComponent(value)
}

function refused(reason: string): IntercomError {
  return invalidInput(`an id in the request path ${reason}`, 'Pass the id exactly as Intercom gave it.')
}

/**
 * Builds a request path: every `${…}` becomes one encoded segment, so that an id such as `../admins` cannot
 * reach another endpoint.
 *
 * @example path`/contacts/${contact_id}/notes`
 */
export function path(fixed: TemplateStringsArray, ...ids: string[]): Path {
  const encoded = String.raw({ raw: fixed.raw }, ...ids.map(segment))
  return { encoded, template: fixed.raw.join('{id}') } as Path // made here and below, and nowhere else
}

/** Adds a query string; absent values are left out. */
export function withQuery(base: Path, query: Record<string, string | number | undefined>): Path {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue
    const tooLong = lengthProblem(String(value))
    if (tooLong !== null) throw invalidInput(`${key} ${tooLong}`, 'Nothing was sent.')
    parameters.set(key, String(value))
  }
  const text = parameters.toString()
  return text === '' ? base : { ...base, encoded: `${base.encoded}?${text}` }
}

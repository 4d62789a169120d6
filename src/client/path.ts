import { IntercomError } from '../errors.ts'

/** A request path whose every variable segment went through `path`. */
export type Path = string & { readonly encoded: unique symbol }

const control = /\p{Cc}/u

/** Encodes one path segment. Refuses what would reach another endpoint: empty, `.`, `..`, control characters. */
function segment(value: string): string {
  if (value === '') throw refused('is empty')
  if (value === '.' || value === '..') throw refused('is not an id')
  if (control.test(value)) throw refused('holds a control character')
  if (!value.isWellFormed()) throw refused('is not valid Unicode')
  return encodeURIComponent(value)
}

function refused(reason: string): IntercomError {
  return new IntercomError(`an id in the request path ${reason}`, {
    code: 'invalid_input',
    hint: 'Pass the id exactly as Intercom gave it.',
  })
}

/**
 * Builds a request path: every `${…}` becomes one encoded segment, so that an id such as `../admins` cannot
 * reach another endpoint.
 *
 * @example path`/contacts/${contact_id}/notes`
 */
export function path(fixed: TemplateStringsArray, ...ids: string[]): Path {
  return String.raw({ raw: fixed.raw }, ...ids.map(segment)) as Path
}

/** Adds a query string; absent values are left out. */
export function withQuery(base: Path, query: Record<string, string | number | undefined>): Path {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(key, String(value))
  }
  const text = parameters.toString()
  return (text === '' ? base : `${base}?${text}`) as Path
}

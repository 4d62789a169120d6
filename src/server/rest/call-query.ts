import { didYouMean } from '../../core/nearest.ts'
import { IntercomError, quotedName, sentences } from '../../errors.ts'

/** What the query of `POST /actions/{name}` asks for beside the call. */
export type CallQuery = { dryRun: boolean; explain: boolean }

const names = ['dry_run', 'explain']

/** The first parameter of a query that is not among those known, or is repeated. */
export function misplaced(query: URLSearchParams, known: readonly string[]): string | undefined {
  return [...query.keys()].find((name) => !known.includes(name) || query.getAll(name).length > 1)
}

/** Throws an `IntercomError` on anything else: a misspelt `dry_run` must not be a call. */
export function callQueryOf(request: Request): CallQuery {
  const query = new URL(request.url).searchParams
  for (const [name, value] of query) {
    if (!names.includes(name))
      throw refused(`${quotedName(name)} is no query parameter of an action`, didYouMean(name, names))
    if (query.getAll(name).length > 1) throw refused(`${name} is given more than once`)
    if (value !== 'true' && value !== 'false') throw refused(`${name} takes true or false`)
  }
  return { dryRun: query.get('dry_run') === 'true', explain: query.get('explain') === 'true' }
}

function refused(message: string, hint: string | null = null): IntercomError {
  const what = `The query takes ${names.join(' and ')}; the action's own parameters belong into the body`
  return new IntercomError(message, {
    code: 'invalid_query',
    hint: `${sentences(hint, what)}. Nothing was sent.`,
  })
}

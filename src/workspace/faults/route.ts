import { ControlError } from '../control-error.ts'
import { operations } from '../http/operations.ts'
import { nameless, otherOperations } from '../http/versions.ts'

/** Whether a rule's route matches a request. */
export type Matches = (method: string, path: string, operation: string | undefined) => boolean

/** Parses a rule's route; throws if no operation has it, since a test would pass without its fault. */
export function routeMatcher(route: string): Matches {
  const [method = '*', pattern = ''] = route.split(' ')
  const takes = (sent: string) => method === '*' || method === sent || (method === 'GET' && sent === 'HEAD')
  const starred = pattern.includes('*')
  const wanted = nameless(pattern)
  const hits = known.some(
    ([sent, path]) =>
      (takes(sent) || (method === 'HEAD' && sent === 'GET')) &&
      (starred ? covers(pattern.split('/'), path.split('/')) : path === wanted),
  )
  if (!hits) {
    throw new ControlError(
      `There is no operation ${route}; did you mean ${nearest(method, pattern)}? Write it as Intercom's description does, or with * for any segment and ** for the rest.`,
    )
  }
  if (starred) {
    const expression = glob(pattern)
    return (sent, path) => takes(sent) && expression.test(path)
  }
  return (sent, _path, operation) =>
    takes(sent) && operation !== undefined && nameless(operation.slice(operation.indexOf(' ') + 1)) === wanted
}

const described = [...operations, ...otherOperations]
/** Method and path of every operation, parameters without their names. */
const known = described.map((operation) => nameless(operation).split(' ') as [method: string, path: string])

const wild = /^(?:\*|\{.*\})$/

/** Whether the pattern matches some path of an operation. */
function covers([first, ...pattern]: readonly string[], path: readonly string[]): boolean {
  if (first === undefined) return path.length === 0
  const [segment, ...rest] = path
  if (segment === undefined) return false
  if (first === '**') return path.some((_, at) => covers(pattern, path.slice(at + 1)))
  // Ids have digits in them, misspelt words do not.
  const id = segment === '{}' && /\d/.test(first)
  return (wild.test(first) || id || first === segment) && covers(pattern, rest)
}

function glob(pattern: string): RegExp {
  const segments = pattern.split('/').map((segment) => {
    if (segment === '**') return '.*'
    return wild.test(segment) ? '[^/]+' : segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${segments.join('/')}/?$`)
}

/** The operation with the most similar spelling. */
function nearest(method: string, pattern: string): string {
  const from = method === '*' ? nameless(pattern) : `${method} ${nameless(pattern)}`
  let found = ''
  let least = Number.POSITIVE_INFINITY
  for (const operation of described) {
    const far = distance(from, nameless(method === '*' ? operation.replace(/^\S+ /, '') : operation))
    if (far >= least) continue
    least = far
    found = operation
  }
  return found
}

/** The Levenshtein distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let at = 0; at < to.length; at++) {
      const swapped = (row[at] ?? 0) + (to[at] === letter ? 0 : 1)
      next.push(Math.min(swapped, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

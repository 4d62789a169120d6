import { z } from 'zod'
import { IntercomError, quotedName, sentences } from '../errors.ts'
import type { ActionInfo } from './action.ts'
import { parametersOf } from './describe.ts'
import { didYouMean } from './nearest.ts'

type Issue = z.core.$ZodIssue

const maxProblems = 3

/** What programs put around an input. */
const wrappers = new Set('input inputs arguments args parameters params kwargs'.split(' '))

/** The error for an input that does not fit: names parameters and what they take, never the values given. */
export function inputProblem(
  issues: readonly Issue[],
  action: Pick<ActionInfo, 'input' | 'otherNames'>,
): IntercomError {
  // What is missing may stand there under an unknown name, so those come first.
  const isUnknown = ({ code }: Issue) => code === 'unrecognized_keys'
  const shown = issues.toSorted((a, b) => Number(isUnknown(b)) - Number(isUnknown(a))).slice(0, maxProblems)
  const facts = shown.flatMap(describe)
  if (issues.length > maxProblems) facts.push(`and ${issues.length - maxProblems} more`)
  const unknown = shown.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const field = issues[0]?.path[0]
  return new IntercomError(sentences(facts.join('; '), ...helpFor(unknown, action)), {
    code: 'invalid_input',
    field: typeof field === 'string' ? field : null,
    hint: 'Nothing was sent.',
  })
}

/** What is wrong with a value of one parameter, whatever else a call may need; `null` where it fits. */
export function parameterProblem(
  action: Pick<ActionInfo, 'input' | 'otherNames'>,
  name: string,
  value: unknown,
): IntercomError | null {
  let { input } = action
  while (input instanceof z.ZodPipe) input = input.in as z.ZodType // an object, and what is made of it
  const { shape } = input as z.ZodObject
  const own = Object.hasOwn(shape, name) ? shape[name] : undefined
  if (own === undefined)
    return inputProblem(
      [{ code: 'unrecognized_keys', keys: [name], path: [], input: {}, message: '' }],
      action,
    )
  const { error } = z.safeParse(own, value, { reportInput: true })
  return error
    ? inputProblem(
        error.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] })),
        action,
      )
    : null
}

/** What unknown names may have meant, and all that there is. */
function helpFor(
  unknown: readonly string[],
  action: Pick<ActionInfo, 'input' | 'otherNames'>,
): (string | null)[] {
  if (unknown.length === 0) return []
  const names = parametersOf(action)
  const questions = unknown.every((name) => wrappers.has(name))
    ? [`Give the parameters themselves, without "${unknown[0]}" around them`]
    : unknown.slice(0, maxProblems).map((name) => didYouMean(name, names, action.otherNames))
  return [...questions, names.length === 0 ? 'It takes no parameters' : `It takes ${names.join(', ')}`]
}

function describe(issue: Issue): string[] {
  const where = issue.path.map(String).join('.') || 'the input'
  if (issue.code === 'unrecognized_keys') {
    const prefix = issue.path.length === 0 ? '' : `${where}: `
    const unknown = issue.keys
      .slice(0, maxProblems)
      .map((key) => `${prefix}unknown parameter ${quotedName(key)}`)
    const more = issue.keys.length - unknown.length
    return more > 0 ? [...unknown, `and ${more} more`] : unknown
  }
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined && issue.path.length > 0) return [`${where} is required`]
    return [`${where} must be ${article(issue.expected)}, not ${kind(issue.input)}`]
  }
  if (issue.code === 'too_big' || issue.code === 'too_small') return [`${where} must be a whole number`]
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map((v) => `"${String(v)}"`).join(' or ')
    return [`${where} must be ${choices}${issue.input === null ? ', not null' : ''}`]
  }
  return [`${where} ${issue.message}`]
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number'
  return /^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return 'this number'
  return article(typeof value)
}

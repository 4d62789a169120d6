import type { z } from 'zod'
import { IntercomError, quotedName, sentences } from '../errors.ts'
import { didYouMean } from './nearest.ts'

type Issue = z.core.$ZodIssue

const maxProblems = 3

/** The error for an input that does not fit: names parameters and what they take, never the values given. */
export function inputProblem(issues: readonly Issue[], parameters: readonly string[]): IntercomError {
  const problems = issues.slice(0, maxProblems).flatMap((issue) => describe(issue, parameters))
  if (issues.length > maxProblems) problems.push(`and ${issues.length - maxProblems} more`)
  const parts = problems.map((problem) => problem.split(/\. (?=Did you mean )/))
  const facts = parts.map(([fact]) => fact).join('; ')
  const field = issues[0]?.path[0]
  return new IntercomError(sentences(facts, ...parts.flatMap(([, ...questions]) => questions)), {
    code: 'invalid_input',
    field: typeof field === 'string' ? field : null,
    hint: 'Nothing was sent.',
  })
}

function describe(issue: Issue, parameters: readonly string[]): string[] {
  const where = issue.path.map(String).join('.') || 'the input'
  if (issue.code === 'unrecognized_keys') {
    const prefix = issue.path.length === 0 ? '' : `${where}: `
    const unknown = issue.keys
      .slice(0, maxProblems)
      .map((key) => sentences(`${prefix}unknown parameter ${quotedName(key)}`, didYouMean(key, parameters)))
    const more = issue.keys.length - unknown.length
    return more > 0 ? [...unknown, `and ${more} more`] : unknown
  }
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined && issue.path.length > 0) return [`${where} is required`]
    return [`${where} must be ${article(issue.expected)}, not ${kind(issue.input)}`]
  }
  if (issue.code === 'too_big' || issue.code === 'too_small') return [`${where} must be a whole number`]
  if (issue.code === 'invalid_value')
    return [`${where} must be ${issue.values.map((v) => `"${String(v)}"`).join(' or ')}`]
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

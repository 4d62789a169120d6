import type { Port } from '../client/port.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import type { AnyAction, Envelope } from './action.ts'
import { parametersOf } from './describe.ts'
import type { Effect } from './effect.ts'
import { inputProblem } from './problem.ts'

/** An envelope, and for programs the failure behind its `error`. */
export type Result<Output = Envelope> = { output: Output; failure: Failure | null }

/**
 * The one door to an action: checks the input, runs it, wraps the outcome. It never throws; `redact` is applied
 * to every text that leaves.
 */
export async function runAction(
  action: AnyAction,
  input: unknown,
  port: Port,
  redact: (text: string) => string,
): Promise<Result> {
  try {
    const parsed = action.input.safeParse(input === undefined ? {} : input, { reportInput: true })
    if (!parsed.success) throw inputProblem(parsed.error.issues, parametersOf(action))
    const own = await action.run(port, parsed.data as never) // parsed by the schema that run's type comes from
    return { output: { success: true, error: null, ...own }, failure: null }
  } catch (error) {
    return failed(action, asFailure(action, error), redact)
  }
}

/** The envelope of a failure: `success: false`, the text, every other key at its default. */
export function failed(
  action: Pick<AnyAction, 'name'> & Partial<Pick<AnyAction, 'output'>>,
  error: IntercomError,
  redact: (text: string) => string,
): Result {
  const failure = failureOf(error)
  if (failure.hint !== null) failure.hint = redact(failure.hint)
  const text = redact(`${action.name}: ${errorText(error)}`)
  const output: Envelope = { success: false, error: text }
  return { output: action.output ? (action.output.parse(output) as Envelope) : output, failure }
}

function asFailure(action: Pick<AnyAction, 'hints' | 'effect'>, error: unknown): IntercomError {
  if (!(error instanceof IntercomError)) return internal(action.effect, error)
  const hint = action.hints?.[error.status as keyof NonNullable<AnyAction['hints']>]
  if (error.hint !== null || hint === undefined) return error
  return new IntercomError(error.message, { ...failureOf(error), hint })
}

/** An exception nobody foresaw. What was sent before it is not known here. */
function internal(effect: Effect, error: unknown): IntercomError {
  return new IntercomError(messageOf(error).slice(0, 300), {
    code: 'internal',
    outcome: effect === 'read' ? 'rejected' : 'unknown',
    hint: 'This is a defect in the integration, not in the input.',
  })
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'an exception that has no text'
  }
}

/** `404 not_found: User Not Found (request 002cora…). Find the id with search_contacts.` */
export function errorText(error: IntercomError): string {
  const status = error.status === null ? '' : `${error.status} `
  const request = error.request_id === null ? '' : ` (request ${error.request_id})`
  const message = error.message.replace(/[.\s]+$/, '')
  return `${status}${error.code}: ${message}${request}.${error.hint === null ? '' : ` ${error.hint}`}`
}

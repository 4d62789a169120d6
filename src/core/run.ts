import type { Port, Repeat } from '../client/port.ts'
import { type Failure, failureOf, IntercomError, textOf } from '../errors.ts'
import type { AnyAction, Envelope } from './action.ts'
import { parametersOf } from './describe.ts'
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
  const watched = watch(port)
  try {
    const parsed = parse(action, input)
    const own = await action.run(watched.port, parsed as never) // parsed by the schema that run's type comes from
    return { output: { success: true, error: null, ...own }, failure: null }
  } catch (error) {
    return failed(action, asFailure(action, error, watched.began()), redact)
  }
}

/** The envelope of a failure: `success: false`, the text, every other key at its default. */
export function failed(
  action: Pick<AnyAction, 'name'> & Partial<Pick<AnyAction, 'output'>>,
  error: IntercomError,
  redact: (text: string) => string,
): Result {
  const clean = (text: string | null) => (text === null ? null : redact(text))
  const { code, field, request_id, hint, ...rest } = failureOf(error)
  const failure = {
    ...rest,
    code: redact(code),
    field: clean(field),
    request_id: clean(request_id),
    hint: clean(hint),
  }
  const text = redact(`${action.name}: ${errorText(error)}`)
  const output: Envelope = { success: false, error: text }
  return { output: action.output ? (action.output.parse(output) as Envelope) : output, failure }
}

function parse(action: AnyAction, input: unknown): unknown {
  let parsed: ReturnType<AnyAction['input']['safeParse']>
  try {
    parsed = action.input.safeParse(input === undefined ? {} : input, { reportInput: true })
  } catch (error) {
    throw new IntercomError(`the input cannot be read (${textOf(error)})`, {
      code: 'invalid_input',
      hint: 'Nothing was sent.',
    })
  }
  if (!parsed.success) throw inputProblem(parsed.error.issues, parametersOf(action))
  return parsed.data
}

/** What a run has asked of Intercom so far: nothing, reads only, or a write. */
type Began = 'nothing' | 'reads' | 'a write'

/** A port that remembers whether a write was begun. */
function watch(port: Port): { port: Port; began(): Began } {
  let began: Began = 'nothing'
  const note = (repeat: Repeat) => {
    if (repeat !== 'read') began = 'a write'
    else if (began === 'nothing') began = 'reads'
  }
  const watched: Port = {
    get: (path) => {
      note('read')
      return port.get(path)
    },
    post: (path, body, options) => {
      note(options?.repeat ?? 'again')
      return port.post(path, body, options)
    },
    put: (path, body) => {
      note('same')
      return port.put(path, body)
    },
    delete: (path, body) => {
      note('same')
      return port.delete(path, body)
    },
  }
  return { port: watched, began: () => began }
}

const outcomes = { nothing: 'not_sent', reads: 'rejected', 'a write': 'unknown' } as const

function asFailure(action: Pick<AnyAction, 'hints'>, error: unknown, began: Began): IntercomError {
  if (!(error instanceof IntercomError)) {
    const hint = 'This is a defect in the integration, not in the input.'
    return new IntercomError(textOf(error), { code: 'internal', outcome: outcomes[began], hint })
  }
  const hint = action.hints?.[error.status as keyof NonNullable<AnyAction['hints']>]
  if (error.hint !== null || hint === undefined) return error
  return new IntercomError(error.message, { ...failureOf(error), hint })
}

/** `404 not_found: User Not Found (request 002cora…). Find the id with search_contacts.` */
export function errorText(error: IntercomError): string {
  const status = error.status === null ? '' : `${error.status} `
  const request = error.request_id === null ? '' : ` (request ${error.request_id})`
  const message = error.message.replace(/[.\s]+$/, '')
  return `${status}${error.code}: ${message}${request}.${error.hint === null ? '' : ` ${error.hint}`}`
}

import type { OpenCall } from '../client/client.ts'
import type { JsonObject, Request, Send } from '../client/request.ts'
import { ended, failureOf, IntercomError, invalidInput, sentences, shortened, textOf } from '../errors.ts'
import type { AnyAction, Envelope, Previewed, Result } from './action.ts'
import type { Claims } from './claims.ts'
import type { Attempt } from './idempotency.ts'
import { inputProblem } from './input-problem.ts'
import type { KeyedMutex } from './keyed-mutex.ts'
import type { Memory } from './memory.ts'
import { portTo } from './port.ts'
import type { Policy } from './read-back.ts'
import { sendOnce } from './send-once.ts'
import type { Tell } from './story.ts'
import type { Verify } from './verify.ts'

/** What the calls of one client share. */
export type ClientState = {
  policy: Policy
  claims: Claims
  mutex: KeyedMutex
  memory: Memory
  redact: (text: string) => string
}

/** How one run of an action differs from a plain one. */
export type RunOptions = {
  /** Its attempt at an operation of the journal. */
  attempt?: Attempt | undefined
  /** Takes the steps of its writes. */
  tell?: Tell | undefined
  /** Sends nothing: only looks for what an earlier attempt may have sent. */
  onlyLook?: boolean | undefined
}

/**
 * Checks the input, runs the action and wraps its outcome. It never throws; the token is removed from every text that
 * leaves. `wrote`: whether a write was begun.
 */
export async function runAction(
  action: AnyAction,
  input: unknown,
  call: OpenCall,
  client: ClientState,
  { attempt, tell, onlyLook = false }: RunOptions = {},
): Promise<Result & { wrote: boolean }> {
  const { send, began } = watch(call, tell)
  const wrote = () => began() === 'a write'
  try {
    const parsed = parsedInput(action, input)
    const verify = action.verify as Verify<unknown> | undefined // the schema that its input type comes from has parsed it
    const port = portTo((request) => {
      if (onlyLook && request.semantics === 'idempotent') throw repeatable()
      if (request.semantics !== 'non-idempotent') return send(request)
      if (verify === undefined) throw new Error(`${action.name} has no verify`)
      return sendOnce({ ...client, request, send, call, verify, input: parsed, tell, onlyLook }, attempt)
    }, attempt?.begun)
    const run = () => action.run(port, parsed as never, client.memory)
    const own =
      verify === undefined ? await run() : await client.mutex.run([verify.key(parsed)], run, call.until)
    return { output: { success: true, error: null, ...own }, failure: null, wrote: wrote() }
  } catch (error) {
    return { ...failed(action, asFailure(action, error, began()), client.redact), wrote: wrote() }
  }
}

function repeatable(): IntercomError {
  return new IntercomError('nothing shows who has made this change', {
    code: 'not_looked_for',
    outcome: 'unknown',
    hint: 'Make the same call again under the same key: twice is the same as once.',
  })
}

/**
 * What a person has to see of a call; it only reads. A failure is the call's own: nothing was sent, and nobody should
 * be asked about it.
 */
export async function runPreview(
  action: AnyAction,
  preview: NonNullable<AnyAction['preview']>,
  input: unknown,
  call: OpenCall,
  { memory, redact }: Pick<ClientState, 'memory' | 'redact'>,
): Promise<Previewed> {
  try {
    const parsed = parsedInput(action, input)
    const port = portTo(async (request) => {
      if (request.semantics !== 'safe') throw new Error(`the preview of ${action.name} writes`)
      return await call.send(request)
    })
    return { preview: await preview(port, parsed as never, memory), failure: null }
  } catch (error) {
    const problem = asFailure(action, error, 'nothing')
    const { hint } = problem
    const said = hint !== null && /Nothing was/.test(hint) ? hint : ended(sentences(hint, 'Nothing was sent'))
    const notSent = new IntercomError(problem.message, {
      ...failureOf(problem),
      hint: said,
      outcome: 'not_sent',
    })
    const { output, failure: told } = failed(action, notSent, redact)
    return { preview: null, output, failure: told ?? failureOf(notSent) }
  }
}

const maxText = 2000

/** The envelope of a failure: `success: false`, the text, every other key at its default. */
export function failed(
  action: Pick<AnyAction, 'name'> & Partial<Pick<AnyAction, 'output'>>,
  error: IntercomError,
  redact: (text: string) => string,
): Result {
  const clean = (text: string | null) => (text === null ? null : redact(shortened(text, maxText)))
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

/** The input with its defaults. Throws the `IntercomError` that the action would answer. */
export function parsedInput(action: AnyAction, input: unknown): unknown {
  let problem: IntercomError
  try {
    const parsed = action.input.safeParse(input === undefined ? {} : input, { reportInput: true })
    if (parsed.success) return parsed.data
    problem = inputProblem(parsed.error.issues, action)
  } catch (error) {
    throw invalidInput(`the input cannot be read (${textOf(error)})`, 'Nothing was sent.')
  }
  throw problem
}

/** What a run has asked of Intercom so far: nothing, reads only, or a write. */
type Began = 'nothing' | 'reads' | 'a write'

/** Remembers whether a write was begun, and tells of each one. */
function watch(call: OpenCall, tell: Tell | undefined): { send: Send; began(): Began } {
  let began: Began = 'nothing'
  const watched: Send = async (request) => {
    if (request.semantics !== 'safe') began = 'a write'
    else if (began === 'nothing') began = 'reads'
    return await (request.semantics === 'safe' || tell === undefined
      ? call.send(request)
      : told(call, request, tell))
  }
  return { send: watched, began: () => began }
}

async function told(call: OpenCall, request: Request, tell: Tell): Promise<JsonObject> {
  const beforeSend = async () => {
    await request.beforeSend?.()
    tell({ step: 'transmitted' })
  }
  try {
    const answer = await call.send({ ...request, beforeSend })
    tell({ step: 'answered', request_id: call.trace.request_id })
    return answer
  } catch (error) {
    if (error instanceof IntercomError && error.outcome !== 'not_sent') {
      const { code, status, request_id } = error
      tell({ step: error.outcome === 'unknown' ? 'answer_lost' : 'rejected', code, status, request_id })
    }
    throw error
  }
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
  const message = sentences(shortened(error.message, maxText))
  const hint = error.hint === null ? null : shortened(error.hint, maxText)
  return ended(sentences(`${status}${error.code}: ${message}${request}`, hint))
}

/** What a dry run would have sent, in place of Intercom's answer to it. */
export type Planned = { dry_run: true; method: Request['method']; path: string; body: JsonObject | null }

/** Reads for real and writes nothing: a write is answered by the request it would have been. */
export function dryRun(send: Send): { send: Send; planned(): Planned | null } {
  let first: Planned | null = null
  const plan = ({ method, path, body }: Request): Planned => {
    first ??= { dry_run: true, method, path: path.encoded, body: body ?? null }
    return first // what the action hands on as its result
  }
  return {
    send: async (request) => (request.semantics === 'safe' ? send(request) : plan(request)),
    planned: () => first,
  }
}

/** The envelope of a dry run: the planned request where the answer would stand, all else at its default. */
export function plannedOutput(
  action: Pick<AnyAction, 'output'>,
  output: Envelope,
  planned: Planned,
): Envelope {
  const defaults = action.output.parse({ success: true }) as Envelope
  const key = Object.keys(output).find((name) => output[name] === planned)
  return key === undefined ? output : { ...defaults, [key]: planned }
}

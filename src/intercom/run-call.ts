import type { Trace } from '../client/call.ts'
import type { Client, OpenCall } from '../client/client.ts'
import { telemetry } from '../client/telemetry.ts'
import type { AnyAction, Result } from '../core/action.ts'
import { Claims } from '../core/claims.ts'
import { type Attempt, asJournalError, underIdempotencyKey } from '../core/idempotency.ts'
import type { Journal } from '../core/journal.ts'
import { type ClientState, dryRun, failed, type Planned, plannedOutput, runAction } from '../core/run.ts'
import { storyOf } from '../core/story.ts'
import { invalidInput } from '../errors.ts'
import type { CallOptions } from './options.ts'

/** What all calls of a client share. */
export type Calls = {
  client: Client
  state: ClientState
  journal: Journal | undefined
  /** Whether none of them may write. */
  dry: boolean
  deadlineMs: number
}

export type TracedResult = Result & { trace: Trace }

/** Runs one call of an action whose options have been checked. It never rejects. */
export async function runCall(
  calls: Calls,
  action: AnyAction,
  input: unknown,
  options: CallOptions,
): Promise<TracedResult> {
  const span = (await telemetry())?.action(action)
  const opened = calls.client.open(calls.deadlineMs, options.signal, span, options.onExchange)
  const run = async () => ({
    ...(await resultOf(calls, action, input, options, opened)),
    trace: opened.trace,
  })
  const result = await (span === undefined ? run() : span.within(run))
  span?.end(result.failure, result.trace)
  return result
}

async function resultOf(
  { state, journal, dry }: Calls,
  action: AnyAction,
  input: unknown,
  options: CallOptions,
  opened: OpenCall,
): Promise<Result> {
  const { idempotencyKey: key, onlyLook = false, onExchange } = options
  if (dry && onlyLook) return failed(action, invalidInput('a dry run looks for nothing'), state.redact)
  if (dry || options.dryRun) return await plan(action, input, opened, state, onExchange)
  const isRead = action.effect === 'read'
  const story = storyOf(isRead ? undefined : options.onStep)
  const run = async (attempt?: Attempt) => {
    const result = await runAction(action, input, opened, state, { attempt, onlyLook, tell: story.tell })
    const { attempts, waits, request_id } = opened.trace
    story.tell({ step: 'ended', attempts, waits, request_id })
    return result
  }
  if (journal === undefined || isRead) {
    const { output, failure } = await run()
    return { output, failure }
  }
  try {
    return await underIdempotencyKey(
      journal,
      { key, action: action.name, input, onlyLook },
      opened,
      run,
      story,
    )
  } catch (error) {
    return failed(action, asJournalError(error), state.redact)
  }
}

async function plan(
  action: AnyAction,
  input: unknown,
  opened: OpenCall,
  state: ClientState,
  onExchange: CallOptions['onExchange'],
): Promise<Result> {
  const { send, planned } = dryRun(opened.send)
  const own = { ...state, claims: new Claims() } // a later call must not look for what was never sent
  const { output, failure } = await runAction(action, input, { ...opened, send }, own)
  const plan = planned()
  if (plan) tellPlan(plan, opened.trace, onExchange)
  return { output: plan ? plannedOutput(action, output, plan) : output, failure }
}

function tellPlan(
  { method, path, body }: Planned,
  { attempts }: Trace,
  onExchange: CallOptions['onExchange'],
): void {
  const event = { method, path, body, attempt: attempts + 1 }
  try {
    onExchange?.({ ...event, planned: true, transmitted: false, status: null, ms: 0 })
  } catch {} // as after a request
}

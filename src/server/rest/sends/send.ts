import { actionNamed } from '../../../actions/toolsets.ts'
import type { Approval } from '../../../approvals/approval.ts'
import { type Result, recordsSends } from '../../../core/action.ts'
import { recorded } from '../../../core/idempotency.ts'
import type { JournalEntry } from '../../../core/journal.ts'
import type { Step } from '../../../core/story.ts'
import type { LoggedCall } from './log.ts'

/**
 * The state of a write: `sent` once; `verified`: its answer was lost, and it was found by reading; `unknown`: it may
 * have taken effect; `refused`: it has not; `held` for a person; `running`.
 */
export const sendStates = ['running', 'sent', 'verified', 'unknown', 'refused', 'held'] as const
export type SendState = (typeof sendStates)[number]

/** What a person did with a held call. `by` is for operators. */
type Decided = {
  at: number | null
  step: 'held' | 'approved' | 'edited' | 'declined' | 'lapsed'
  by?: string | null
  reason?: string | null
}

/** A write, in a list. Times are Unix ms. */
export type SendRow = {
  id: string
  caller: string
  action: string
  title: string
  state: SendState
  /** Whether a file has it; what is only in memory ends with this process. */
  persisted: boolean
  idempotency_key: string | null
  approval_id: string | null
  begun_at: number | null
  changed_at: number
  error: string | null
  code: string | null
  conversation_id: string | null
}

/** A write with its story. */
export type Send = SendRow & {
  steps: (Step | Decided)[]
  /** What it was answered, whole or by its ids; `null` where nothing was recorded. */
  answer: Result | null
  /** What to do about it, if anything. */
  next: string | null
}

const prefix = 'key_'

/** The id of the operation under an idempotency key, its scope included. */
export function idOfKey(key: string): string {
  return `${prefix}${Buffer.from(key).toString('base64url')}`
}

export function keyOfId(id: string): string | null {
  return id.startsWith(prefix) ? Buffer.from(id.slice(prefix.length), 'base64url').toString() : null
}

/** An operation of the journal, under a key of the caller's own; `live`: the call of this process that held it last. */
export function ofEntry(caller: string, key: string, entry: JournalEntry, live?: LoggedCall): Send {
  const { action, begun_at, sent_at, changed_at, record } = entry
  const answer = record === null ? null : readRecord(record)
  const steps = stepsOf(entry, live)
  const state = stateOf(entry, steps, answer)
  const last = state === 'unknown' || state === 'refused' ? (live?.result ?? null) : null
  const own = { idempotency_key: key, approval_id: null, persisted: true }
  const times = { begun_at: begun_at ?? sent_at, changed_at }
  const told = rowOf({ id: idOfKey(entry.key), caller, action, state, ...own, ...times }, answer ?? last)
  return { ...told, steps, answer, next: entryNext(state, entry, answer, isAbsent(steps)) }
}

/** A call that only this process knows of. */
export function ofCall(caller: string, call: LoggedCall, key: string | null): Send {
  const { id, action, begun_at, ended_at, steps, result } = call
  const own = { idempotency_key: key, approval_id: null, persisted: false }
  const state = ended_at === null ? 'running' : ended(result, steps)
  const times = { begun_at, changed_at: ended_at ?? begun_at }
  const shown = call.key !== null && call.owns ? idOfKey(call.key) : id
  const told = rowOf({ id: shown, caller, action, state, ...own, ...times }, result)
  const next = state === 'unknown' ? lookNext(result) : null
  return { ...told, steps: [...steps], answer: result, next }
}

/** A call that was held; `entry` is what the journal has of the call, once it was approved. */
export function ofApproval(
  approval: Approval,
  entry: JournalEntry | null,
  live: LoggedCall | undefined,
  isOperator: boolean,
): Send {
  const { id, caller, action, outcome, preview, created_at, decided_at } = approval
  const made = entry === null ? [...(live?.steps ?? [])] : stepsOf(entry, live)
  const state = approvalState(approval, made)
  const times = { begun_at: created_at, changed_at: lastOf(made) ?? decided_at ?? created_at }
  const own = { idempotency_key: null, approval_id: id, persisted: true }
  const told = rowOf({ id, caller, action, state, ...own, ...times }, outcome)
  const steps = [...decisionsOf(approval, isOperator), ...made]
  const conversation_id = told.conversation_id ?? preview?.conversation?.id ?? null
  return { ...told, conversation_id, steps, answer: outcome, next: approvalNext(state, outcome) }
}

type Bare = Omit<SendRow, 'title' | 'error' | 'code' | 'conversation_id'>

function rowOf(bare: Bare, result: Result | null): SendRow {
  const { action } = bare
  const title = actionNamed(action)?.title ?? action
  const error = result?.output.error ?? null
  const code = result?.failure?.code ?? null
  return { ...bare, title, error, code, conversation_id: conversationIn(result) }
}

/** The conversation that an answer is, or belongs to. */
function conversationIn(result: Result | null): string | null {
  for (const value of Object.values(result?.output ?? {})) {
    if (typeof value !== 'object' || value === null) continue
    const { type, id, conversation_id } = value as Record<string, unknown>
    if (conversation_id != null) return String(conversation_id)
    if (type === 'conversation' && id != null) return String(id)
  }
  return null
}

function readRecord(record: string): Result | null {
  try {
    return recorded(record)
  } catch {
    return null
  }
}

/**
 * The steps of attempts that ended, as they told them; of an attempt that died, or was an older version's, what the
 * journal recorded.
 */
function stepsOf(entry: JournalEntry, live: LoggedCall | undefined): Step[] {
  const { begun_at, sent_at, changed_at, unknown, died, state } = entry
  const steps: Step[] = [...entry.steps]
  const has = (step: Step['step']) => steps.some((one) => one.step === step)
  if (!has('recorded') && begun_at !== null) steps.unshift({ at: begun_at, step: 'recorded' })
  if (state === 'running') return [...steps, ...(live?.steps.filter(({ step }) => step !== 'recorded') ?? [])]
  if (!has('transmitted') && sent_at !== null) steps.push({ at: sent_at, step: 'transmitted' })
  if (!has('answer_lost') && unknown) steps.push({ at: null, step: 'answer_lost' })
  if (died) steps.push({ at: changed_at, step: 'interrupted' })
  else if (!has('ended')) steps.push({ at: changed_at, step: 'ended' })
  return inOrder(steps)
}

/** Sorted by time; a step without one stays behind the step before it. */
function inOrder(steps: readonly Step[]): Step[] {
  let last = 0
  const timed = steps.map((step) => {
    last = step.at ?? last
    return { step, at: last }
  })
  return timed.toSorted((a, b) => a.at - b.at).map(({ step }) => step)
}

function stateOf({ state, action, unknown, sent_at }: JournalEntry, steps: Step[], answer: Result | null) {
  if (state === 'running') return 'running'
  if (state === 'finished') return ended(answer, steps)
  if (isAbsent(steps)) return 'refused'
  return unknown || sent_at !== null || !recordsSends(actionNamed(action)) ? 'unknown' : 'refused'
}

/** Whether a look has proven that it took no effect, and nothing was transmitted since. */
function isAbsent(steps: readonly Step[]): boolean {
  const last = (name: Step['step']) => steps.findLastIndex(({ step }) => step === name)
  return last('absent') > last('transmitted')
}

/** A record that cannot be read says nothing about the outcome. */
function ended(result: Result | null, steps: readonly Step[]): SendState {
  if (result === null || result.failure?.outcome === 'unknown') return 'unknown'
  if (result.failure !== null) return 'refused'
  return steps.some(({ step }) => step === 'found') ? 'verified' : 'sent'
}

function approvalState({ state, outcome }: Approval, steps: readonly Step[]): SendState {
  if (state === 'waiting') return 'held'
  if (state === 'approved') return 'running'
  return state === 'done' ? ended(outcome, steps) : 'refused'
}

function decisionsOf(approval: Approval, isOperator: boolean): Decided[] {
  const { created_at, expires_at, decided_at, decided_by, edited, reason, state } = approval
  const steps: Decided[] = [{ at: created_at, step: 'held' }]
  const by = isOperator ? { by: decided_by } : {}
  if (decided_at !== null) {
    const step = state === 'declined' ? 'declined' : edited === null ? 'approved' : 'edited'
    steps.push({ at: decided_at, step, ...by, ...(state === 'declined' ? { reason } : {}) })
  }
  if (state === 'lapsed')
    steps.push({ at: decided_at === null ? expires_at : approval.act_by, step: 'lapsed', reason })
  return steps
}

function lastOf(steps: readonly Step[]): number | null {
  return steps.at(-1)?.at ?? null
}

function entryNext(
  state: SendState,
  { action, record }: JournalEntry,
  answer: Result | null,
  absent: boolean,
): string | null {
  const again = 'Make the same call again under the same Idempotency-Key'
  if (state === 'refused' && absent)
    return `It was looked for, and is not there: nothing of it took effect. ${again} to send it.`
  if (state === 'refused' && record === null)
    return `Its process ended before anything was transmitted. ${again}.`
  if (state !== 'unknown') return null
  const effect = actionNamed(action)?.effect
  // A finished call answers its record under its key, and an action that no longer exists cannot be called.
  if (record !== null || effect === undefined) return lookNext(answer)
  return effect === 'update'
    ? `It may have taken effect. ${again}: twice is the same as once.`
    : `It may have taken effect. ${again}: it looks in Intercom before it sends anything.`
}

function lookNext(result: Result | null): string {
  return result?.failure?.hint ?? 'It may have taken effect. Look in Intercom before you send the same again.'
}

function approvalNext(state: SendState, outcome: Result | null): string | null {
  if (state === 'held') return 'A person has to decide on it. Nothing is sent until then.'
  return state === 'unknown' ? lookNext(outcome) : null
}

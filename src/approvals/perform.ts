import { actionNamed } from '../actions/toolsets.ts'
import type { Envelope, Result } from '../core/action.ts'
import { recorded, recordOf } from '../core/idempotency.ts'
import { inputHash } from '../core/journal.ts'
import type { Preview } from '../core/preview.ts'
import { failed } from '../core/run.ts'
import { type Failure, IntercomError } from '../errors.ts'
import type { CallResult, Intercom } from '../intercom.ts'
import type { Approval, ApprovalStore, Asker } from './approval.ts'
import { unknownApproval } from './errors.ts'
import { mayHaveBeenSent, type Vouching, vouching } from './made-before.ts'

/** A client that makes approved calls. */
export type PerformingClient = Pick<Intercom, 'call' | 'workspace' | 'journal'> &
  Partial<Pick<Intercom, 'actions' | 'preview'>> & {
    /** Whose calls it makes. Without it: anybody's. */
    makesFor?: ((who: Asker) => boolean) | undefined
    /** Whether whoever asked may still have it made: a policy may have become stricter since. */
    allows?: ((approval: Approval) => boolean) | undefined
  }

/** An approval after a try. `result`: what this process's own call came to, also where that is no outcome yet. */
export type Performed = { approval: Approval; result: CallResult<Envelope> | null }

/** The journal's idempotency key of an approved call. */
function keyOf(id: string): string {
  return `approval:${id}`
}

const running = new WeakMap<ApprovalStore, Map<string, Promise<Performed>>>()

/**
 * Makes an approved call and records its outcome: once, whoever tries, and never when it is too late. Where it cannot be
 * made by this client, or not now, it stays approved. Throws an `IntercomError` when the file of approvals fails.
 */
export function perform(store: ApprovalStore, client: PerformingClient, id: string): Promise<Performed> {
  const own = running.get(store) ?? new Map<string, Promise<Performed>>()
  running.set(store, own)
  const shared = own.get(id)
  if (shared !== undefined) return shared
  const one = performed(store, client, id).finally(() => own.delete(id))
  own.set(id, one)
  return one
}

async function performed(store: ApprovalStore, client: PerformingClient, id: string): Promise<Performed> {
  const approval = await store.get(id)
  if (approval === null) throw unknownApproval(id)
  const journal = vouching(client)
  const offered = (client.actions as readonly string[] | undefined)?.includes(approval.action) ?? true
  const isTheirs = client.makesFor?.(approval) ?? true
  const isAllowed = client.allows?.(approval) ?? true
  if (
    approval.state !== 'approved' ||
    journal === null ||
    client.workspace !== approval.workspace ||
    (isTheirs && isAllowed && !offered)
  )
    return { approval, result: null }
  const begun = await store.begin(id, journal.id, isTheirs)
  if (begun === 'late') return { approval: await tooLate(store, journal, approval), result: null }
  if (begun !== 'begun') return { approval: (await store.get(id)) ?? approval, result: null }
  if (!isAllowed) return { approval: await endUnsent(store, journal, approval, deniedSince), result: null }
  const shown = await isAsShown(client, journal, approval)
  if (shown === 'no')
    return { approval: await endUnsent(store, journal, approval, changedSince), result: null }
  if (shown === 'unclear') {
    await store.postpone(id)
    return { approval: (await store.get(id)) ?? approval, result: null }
  }
  const isRead = actionNamed(approval.action)?.effect === 'read'
  const options = isRead ? {} : { idempotencyKey: keyOf(id) } // whoever asked may be gone: no signal ends it
  const result = await client.call(approval.action as string, approval.edited ?? approval.input, options)
  try {
    const outcome = await outcomeOf(journal, id, result)
    if (outcome !== null) return { approval: await store.finish(id, outcome), result }
    await store.postpone(id)
    return { approval: (await store.get(id)) ?? approval, result }
  } catch {
    return { approval, result } // the journal has recorded it, and the next look gets it from there
  }
}

/**
 * Whether the call still reaches whom the person was shown, by the addresses they have now: another call may have changed
 * them since. What is no longer there the call itself says; while it cannot be looked up for another reason, it waits.
 */
async function isAsShown(
  client: PerformingClient,
  journal: Vouching,
  { id, action, input, edited, preview }: Approval,
): Promise<'yes' | 'no' | 'unclear'> {
  if (preview === null || preview.to.length === 0 || client.preview === undefined) return 'yes'
  if ((await journal.peek(keyOf(id))).state !== 'none') return 'yes' // it was begun
  const now = await client.preview(action, edited ?? input)
  if (now.preview === null) return now.failure.status === 404 ? 'yes' : 'unclear'
  return reached(now.preview) === reached(preview) ? 'yes' : 'no'
}

function reached({ to }: Preview): string {
  return to
    .map(({ id, email }) => JSON.stringify([id, email]))
    .sort()
    .join()
}

const deniedSince = 'the policy of whoever asked has become stricter since, or their key is gone'
const changedSince = 'whom it reaches has changed since a person approved it'

/** What is an answer to the call; `null` for what may yet become another one: not now, not by this token, not here. */
async function outcomeOf(journal: Vouching, id: string, { output, failure }: Result): Promise<Result | null> {
  const peeked = await journal.peek(keyOf(id)).catch(() => null)
  if (peeked?.state === 'finished') return recorded(peeked.record)
  if (failure !== null && (peeked?.state === 'running' || !isAnswer(failure))) return null
  return JSON.parse(recordOf({ output, failure }, null)) as Result
}

/** What says nothing of the call, but of this process. */
const ofThisProcess = [
  'client_closed',
  'journal_failed',
  'journal_full',
  'internal',
  'idempotency_key_mismatch',
]

function isAnswer({ retryable, outcome, status, code }: Failure): boolean {
  if (retryable) return false
  return outcome === 'unknown' || !(status === 401 || status === 403 || ofThisProcess.includes(code))
}

/**
 * The end of what was not made in time. The journal decides: what it has recorded is the outcome; what may have been
 * transmitted is unknown; else it takes a record that nothing was sent, so that no process that was held up can send it.
 */
async function tooLate(store: ApprovalStore, journal: Vouching, approval: Approval): Promise<Approval> {
  const { id, action } = approval
  const key = keyOf(id)
  const peeked = await journal.peek(key)
  if (peeked.state === 'finished') {
    const outcome = recorded(peeked.record)
    const hasLapsed = outcome.failure?.code === 'approval_lapsed' // as recorded below
    return hasLapsed ? await store.expire(id, journal.id) : await store.finish(id, outcome)
  }
  if (peeked.state === 'running') return approval
  if (peeked.state === 'stopped' && mayHaveBeenSent(peeked, action))
    return await store.finish(id, ended(approval, 'unknown'))
  return await endUnsent(store, journal, approval)
}

/**
 * Takes the call's key in the journal with the record that nothing was sent, and ends the approval. `why`: for a reason
 * other than the time.
 */
async function endUnsent(
  store: ApprovalStore,
  journal: Vouching,
  approval: Approval,
  why?: string,
): Promise<Approval> {
  const { id, action } = approval
  const key = keyOf(id)
  const owner = crypto.randomUUID()
  const input_hash = await inputHash(action, approval.edited ?? approval.input)
  const acquired = await journal.acquire({ key, action, input_hash }, owner).catch(() => null)
  if (acquired?.state !== 'acquired') return approval // the next look will tell
  if (acquired.earlier !== null) {
    await journal.finish(key, owner, 'unchanged')
    return await store.finish(id, ended(approval, 'unknown'))
  }
  await journal.finish(key, owner, { record: JSON.stringify(ended(approval, 'not_sent', why)) })
  return await store.expire(id, journal.id, why)
}

function ended(
  { id, action }: Approval,
  outcome: 'unknown' | 'not_sent',
  why = 'it was not made in time',
): Result {
  const what = outcome === 'unknown' ? 'it was interrupted while it may have been sent' : why
  const message = `a person approved this call (${id}), and ${what}`
  const hint =
    outcome === 'unknown'
      ? 'Look in Intercom whether it took effect before it is made again.'
      : 'Nothing was sent. Call again to ask for another approval.'
  const code = outcome === 'unknown' ? 'interrupted' : 'approval_lapsed'
  const known = actionNamed(action) ?? { name: action }
  return failed(known, new IntercomError(message, { code, outcome, hint }), (text) => text)
}

import { actionNamed } from '../actions/toolsets.ts'
import type { Trace } from '../client/call.ts'
import { type Result, recordsSends } from '../core/action.ts'
import { keyMismatch, recorded, stillRunning } from '../core/idempotency.ts'
import { inputHash, type Journal } from '../core/journal.ts'
import { IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'

/** A journal that can vouch that an approved call is made at most once. */
export type Vouching = Journal & { id: string; peek: NonNullable<Journal['peek']> }

/** The journal of a client, if approved calls can be made through it. */
export function vouching({ journal }: Pick<Intercom, 'journal'>): Vouching | null {
  return journal?.id !== undefined && journal.peek !== undefined ? (journal as Vouching) : null
}

const untraced = { attempts: 0, waits: [], rate_limit: null, request_id: null, verified_by: null }

/**
 * What a call came to under the caller's own key, from before it needed a person; `null` where it was not made. Throws an
 * `IntercomError` where it may have been sent, and for a key of another call.
 */
export async function madeBefore(
  journal: Vouching,
  key: string,
  { action, input }: { action: string; input: unknown },
): Promise<(Result & { trace: Trace }) | null> {
  const peeked = await journal.peek(key)
  if (peeked.state === 'none') return null
  const owner = crypto.randomUUID()
  const input_hash = await inputHash(action, input)
  const isSame = peeked.state === 'stopped' && (peeked.input_hash ?? input_hash) === input_hash
  if (isSame && mayHaveBeenSent(peeked, action)) throw interrupted()
  const acquired = await journal.acquire({ key, action, input_hash }, owner)
  if (acquired.state === 'finished') return { ...recorded(acquired.record), trace: untraced }
  if (acquired.state === 'mismatch') throw keyMismatch()
  if (acquired.state === 'running') throw stillRunning()
  const isUnsent = acquired.earlier === null && recordsSends(actionNamed(action))
  await journal.finish(key, owner, isUnsent ? 'no_effect' : 'unchanged')
  if (isUnsent) return null
  throw interrupted()
}

/** Of a call whose attempt has stopped. */
export function mayHaveBeenSent({ sent }: { sent: boolean }, action: string): boolean {
  return sent || !recordsSends(actionNamed(action))
}

function interrupted(): IntercomError {
  return new IntercomError('an earlier call under this idempotency key may have been sent', {
    code: 'interrupted',
    outcome: 'unknown',
    hint: 'It is from before such calls needed a person. Look in Intercom whether it took effect; use a new key to ask a person.',
  })
}

import { invalidInput, textOf } from '../errors.ts'
import type { Step } from './story.ts'

/** How long a journal remembers what was sent, ms (decisions/journal.md). */
export const retentionMs = 30 * 24 * 3600 * 1000

/** A call under its idempotency key. The hash tells another input under the same key. */
export type Operation = { key: string; action: string; input_hash: string }

/** An attempt that did not finish. Times are Unix ms of this machine. */
export type EarlierAttempt = {
  /** When its request was about to be transmitted. */
  sent_at: number
  /** When it was last known to be alive: its request may have been transmitted until then. */
  alive_at: number
  /** Whether it recorded that its outcome is unknown; if not, it may have died at any point. */
  unknown: boolean
}

/**
 * The result of acquiring an operation. A `running` one belongs to an owner that is alive. `begun_at`, Unix ms: where
 * its beginning was recorded already, and what a later attempt will see as `sent_at` of this one.
 */
export type Acquired =
  | { state: 'acquired'; earlier: EarlierAttempt | null; begun_at?: number | undefined }
  | { state: 'running' }
  | { state: 'finished'; record: string }
  | { state: 'mismatch' }

/**
 * What a journal knows of an operation. `none`: it was never begun, or ended without effect. `stopped`: its attempt is no
 * longer alive; `sent`: a non-idempotent request of it may have been transmitted; `input_hash` as in its `Operation`.
 */
export type Peeked =
  | { state: 'none' | 'running' }
  | { state: 'finished'; record: string }
  | { state: 'stopped'; sent: boolean; input_hash?: string | undefined }

/** An operation as a journal shows it: without its input, of which it keeps a hash. Times are Unix ms. */
export type JournalEntry = {
  key: string
  action: string
  /** Grows with every operation. */
  seq: number
  /** `null` of one that was begun before journals recorded it. */
  begun_at: number | null
  /** When its non-idempotent request was about to be transmitted, the first time that its outcome is unknown. */
  sent_at: number | null
  /** When it was last written to; of a running one, when it was last known to be alive. */
  changed_at: number
  /** `stopped`: its attempt died, or ended without an outcome. */
  state: 'running' | 'stopped' | 'finished'
  /** Its last attempt died. */
  died: boolean
  /** An attempt has recorded that its outcome is unknown. */
  unknown: boolean
  record: string | null
  /** Of the attempts that ended. */
  steps: Step[]
}

/** Which operations of a scope to list, the newest first. */
export type EntryListing = {
  limit: number
  /** The `seq` of the last one of the page before. */
  before?: number | undefined
  /** Those without a record only. */
  open?: boolean | undefined
  /** Those of one action only. */
  action?: string | undefined
  /** Those whose outcome is a success; or all others, those without one as well. */
  success?: boolean | undefined
}

/**
 * A page of a listing. `next`: the `before` of the next page; `null` at the end. A short page need not be the last,
 * since a listing looks at a bounded number of operations.
 */
export type EntryPage = { entries: JournalEntry[]; next: number | null }

/**
 * How an attempt ends. `record`: later calls get it. `no_effect`: the key is free again. `unknown`: its request may
 * have taken effect. `unchanged`: as an earlier attempt left it.
 */
export type AttemptResult = { record: string } | 'no_effect' | 'unknown' | 'unchanged'

/**
 * Where operations are recorded before they are transmitted, so that the next attempt after a crash reads before it
 * sends. An `owner` is one attempt; it holds the operation for as long as it renews its lease.
 */
export interface Journal {
  acquire(operation: Operation, owner: string): Promise<Acquired>
  /** Renews the owner's lease. Called every second. */
  renew(key: string, owner: string): Promise<void>
  /** Records that a request is about to be transmitted. False when the owner has lost its lease: it must not send. */
  recordSend(key: string, owner: string, at: number): Promise<boolean>
  /** Records that the outcome of the request is unknown, which holds until a record ends the operation. */
  recordUnknown(key: string, owner: string): Promise<void>
  /** Assigns an item found at Intercom to the operation. False when it belongs to another. */
  claim(item: string, key: string): Promise<boolean>
  /** Those of the items that belong to other operations. */
  claimedByOthers(items: readonly string[], key: string): Promise<readonly string[]>
  /** Ends the attempt of this owner; without a lease it changes nothing. `steps`: what happened in it. */
  finish(key: string, owner: string, result: AttemptResult, steps?: readonly Step[]): Promise<void>
  /**
   * Distinguishes this journal from others, which do not know what it has recorded. Needed for approvals, as is `peek`.
   */
  readonly id?: string
  /** Looks at an operation without taking part in it. */
  peek?(key: string): Promise<Peeked>
  /** Lists its operations. Without it only those of this process can be shown. */
  readonly entries?: JournalEntries
  close(): void
}

/** Reads what a journal holds, without taking part. A scope is what its keys begin with, up to a colon. */
export type JournalEntries = {
  list(scope: string, listing: EntryListing): Promise<EntryPage>
  get(key: string): Promise<JournalEntry | null>
  /** Tells keys that other processes have changed, within about a second; `null`: more than it can tell. */
  listen(changed: (key: string | null) => void): () => void
}

/**
 * SHA-256 in hex of an action's name and input, whatever the order of the input's keys; a key whose value is
 * `undefined` is as good as absent. Rejects with `invalid_input` for what cannot be read or written as JSON.
 */
export async function inputHash(action: string, input: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(readable([action, input]))
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
}

function readable(value: unknown): string {
  try {
    return canonical(value)
  } catch (error) {
    throw invalidInput(`the input cannot be read (${textOf(error)})`, 'Nothing was sent.')
  }
}

/** JSON with sorted keys. No `toJSON` is called: it could make two inputs alike. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`
}

import type { Result } from '../core/action.ts'
import type { Preview } from '../core/preview.ts'

/**
 * `waiting` for a person; `approved`, and to be acted on; `declined`; `lapsed`: nobody decided, or nobody acted on the
 * decision, in time; `done`: it has an outcome.
 */
export type ApprovalState = 'waiting' | 'approved' | 'declined' | 'lapsed' | 'done'

/** Where a person decided. */
export type Road = 'elicitation' | 'page' | 'cli' | 'api' | 'app'

/** A call that waits for a person's decision, and what came of it. Times are Unix ms. */
export type Approval = {
  /** `apr_` and 22 characters of base64url: 16 random bytes. */
  id: string
  /** The name of the API key, or `mcp`, `cli` … */
  caller: string
  /** Who that is, where the name alone does not tell: for whoever makes the call after a restart. */
  identity: string | null
  /** `Intercom.workspace` of the client that is to make the call; it does not tell the token. */
  workspace: string
  action: string
  /** Exactly what would be sent. */
  input: unknown
  preview: Preview | null
  /** The client's name, as it gives it. */
  asked_by: string | null
  created_at: number
  /** Until when a person can decide. */
  expires_at: number
  state: ApprovalState
  decided_at: number | null
  decided_by: string | null
  road: Road | null
  /** Of a decline, or of an approved call that ended before its time. */
  reason: string | null
  /** The whole input, as a person changed it. */
  edited: unknown | null
  /** Until when an approved call is begun, or not at all. */
  act_by: number | null
  /** What the call came to. A long answer is kept as ids alone. */
  outcome: Result | null
}

/** Who asked. */
export type Asker = Pick<Approval, 'caller' | 'identity'>

/** A call to hold. */
export type HeldCall = Pick<
  Approval,
  'caller' | 'workspace' | 'action' | 'input' | 'preview' | 'asked_by'
> & {
  /** The caller's own key: other keys are other calls, and another call under the same key is refused. */
  idempotencyKey?: string | undefined
  /** The journal through which alone it is made, by its id. Without it, the first that begins it. */
  journal?: string | undefined
  /** @default 24 hours */
  expiresMs?: number | undefined
  /** As in `Approval`. */
  identity?: string | null | undefined
  /** The caller can ask its own user: what that user declined, or has been told the outcome of, is asked about anew. */
  asksAnew?: boolean | undefined
}

/**
 * `edited`: parameters that the person changed, which can only be `preview.textParameter`; what is left out stays as it
 * was. An `edited` that changes nothing is none.
 */
export type Decision = { approve: true; edited?: unknown } | { decline: string | null }

/** Which approvals to list, the newest first. `before`: the id of the last one of the page before. */
export type Listing = {
  state?: ApprovalState | undefined
  caller?: string | undefined
  workspace?: string | undefined
  /** @default 100, at most 1000 */
  limit?: number | undefined
  before?: string | undefined
}

/** `late`: it was approved and not acted on in time, which its journal has to confirm. */
export type Found = { approval: Approval; live: boolean; late: boolean }

/** What has changed: an approval of this process by its id; `null` when another process changed the file. */
export type Change = { id: string; state: ApprovalState } | null

/**
 * Where held calls are kept. Every method throws an `IntercomError` with the code `approvals_failed` where the file
 * cannot be read or written.
 */
export interface ApprovalStore {
  readonly file: string
  readonly isOpen: boolean
  /** Under which questions of all processes that share the file are sealed. 32 bytes. */
  readonly sealKey: Uint8Array
  /** The newest approval of this very call, if there is one. `live`: it answers the call; else a new one is needed. */
  find(call: HeldCall): Promise<Found | null>
  /**
   * The live approval of this very call, else a new one. Throws an `IntercomError` when this caller has too many
   * waiting (`too_many_approvals`), for a call that is too large, and for an idempotency key of another call.
   */
  hold(call: HeldCall): Promise<Approval>
  get(id: string): Promise<Approval | null>
  list(listing?: Listing): Promise<Approval[]>
  /** How many there are in each state. */
  counts(caller?: string): Promise<Record<ApprovalState, number>>
  /**
   * Records a decision, once. Throws an `IntercomError`: `no_such_approval`, `already_decided` (the message says who
   * decided and what), `approval_lapsed`, or `not_editable` and `invalid_input` for what was edited.
   */
  decide(id: string, decision: Decision, by: string, road: Road): Promise<Approval>
  /**
   * Begins an approved call, through its own journal only: through another one it could be made twice. Only what is
   * `begun` may be made: not `elsewhere` (another journal), too `late`, or `ended` (in another state). `mayMake`: false
   * where whoever asks is not to make it, but only to end it if it is too late.
   */
  begin(id: string, journal: string, mayMake?: boolean): Promise<'begun' | 'elsewhere' | 'late' | 'ended'>
  /** Records what the call came to. What is known stays; an unknown outcome gives way to a known one. */
  finish(id: string, outcome: Result): Promise<Approval>
  /** Records that the caller has been told the outcome. */
  tell(id: string): Promise<void>
  /** Ends an approved call of this journal that nobody acted on in time, or, whatever the time, for another reason. */
  expire(id: string, journal: string, why?: string | null): Promise<Approval>
  /**
   * Approved calls of a workspace and journal without an outcome that are to be looked at now, the oldest first: of the
   * callers that `makesFor` names, and those of others that are too late.
   */
  due(
    workspace: string,
    journal: string,
    limit: number,
    makesFor?: (who: Asker) => boolean,
  ): Promise<Approval[]>
  /** Not before later: a try that came to nothing. */
  postpone(id: string): Promise<void>
  /** Ends what nobody decided on or acted on in time, and forgets what is older than 30 days. Answers how many ended. */
  lapse(): Promise<number>
  /** Tells of changes until the answer is called; those of other processes within a second or so. */
  listen(changed: (change: Change) => void): () => void
  close(): void
}

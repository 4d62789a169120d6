/** One intended call: the caller's id for it, and a hash that tells another input under the same id. */
export type Step = { id: string; action: string; input_hash: string }

/** What a run that did not end left behind. Times are Unix ms of this machine. */
export type Left = {
  /** When its request was about to leave. */
  at: number
  /** When it was last known to run: its request may have left until then. */
  seen_at: number
  /** Whether it had found out that the outcome is unclear; else it may have been ended at any point. */
  unclear: boolean
}

/** What asking for a step comes to. A `running` one belongs to somebody who is alive. */
export type Taken =
  | { state: 'mine'; left: Left | null }
  | { state: 'running' }
  | { state: 'finished'; record: string }
  | { state: 'other_input' }

/**
 * How a run ends. `record`: later calls get it. `undone`: nothing took effect, the id is free again. `unclear`:
 * nobody can say whether its request took effect. `as_found`: as an earlier run left it.
 */
export type End = { record: string } | 'undone' | 'unclear' | 'as_found'

/**
 * Where intents are written down before their first byte leaves, so that whoever comes back after a crash reads
 * before it sends. `owner` is one run; a step belongs to one owner at a time, for as long as it renews.
 */
export interface StepJournal {
  take(step: Step, owner: string): Promise<Taken>
  /** Says that the owner is alive. Needed every second. */
  renew(id: string, owner: string): Promise<void>
  /** Written before the request leaves. False when the step belongs to another by now: nothing may be sent. */
  begin(id: string, owner: string, at: number): Promise<boolean>
  /** Nobody can say whether the request took effect. It stays so until a record ends the step. */
  unclear(id: string, owner: string): Promise<void>
  /** Gives what was found at Intercom to this step. False when it belongs to another. */
  claim(item: string, id: string): Promise<boolean>
  /** The id of the step that something at Intercom was given to; null when it was given to none. */
  ownerOf(item: string): Promise<string | null>
  /** Ends the run of this owner; of another it changes nothing. */
  finish(id: string, owner: string, end: End): Promise<void>
  close(): void
}

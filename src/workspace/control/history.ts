import { ControlError } from '../control-error.ts'
import {
  type ChangeList,
  type ChangesQuery,
  type Checkpoint,
  type Rewound,
  TimeMachine,
} from '../history/time-machine.ts'
import type { Store } from '../store/store.ts'
import * as input from './input.ts'

/** What was written to a workspace, and the way back (docs/time-machine.md). Throws where no history is kept. */
export class HistoryControl {
  readonly #store: Store
  readonly #machine: TimeMachine
  readonly #atOnce: (work: () => void) => void
  readonly #closing = new AbortController()

  /** @internal `atOnce` runs work that searches see at once. */
  constructor(store: Store, atOnce: (work: () => void) => void) {
    this.#store = store
    this.#machine = new TimeMachine(store, store.history)
    this.#atOnce = atOnce
  }

  get #time(): TimeMachine {
    if (this.#store.history.isOn) return this.#machine
    throw new ControlError(
      'This workspace keeps no history: it was created with history: false, or --no-history.',
    )
  }

  /** What was written, oldest first: by whom, when, which fields of which entities, and whether a customer saw it. */
  changes(query: ChangesQuery = {}): ChangeList {
    return this.#time.changes(input.validated(input.changes, query))
  }

  /** The number after which the next change comes, for `since`. */
  get newestChange(): number {
    return this.#time.newest
  }

  /** @internal Aborts when the workspace closes. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Calls back after each write that changed something; gives what ends that. */
  onChange(listener: () => void): () => void {
    return this.#time.onChange(listener)
  }

  /** Names the present moment, for {@link changesSince} and {@link rewind}; a checkpoint of that name moves here. */
  checkpoint(name: string): Checkpoint {
    return this.#time.checkpoint(input.validated(input.snapshotName, name))
  }

  checkpoints(): Checkpoint[] {
    return this.#time.checkpoints()
  }

  /** False if there is none of this name. */
  dropCheckpoint(name: string): boolean {
    return this.#time.dropCheckpoint(input.validated(input.snapshotName, name))
  }

  /**
   * What changed since a checkpoint and still holds: what a rewind took back since is left out, with the rewind. `since`
   * is for the next page.
   */
  changesSince(name: string, query: ChangesQuery = {}): ChangeList {
    return this.#time.changesSince(
      input.validated(input.snapshotName, name),
      input.validated(input.changes, query),
    )
  }

  /**
   * Brings all data back to a checkpoint. Clock, tokens, webhooks and what they have queued stay, and ids that were given
   * are not given again. The answer names a checkpoint of the state before: rewinding to it undoes the rewind.
   */
  rewind(name: string): Rewound {
    const time = this.#time
    let done: Rewound | undefined
    this.#atOnce(() => {
      done = time.rewind(input.validated(input.snapshotName, name))
    })
    if (done === undefined) throw new Error('The rewind did not run')
    return done
  }

  /** @internal */
  close(): void {
    this.#closing.abort()
  }
}

import type { Intercom } from '../intercom.ts'
import type { AttemptJournal } from './attempt-journal.ts'
import type { ConcurrencyLimit } from './concurrency-limit.ts'

/** What the handlers of one worker share. */
export type Runtime = {
  intercom: Pick<Intercom, 'call'>
  /** The journal that the client was made with. */
  journal: AttemptJournal
  concurrency: ConcurrencyLimit
  /** The folder that bulk jobs read files from. */
  files: string | undefined
}

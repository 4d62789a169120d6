import { withoutWaiting } from '../adapters/http/index.ts'
import type { StepJournal } from '../core/journal.ts'
import { openJournal } from '../journal/journal.ts'

/** The journal that all keys of a server share. Throws an `IntercomError` when the file cannot be used. */
export function journalOf(file: string): StepJournal {
  return withoutWaiting(openJournal(file))
}

import type { Journal } from '../../core/journal.ts'
import { openJournal } from '../../core/sqlite-journal.ts'
import { rejectIfRunning } from './index.ts'

/** The journal that all keys of a server share. Throws an `IntercomError` when the file cannot be used. */
export function journalOf(file: string): Journal {
  return rejectIfRunning(openJournal(file))
}

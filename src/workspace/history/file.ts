import { existsSync } from 'node:fs'
import { systemClock } from '../clock.ts'
import { openStore } from '../store/open.ts'
import { describeWithAuthor } from './describe.ts'
import { type ChangeList, type ChangesQuery, TimeMachine } from './time-machine.ts'

/** What was written to the data file of a workspace that is not running, with a line for each change. */
export function readChanges(
  data: string,
  query: ChangesQuery & { readonly checkpoint?: string | undefined },
): ChangeList & { readonly lines: readonly string[] } {
  if (!existsSync(data)) throw new Error(`there is no file ${data}`)
  const store = openStore(data, systemClock)
  try {
    const time = new TimeMachine(store, store.history)
    const { checkpoint, ...filter } = query
    const list = checkpoint === undefined ? time.changes(filter) : time.changesSince(checkpoint, filter)
    return { ...list, lines: list.changes.map(describeWithAuthor) }
  } finally {
    store.db.close()
  }
}

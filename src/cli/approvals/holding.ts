import type { Approvals } from '../../approvals/index.ts'
import type { FileJournal } from '../../core/sqlite-journal.ts'
import type { Intercom } from '../../intercom.ts'
import type { Access } from '../../tools/policy.ts'
import { orUsageError, say } from '../command.ts'
import { UsageError } from '../flags.ts'
import { filesOf } from './file.ts'

/** Where the calls of one command are held. `journal`: the one through which approved calls are made. */
export type Holding = {
  approvals: Approvals
  journal: FileJournal
  /** Makes what is approved elsewhere, until it is closed. */
  start(intercom: Partial<Pick<Intercom, 'call' | 'workspace' | 'journal'>>): void
  close(): Promise<void>
}

/**
 * Opens the files of a command whose calls may need a person; `null` where none does. A file of `--approvals` that
 * cannot be used is wrong usage. Where the user's own file cannot be, calls that no form can ask about are refused, and
 * a message says so.
 */
export async function openHolding(
  caller: string,
  { sends, approve = [] }: Pick<Access, 'sends' | 'approve'>,
  values: Record<string, unknown>,
): Promise<Holding | null> {
  if (sends !== 'confirm' && approve.length === 0) return null
  try {
    return await opened(caller, values)
  } catch (error) {
    if (!(error instanceof UsageError) || values['approvals'] !== undefined) throw error
    say(`${error.message}. Until then, what the client cannot ask a person about is refused.`)
    return null
  }
}

async function opened(caller: string, values: Record<string, unknown>): Promise<Holding> {
  const { holding, keepPerforming, openApprovals } = await import('../../approvals/index.ts')
  const { openJournal } = await import('../../core/sqlite-journal.ts')
  const files = await filesOf(values)
  const store = await orUsageError(() => openApprovals(files.file))
  const journal = await orUsageError(() => openJournal(files.journal)).catch((error: unknown) => {
    store.close()
    throw error
  })
  let stop = async () => {}
  return {
    approvals: holding(store, { caller }),
    journal,
    start(intercom) {
      stop = keepPerforming(store, () => [{ ...intercom, makesFor: (who) => who.caller === caller }])
    },
    async close() {
      await stop()
      store.close()
      journal.close()
    },
  }
}

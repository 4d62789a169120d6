import { setTimeout as pause } from 'node:timers/promises'
import type { Approval, ApprovalStore } from '../../approvals/index.ts'
import { openJournal } from '../../core/sqlite-journal.ts'
import { createIntercom, type Intercom } from '../../intercom.ts'
import { credentialsFor } from '../connection.ts'
import { filesOf } from './file.ts'

/** How long `--wait` sleeps between two looks, ms. */
const lookEveryMs = 250

/** What makes the calls that are approved here, of each workspace that this user has a token for. */
export type OwnClients = { clients: Intercom<'all'>[]; close(): Promise<void> }

/** Those of the workspace that the command line names, or else of the environment's token, or else of all connected ones. */
export async function ownClients(values: Record<string, unknown>): Promise<OwnClients> {
  const { credentials, close } = await credentialsFor(values)
  try {
    const { journal: file } = await filesOf(values)
    const journal = credentials.length === 0 ? undefined : openJournal(file)
    const clients = credentials.map((one) => createIntercom({ ...one, toolsets: ['all'], journal }))
    return {
      clients,
      async close() {
        await Promise.all(clients.map((client) => client.close()))
        journal?.close()
        close()
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * An approved call once it was made here, where one of the clients is of its workspace, or else by another process within
 * so many seconds. It is still `approved` where nobody has made it yet.
 */
export async function madeOrAwaited(
  store: ApprovalStore,
  approval: Approval,
  { clients }: OwnClients,
  seconds: number,
): Promise<Approval> {
  const { perform } = await import('../../approvals/index.ts')
  let latest = approval
  const client = clients.find(({ workspace }) => workspace === approval.workspace)
  if (client !== undefined) latest = (await perform(store, client, approval.id)).approval
  const until = performance.now() + 1000 * seconds
  while (latest.state === 'approved' && performance.now() < until) {
    await pause(lookEveryMs)
    latest = (await store.get(approval.id)) ?? latest
  }
  return latest
}

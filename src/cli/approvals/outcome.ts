import { setTimeout as pause } from 'node:timers/promises'
import type { Approval, ApprovalStore } from '../../approvals/index.ts'
import { createIntercom, type Intercom } from '../../intercom.ts'
import { textIn } from '../flags.ts'
import { filesOf } from './file.ts'

/** How long `--wait` sleeps between two looks, ms. */
const lookEveryMs = 250

/** The client of the environment's token, which makes the calls that are approved here; `null` without a token. */
export async function ownClient(values: Record<string, unknown>): Promise<Intercom<'all'> | null> {
  const accessToken = process.env['INTERCOM_ACCESS_TOKEN'] ?? ''
  if (accessToken.trim() === '') return null
  const { journal } = await filesOf(values)
  const baseUrl = textIn(values['base_url'])
  return createIntercom({ accessToken, baseUrl, toolsets: ['all'], journal })
}

/**
 * An approved call once it was made here, where the client's token is that of the call, or else by another process within
 * so many seconds. It is still `approved` where nobody has made it yet.
 */
export async function madeOrAwaited(
  store: ApprovalStore,
  approval: Approval,
  client: Intercom<'all'> | null,
  seconds: number,
): Promise<Approval> {
  const { perform } = await import('../../approvals/index.ts')
  let latest = approval
  if (client?.workspace === approval.workspace) latest = (await perform(store, client, approval.id)).approval
  const until = performance.now() + 1000 * seconds
  while (latest.state === 'approved' && performance.now() < until) {
    await pause(lookEveryMs)
    latest = (await store.get(approval.id)) ?? latest
  }
  return latest
}

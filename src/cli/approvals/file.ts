import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ApprovalStore } from '../../approvals/index.ts'
import { orUsageError } from '../command.ts'
import { type Flags, textIn, UsageError } from '../flags.ts'

/** The flag of every command that holds calls, or decides on them. */
export const approvalsFlag: Flags = {
  approvals: {
    type: 'string',
    description: 'the file of approvals (calls that wait for a person); one per user by default',
  },
}

/**
 * The file that `--approvals` names, or else the one of this user, and the journal of the calls that are made by it: the
 * one that it lies beside, or else one of its own.
 */
export async function filesOf(values: Record<string, unknown>): Promise<{ file: string; journal: string }> {
  const { approvalsFile } = await import('../../approvals/index.ts')
  const given = textIn(values['approvals'])
  const approvals = given === undefined ? undefined : resolve(given)
  const beside = approvals?.endsWith('.approvals') ? approvals.slice(0, -'.approvals'.length) : undefined
  const journal = beside !== undefined && existsSync(beside) ? beside : undefined
  return await orUsageError(() => approvalsFile({ approvals, journal, state: process.env['XDG_STATE_HOME'] }))
}

/** Opens a file that a server, an agent or a job has made; `null` where none of this user has. */
export async function openedApprovals(values: Record<string, unknown>): Promise<ApprovalStore | null> {
  const { file } = await filesOf(values)
  if (!existsSync(file)) {
    if (values['approvals'] === undefined) return null
    throw new UsageError(`there is no file ${file}: --approvals names the one that the server was given`)
  }
  const { openApprovals } = await import('../../approvals/index.ts')
  return await orUsageError(() => openApprovals(file))
}

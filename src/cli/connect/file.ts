import { existsSync, readFileSync } from 'node:fs'
import type { FileOfWorkspaces } from '../../connect/index.ts'
import { orUsageError } from '../command.ts'
import { type Flags, textIn, UsageError } from '../flags.ts'

/** The flag of every command that uses the connected workspaces. */
export const workspacesFlag: Flags = {
  workspaces: {
    type: 'string',
    description: 'the file of connected workspaces; one per user by default',
  },
}

const keyVariable = 'MODULEX_INTERCOM_WORKSPACES_KEY'

/**
 * A secret from the environment: the value of NAME, or the content of the file that NAME_FILE names; `undefined` where
 * neither is set.
 */
export function secretIn(name: string): string | undefined {
  const value = process.env[name]?.trim()
  if (value) return value
  const path = process.env[`${name}_FILE`]?.trim()
  if (!path) return undefined
  try {
    const text = readFileSync(path, 'utf8').trim()
    if (text !== '') return text
  } catch {
    throw new UsageError(`${name}_FILE: ${path} cannot be read`)
  }
  throw new UsageError(`${name}_FILE: ${path} is empty`)
}

/** Opens the file that `--workspaces` names, or else that of this user. */
export async function openStore(values: Record<string, unknown>): Promise<FileOfWorkspaces> {
  const key = secretIn(keyVariable)
  if (key === undefined)
    throw new UsageError(
      `connected workspaces need their key: set ${keyVariable}, or ${keyVariable}_FILE to a file that holds it; \`openssl rand -base64 32\` makes one`,
    )
  const { openWorkspaces } = await import('../../connect/index.ts')
  const file = await fileIn(values)
  return await orUsageError(() => openWorkspaces(file, key))
}

/** The same where there is a key and a file already; `null` otherwise. */
export async function openStoreIfAny(values: Record<string, unknown>): Promise<FileOfWorkspaces | null> {
  if (secretIn(keyVariable) === undefined || !existsSync(await fileIn(values))) return null
  return await openStore(values)
}

async function fileIn({ workspaces }: Record<string, unknown>): Promise<string> {
  const { inStateFolder } = await import('../../approvals/file.ts')
  return (
    textIn(workspaces) ??
    (await orUsageError(() => inStateFolder(process.env['XDG_STATE_HOME'], 'workspaces.db', '--workspaces')))
  )
}

import { randomBytes } from 'node:crypto'
import { orUsageError } from './command.ts'
import { UsageError } from './flags.ts'

/**
 * The hash of the API key of the environment; `null` where no key is asked for. A variable that is set and blank is a
 * mistake, which must not open a server.
 */
export async function apiKeyHash(): Promise<Buffer | null> {
  const variable = process.env['MODULEX_INTERCOM_API_KEY']
  if (variable === undefined) return null
  const key = variable.trim()
  if (key === '')
    throw new UsageError(
      'MODULEX_INTERCOM_API_KEY is set but empty: set it to a key (`openssl rand -hex 32` makes one), or unset it',
    )
  const { checkedKeyHash } = await import('../server/index.ts')
  return await orUsageError(() => checkedKeyHash(key, 'MODULEX_INTERCOM_API_KEY'))
}

/** The key that enables `/_workspace/…`; from the environment, never from a flag. */
export function adminKey(): string | undefined {
  return process.env['INTERCOM_WORKSPACE_ADMIN_KEY'] || undefined
}

/** A key for the control plane of a local Intercom that nobody is told. */
export function ownAdminKey(): string {
  return randomBytes(24).toString('base64url')
}

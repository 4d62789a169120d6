import { createIntercom, type Intercom, type IntercomOptions } from '../intercom.ts'
import { type Flags, UsageError } from './flags.ts'

/** The flags of every command that speaks to Intercom. */
export const connectionFlags: Flags = {
  local: {
    type: 'boolean',
    description: 'use an embedded Intercom with demo data, gone when the command ends',
  },
  base_url: { type: 'string', description: "Intercom's host, instead of INTERCOM_API_BASE_URL" },
  read_only: { type: 'boolean', description: 'refuse every action that changes something' },
  only: { type: 'string', description: 'allow these actions only, comma-separated' },
  dry_run: { type: 'boolean', description: 'send no write, print what it would be' },
}

/** A client, where it speaks to, and how to end it. */
export type Connection = { intercom: Intercom; options: IntercomOptions; close(): Promise<void> }

/** Makes the client a command line asks for. The token comes from the environment alone. */
export async function connect(
  values: Record<string, unknown>,
  more: IntercomOptions = {},
): Promise<Connection> {
  const given = {
    ...more,
    readOnly: values['read_only'] === true,
    dryRun: values['dry_run'] === true,
    only: onlyOf(values),
  }
  if (values['local'] !== true) return remote(values, given)
  if (values['base_url'] !== undefined) throw new UsageError('--local and --base-url exclude each other')
  const { createWorkspace } = await import('../workspace/index.ts')
  const workspace = await createWorkspace({ seed: 'small' })
  const { url, accessToken } = await workspace.listen()
  const options = { ...given, accessToken, baseUrl: url }
  try {
    return { intercom: create(options), options, close: () => workspace.close() }
  } catch (error) {
    await workspace.close()
    throw error
  }
}

/** The names that `--only` leaves. */
export function onlyOf(values: Record<string, unknown>): string[] | undefined {
  return typeof values['only'] === 'string' ? values['only'].split(',').map((name) => name.trim()) : undefined
}

/** The token of the environment; `instead` says what else would do. */
export function tokenOf(instead = ''): string {
  const accessToken = process.env['INTERCOM_ACCESS_TOKEN'] ?? ''
  if (accessToken.trim() !== '') return accessToken
  throw new UsageError(`no access token: set INTERCOM_ACCESS_TOKEN to your workspace's${instead}`)
}

function remote(values: Record<string, unknown>, given: IntercomOptions): Connection {
  const accessToken = tokenOf(', or add --local to try an embedded Intercom')
  const baseUrl = values['base_url'] ?? process.env['INTERCOM_API_BASE_URL']
  const options = { ...given, accessToken, baseUrl: typeof baseUrl === 'string' ? baseUrl : undefined }
  return { intercom: create(options), options, close: async () => {} }
}

/** Wrong options are wrong usage on a command line. */
function create(options: IntercomOptions): Intercom {
  try {
    return createIntercom(options)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

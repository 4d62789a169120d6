import { type ToolsetChoice, toolsetNames } from '../actions/toolsets.ts'
import { IntercomError } from '../errors.ts'
import { createIntercom, type Intercom, type IntercomOptions } from '../intercom.ts'
import type { LocalIntercom } from '../server/studio/local.ts'
import { type Access, approvable } from '../tools/policy.ts'
import { say } from './command.ts'
import { openStore, openStoreIfAny, workspacesFlag } from './connect/file.ts'
import { type Flags, kebab, namesIn, textIn, UsageError } from './flags.ts'
import { ownAdminKey } from './keys.ts'

export const toolsetFlag = {
  toolsets: {
    type: 'string',
    description: `add the actions of these toolsets, comma-separated: ${toolsetNames.join(', ')}, all`,
    values: [...toolsetNames, 'all'],
  },
} satisfies Flags

/** The flags of every command that speaks to Intercom. */
export const connectionFlags = {
  local: {
    type: 'boolean',
    description: 'use an embedded Intercom with demo data, discarded when the command ends',
  },
  base_url: { type: 'string', description: "Intercom's host, instead of INTERCOM_API_BASE_URL" },
  ...toolsetFlag,
  read_only: { type: 'boolean', description: 'refuse every action that changes something' },
  only: { type: 'string', description: 'allow these actions only, comma-separated' },
  dry_run: { type: 'boolean', description: 'print what a write would send, and do not send it' },
} satisfies Flags

/** The flags of commands that may use a connected workspace in place of INTERCOM_ACCESS_TOKEN. */
export const workspaceFlags: Flags = {
  workspace: { type: 'string', description: 'use this workspace, by its id: connect --list shows them' },
  ...workspacesFlag,
}

/** The flags of every command that offers the actions to others. */
export const accessFlags = {
  deny: { type: 'string', description: 'offer all actions but these, comma-separated' },
  sends: {
    type: 'string',
    description: 'what reaches customers: allow, confirm (a person is asked each time), off',
    default: 'allow',
    values: ['allow', 'confirm', 'off'],
  },
  approve: {
    type: 'string',
    description:
      'exactly what a person is asked about, comma-separated: effects (read, update, create, send), destructive, actions',
    values: ['read', 'update', 'create', 'send', 'destructive'],
  },
  output: {
    type: 'string',
    description: 'what models see: compact, or full',
    default: 'compact',
    values: ['compact', 'full'],
  },
  ignored_parameters: {
    type: 'string',
    description: 'names that the host adds to every input and that are dropped, comma-separated',
  },
} satisfies Flags

/** The flag of the commands that serve MCP. */
export const confirmByFlag: Flags = {
  confirm_by: {
    type: 'string',
    description:
      'where a person may decide within an MCP client, comma-separated: form, app; empty: only in the inbox',
    default: 'form',
    mayBeEmpty: true,
    values: ['form', 'app'],
  },
}

/** A client, its options, and how to close it with whatever was started for it. */
export type Connected = {
  intercom: Intercom
  options: IntercomOptions
  /** What it calls, where that is embedded. */
  local?: LocalIntercom
  close(): Promise<void>
}

/** Makes the client a command line asks for. The token comes from the environment alone. */
export async function connect(
  values: Record<string, unknown>,
  more: IntercomOptions = {},
): Promise<Connected> {
  const given = {
    ...more,
    readOnly: values['read_only'] === true,
    dryRun: values['dry_run'] === true,
    only: namesIn(values['only']),
    toolsets: toolsetsIn(values),
  }
  if (values['local'] !== true) return await remote(values, given)
  for (const flag of ['base_url', 'workspace'])
    if (values[flag] !== undefined) throw new UsageError(`--local and --${kebab(flag)} exclude each other`)
  const { createWorkspace } = await import('../workspace/index.ts')
  const adminKey = ownAdminKey()
  const workspace = await createWorkspace({ seed: 'small', adminKey })
  const { url, accessToken } = await workspace.listen()
  const options = { ...given, accessToken, baseUrl: url }
  const local = { url, fetch: (request: Request) => workspace.fetch(request), accessToken, adminKey }
  try {
    return { intercom: createIntercom(options), options, local, close: () => workspace.close() }
  } catch (error) {
    await workspace.close()
    throw error
  }
}

/** What `--toolsets` says; `createIntercom` checks the names. */
export function toolsetsIn({ toolsets }: Record<string, unknown>): ToolsetChoice[] | undefined {
  return namesIn(toolsets) as ToolsetChoice[] | undefined
}

/** What `accessFlags` say. */
export function accessOf({ deny, sends, approve, output, ignored_parameters }: Record<string, unknown>) {
  const asked = {
    sends: oneOf('sends', sends ?? 'allow', ['allow', 'confirm', 'off']),
    approve: namesIn(approve) as Access['approve'], // checked here, before any file is made for it
  }
  try {
    approvable(asked)
  } catch (error) {
    throw error instanceof IntercomError ? new UsageError(`--${error.message}`) : error
  }
  return {
    ...asked,
    deny: namesIn(deny),
    ignoredParameters: namesIn(ignored_parameters),
    output: output === undefined ? undefined : oneOf('output', output, ['compact', 'full']),
  }
}

/** What `confirmByFlag` says. */
export function confirmByOf({ confirm_by }: Record<string, unknown>): ('form' | 'app')[] | undefined {
  return namesIn(confirm_by)
    ?.filter((name) => name !== '')
    .map((name) => oneOf('confirm-by', name, ['form', 'app']))
}

function oneOf<const Value extends string>(flag: string, given: unknown, values: readonly Value[]): Value {
  const value = values.find((one) => one === given)
  if (value === undefined) throw new UsageError(`--${flag} takes ${values.join(', ')}`)
  return value
}

/** The token of a workspace and its host, as `createIntercom` takes them. */
export type Credential = Pick<IntercomOptions, 'baseUrl' | 'workspaceId' | 'onRefusedToken'> & {
  accessToken: NonNullable<IntercomOptions['accessToken']>
}

/** Credentials, and how to close the store that they come from. */
export type Credentials = { credentials: Credential[]; close(): void }

/**
 * What a command line may mean: the workspace that it names, or else the token of the environment, or else every
 * connected workspace.
 */
export async function credentialsFor(values: Record<string, unknown>): Promise<Credentials> {
  const id = textIn(values['workspace'])
  const accessToken = process.env['INTERCOM_ACCESS_TOKEN'] ?? ''
  if (id === undefined && accessToken.trim() !== '') {
    const baseUrl = textIn(values['base_url']) ?? process.env['INTERCOM_API_BASE_URL']
    return { credentials: [{ accessToken, baseUrl }], close() {} }
  }
  const store = id === undefined ? await openStoreIfAny(values) : await openStore(values)
  if (store === null) return { credentials: [], close() {} }
  try {
    const found = id === undefined ? await store.list() : [await store.find(id)]
    if (found.length > 0 && values['base_url'] !== undefined)
      throw new UsageError('--base-url and a connected workspace exclude each other: its region is known')
    const { notConnected, optionsFor } = await import('../connect/workspaces.ts')
    const credentials = found.map((one) => {
      if (one === null) throw notConnected(id ?? '')
      if (one.state === 'refused' && found.length === 1)
        say(`Intercom has refused the token of the workspace ${one.id}: connect it again.`)
      return optionsFor(store, one)
    })
    return { credentials, close: () => store.close() }
  } catch (error) {
    store.close()
    throw error
  }
}

/**
 * The one credential that it means; `null` where nothing names one. Throws a `UsageError` where several may be meant.
 */
export async function credentialIfAny(
  values: Record<string, unknown>,
): Promise<{ credential: Credential; close(): void } | null> {
  const { credentials, close } = await credentialsFor(values)
  const [credential, ...more] = credentials
  if (credential !== undefined && more.length === 0) return { credential, close }
  close()
  if (credential === undefined) return null
  const ids = credentials.map(({ workspaceId }) => workspaceId)
  throw new UsageError(`several workspaces are connected: say which by --workspace ${ids.join(' or ')}`)
}

/** Nothing on the command line or in the environment names a workspace. */
export class NoToken extends UsageError {}

/** The one credential, where there has to be one; `instead` ends the error with what else would do. */
export async function credentialFor(values: Record<string, unknown>, instead = '') {
  const found = await credentialIfAny(values)
  if (found !== null) return found
  throw new NoToken(
    `no access token: set INTERCOM_ACCESS_TOKEN to your workspace's, or connect one (connect --help)${instead}`,
  )
}

async function remote(values: Record<string, unknown>, given: IntercomOptions): Promise<Connected> {
  const { credential, close } = await credentialFor(values, ', or add --local to try an embedded Intercom')
  try {
    const options = { ...given, ...credential }
    return { intercom: createIntercom(options), options, close: async () => close() }
  } catch (error) {
    close()
    throw error
  }
}

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { connectionOf } from '../../client/credentials.ts'
import type { Journal } from '../../core/journal.ts'
import type { Caller } from '../../server/caller.ts'
import type { Config } from '../../server/config.ts'
import type { SignIn } from '../../server/sign-in/sign-in.ts'
import type { LocalIntercom } from '../../server/studio/local.ts'
import type { decidingOn } from '../approvals/deciding.ts'
import { orUsageError } from '../command.ts'
import type { Connecting } from '../connect/serving.ts'
import {
  accessFlags,
  accessOf,
  confirmByFlag,
  confirmByOf,
  connect,
  connectionFlags,
  workspaceFlags,
} from '../connection.ts'
import { type Flags, kebab, textIn, UsageError } from '../flags.ts'
import { apiKeyHash } from '../keys.ts'

export type Deciding = Awaited<ReturnType<typeof decidingOn>>
/** What the callers of a server keep. */
export type Stores = { journal: Journal | undefined; store: Connecting['workspaces'] | undefined }
/** What the command line gave. */
export type Values = Record<string, unknown>

const { dry_run: _, ...ownConnectionFlags } = connectionFlags

/** What each key of a configuration sets for itself. */
export const policyFlags: Flags = {
  ...ownConnectionFlags,
  ...workspaceFlags,
  ...accessFlags,
  ...confirmByFlag,
  output: {
    type: 'string',
    description: 'what answers hold: compact, or full; without it compact over MCP, full over REST',
    values: ['compact', 'full'],
  },
}

/** The configuration of `--config`. */
export async function configOf(values: Values): Promise<Config> {
  const path = textIn(values['config'])
  if (path === undefined) return {}
  const { parseConfig, withoutSecrets } = await import('../../server/index.ts')
  return await orUsageError(() => parseConfig(readFileSync(path, 'utf8')), path, withoutSecrets)
}

/**
 * The journal of the flag, or else of the configuration, whose paths are relative to its folder. `approvals`: what
 * calls that need a person take where none is named.
 */
export async function journalFor(
  config: Config,
  values: Values,
  approvals: string | undefined,
): Promise<Journal | undefined> {
  const { limitsOf, journalOf, withoutSecrets } = await import('../../server/index.ts')
  const { journalBytes } = limitsOf(config.limits)
  const folder = dirname(textIn(values['config']) ?? '')
  const file = textIn(values['journal']) ?? (config.journal && resolve(folder, config.journal)) ?? approvals
  return file === undefined
    ? undefined
    : await orUsageError(() => journalOf(file, journalBytes), withoutSecrets(file))
}

/** Where the secrets are that a configuration names. */
export function sourcesOf(values: Values, workspaces: Stores['store']) {
  return { env: process.env, folder: dirname(textIn(values['config']) ?? ''), workspaces }
}

/** `isKeyed`: they come from the configuration. `local`: what they call, where that is embedded. */
export type Served = {
  callers: Caller[]
  isKeyed: boolean
  local?: LocalIntercom | undefined
  close(): Promise<void>
}

/** The keys of a configuration, or else the one of the environment. */
export async function callersFor(
  { keys, auth }: Config,
  values: Values,
  { journal, store }: Stores,
): Promise<Served> {
  const isKeyed = keys !== undefined || (auth !== undefined && process.env[ownKey] === undefined)
  if (!isKeyed) return await ownCaller(values, journal)
  const flag = Object.keys(policyFlags).find((name) => values[name] !== undefined)
  if (flag !== undefined) {
    throw new UsageError(
      `--${kebab(flag)} and ${keys === undefined ? 'auth' : 'keys'} in --config exclude each other: each entry there sets it for itself`,
    )
  }
  const { callersOf, withoutSecrets } = await import('../../server/index.ts')
  const make = () => callersOf(keys ?? [], sourcesOf(values, store), journal)
  const callers = await orUsageError(make, textIn(values['config']), withoutSecrets)
  return { callers, isKeyed, close: async () => {} }
}

/** What knows those who sign in, where the configuration says by which authorization server. */
export async function signInFor(
  { auth, listen }: Config,
  values: Values,
  { journal, deciding, store }: Stores & { deciding: Deciding | null },
): Promise<SignIn | undefined> {
  if (auth === undefined) return undefined
  const [{ signInOf }, { withoutSecrets }] = await Promise.all([
    import('../../server/sign-in/sign-in.ts'),
    import('../../server/index.ts'),
  ])
  const path = textIn(values['config']) ?? ''
  const make = () =>
    signInOf(auth, {
      publicUrl: listen?.public_url ?? '', // the configuration has been checked
      sources: sourcesOf(values, store),
      journal,
      ...deciding,
    })
  return await orUsageError(make, path, withoutSecrets)
}

/** The one caller that the flags describe, by the key of the environment; without it, everybody on this machine. */
async function ownCaller(values: Values, journal: Journal | undefined): Promise<Served> {
  const { output, ...access } = accessOf(values)
  const keyHash = await apiKeyHash()
  const { defaultCallsPerMinute, defaultConcurrentCalls, trafficOf } = await import('../../server/index.ts')
  const traffic = trafficOf()
  const { onResponse } = traffic
  const { intercom, options, local, close } = await connect(values, { journal, onResponse })
  const caller: Caller = {
    name: 'default',
    keyHash,
    intercom,
    traffic,
    workspace: connectionOf(options),
    access,
    output,
    confirmBy: confirmByOf(values),
    journaled: journal !== undefined,
    callsPerMinute: defaultCallsPerMinute,
    concurrentCalls: defaultConcurrentCalls,
  }
  return { callers: [caller], isKeyed: false, local, close }
}

/** The variable of the one key that needs no configuration. */
const ownKey = 'MODULEX_INTERCOM_API_KEY'

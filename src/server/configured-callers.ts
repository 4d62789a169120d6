import { credentials } from '../client/credentials.ts'
import type { Workspaces } from '../connect/index.ts'
import type { Journal } from '../core/journal.ts'
import { ended, IntercomError, invalidInput } from '../errors.ts'
import { createIntercom } from '../intercom.ts'
import { type Access, approvable } from '../tools/policy.ts'
import type { Caller } from './caller.ts'
import type { KeyConfig } from './config.ts'
import { defaultCallsPerMinute, defaultConcurrentCalls } from './config.ts'
import { storedClient } from './connect/stored-client.ts'
import type { Refusal } from './refusal.ts'
import { trafficOf } from './rest/traffic.ts'
import { keyHashOf, resolvedOf, type Sources, secretOf } from './secrets.ts'
import type { AllowConfig } from './sign-in/config.ts'

/**
 * The callers of a configuration, each with an Intercom client of its own. `before`: those of an earlier one; those
 * that are the same are taken over. Throws an `IntercomError` that names the wrong place.
 */
export function callersOf(
  keys: readonly KeyConfig[],
  sources: Sources,
  journal?: Journal,
  before: readonly Caller[] = [],
): Caller[] {
  const callers = keys.map((key, index) => {
    const place = `keys[${index}]`
    const known = before.find(({ name }) => name === key.name)
    const made = resolvedOf(key, place, sources)
    return known?.made === made ? known : { ...configuredCaller(key, place, sources, journal, known), made }
  })
  for (const [index, { name, keyHash }] of callers.entries()) {
    const before = callers.slice(0, index)
    if (before.some((one) => one.name === name))
      throw invalidInput(`keys[${index}].name is taken by another key`)
    if (before.some((one) => keyHash !== null && one.keyHash?.equals(keyHash)))
      throw invalidInput(`keys[${index}] is the same key as another`)
  }
  return callers
}

function configuredCaller(
  key: KeyConfig,
  place: string,
  sources: Sources,
  journal: Journal | undefined,
  before: Caller | undefined,
): Caller {
  const keyHash = keyHashOf(key, place, sources)
  const { workspaces, ...entry } = key
  const policyIn = (workspace: string) => policyOf({ ...entry, workspace }, place, sources, journal)
  if (workspaces === undefined)
    return { name: key.name, keyHash, ...policyOf(entry, place, sources, journal, before?.traffic) }
  const store = storeOf(place, sources)
  const known = new Map<string, CallerPolicy>()
  const chosen = (id: string): CallerPolicy | null => {
    if (workspaces !== 'any' && !workspaces.includes(id)) return null
    const policy = known.get(id) ?? policyIn(id)
    known.set(id, policy)
    return policy
  }
  const choose = async (id: string): Promise<CallerPolicy | Refusal> => {
    if (workspaces !== 'any' && !workspaces.includes(id)) return notItsOwn
    const found = await store.find(id).catch(asRefusal)
    if (found === null) return notConnected
    return 'status' in found ? found : (chosen(id) ?? notItsOwn)
  }
  return { name: key.name, keyHash, ...policyIn(none), choose, chosen }
}

/** In place of a workspace, where each request names one. */
const none = '-'

const notItsOwn: Refusal = {
  status: 403,
  code: 'workspace_not_allowed',
  error: 'This key may not use this workspace. Its operator lists workspaces at the key.',
}

const notConnected: Refusal = {
  status: 404,
  code: 'workspace_not_connected',
  error:
    'This workspace is not connected, or not any more. Nothing was sent; its operator can connect it at /connect.',
}

function asRefusal(error: unknown): Refusal {
  if (!(error instanceof IntercomError)) throw error
  const { code, message } = error
  return { status: 503, code, error: `${ended(message)} Nothing was sent.`, headers: { 'Retry-After': '15' } }
}

function storeOf(place: string, { workspaces }: Sources): Workspaces {
  if (workspaces !== undefined) return workspaces
  throw invalidInput(`${place}: connected workspaces need connect, which names the file that keeps them`)
}

/** A workspace, and what a key or those who sign in may do there. */
export type CallerPolicy = Omit<Caller, 'name' | 'keyHash'>

/**
 * The same, of one entry of a configuration. `traffic`: of an earlier one of the same caller. Throws an `IntercomError`
 * that names the wrong place.
 */
export function policyOf(
  entry: Omit<AllowConfig, 'subjects' | 'clients' | 'workspace_of_subject'>,
  place: string,
  sources: Sources,
  journal: Journal | undefined,
  traffic = trafficOf(),
): CallerPolicy {
  const {
    read_only: readOnly,
    only,
    toolsets,
    deny,
    sends,
    parameter_defaults,
    parameter_overrides,
    ignored_parameters,
  } = entry
  const approve = entry.approve as Access['approve'] // checked here, before any file is made for it
  try {
    approvable({ sends, approve })
    const options = { toolsets, readOnly, only, journal, onResponse: traffic.onResponse }
    return {
      ...clientFor(entry, options, place, sources),
      traffic,
      access: {
        deny,
        sends,
        approve,
        parameterDefaults: parameter_defaults,
        parameterOverrides: parameter_overrides,
        ignoredParameters: ignored_parameters,
      },
      output: entry.output,
      confirmBy: entry.confirm_by,
      metrics: entry.metrics,
      journaled: journal !== undefined,
      callsPerMinute: entry.calls_per_minute ?? defaultCallsPerMinute,
      concurrentCalls: entry.concurrent_calls ?? defaultConcurrentCalls,
    }
  } catch (error) {
    if (!(error instanceof IntercomError) || error.message.startsWith(place)) throw error
    throw invalidInput(`${place}: ${error.message}`)
  }
}

type ClientOptions = Parameters<typeof storedClient>[2]

/** The client of an entry: by its own token, or by that of a connected workspace. */
function clientFor(
  entry: Pick<KeyConfig, 'workspace' | 'access_token_env' | 'access_token_file' | 'base_url'>,
  options: ClientOptions,
  place: string,
  sources: Sources,
): Pick<Caller, 'intercom' | 'workspace'> {
  if (entry.workspace !== undefined)
    return { intercom: storedClient(storeOf(place, sources), entry.workspace, options) }
  const accessToken = secretOf(entry, 'access_token', place, sources)
  const connection = { accessToken, baseUrl: entry.base_url ?? '' }
  return { intercom: createIntercom({ ...connection, ...options }), workspace: credentials(connection) }
}

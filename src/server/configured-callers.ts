import { credentials } from '../client/credentials.ts'
import type { Journal } from '../core/journal.ts'
import { IntercomError, invalidInput } from '../errors.ts'
import { createIntercom } from '../intercom.ts'
import { type Access, approvable } from '../tools/policy.ts'
import type { Caller } from './caller.ts'
import type { KeyConfig } from './config.ts'
import { defaultCallsPerMinute, defaultConcurrentCalls } from './config.ts'
import { trafficOf } from './rest/traffic.ts'
import { keyHashOf, type Sources, secretOf } from './secrets.ts'
import type { AllowConfig } from './sign-in/config.ts'

/** The callers of a configuration, each with an Intercom client of its own. Throws an `IntercomError` that names the wrong place. */
export function callersOf(keys: readonly KeyConfig[], sources: Sources, journal?: Journal): Caller[] {
  const callers = keys.map((key, index) => configuredCaller(key, `keys[${index}]`, sources, journal))
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
): Caller {
  const keyHash = keyHashOf(key, place, sources)
  return { name: key.name, keyHash, ...policyOf(key, place, sources, journal) }
}

/** A workspace and what a caller may do there: of a key, or of those who sign in. */
export type CallerPolicy = Omit<Caller, 'name' | 'keyHash'>

/** The same, of one entry of a configuration. Throws an `IntercomError` that names the wrong place. */
export function policyOf(
  entry: Omit<AllowConfig, 'subjects' | 'clients'>,
  place: string,
  sources: Sources,
  journal: Journal | undefined,
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
    const accessToken = secretOf(entry, 'access_token', place, sources)
    const traffic = trafficOf()
    const { onResponse } = traffic
    const connection = { accessToken, baseUrl: entry.base_url ?? '' }
    return {
      intercom: createIntercom({ ...connection, toolsets, readOnly, only, journal, onResponse }),
      traffic,
      workspace: credentials(connection),
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

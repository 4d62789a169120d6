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
  const {
    read_only: readOnly,
    only,
    toolsets,
    deny,
    sends,
    parameter_defaults,
    parameter_overrides,
    ignored_parameters,
  } = key
  const approve = key.approve as Access['approve'] // checked here, before any file is made for it
  try {
    approvable({ sends, approve })
    const keyHash = keyHashOf(key, place, sources)
    const accessToken = secretOf(key, 'access_token', place, sources)
    const traffic = trafficOf()
    const { onResponse } = traffic
    const connection = { accessToken, baseUrl: key.base_url ?? '' }
    return {
      name: key.name,
      keyHash,
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
      output: key.output,
      confirmBy: key.confirm_by,
      metrics: key.metrics,
      journaled: journal !== undefined,
      callsPerMinute: key.calls_per_minute ?? defaultCallsPerMinute,
      concurrentCalls: key.concurrent_calls ?? defaultConcurrentCalls,
    }
  } catch (error) {
    if (!(error instanceof IntercomError) || error.message.startsWith(place)) throw error
    throw invalidInput(`${place}: ${error.message}`)
  }
}

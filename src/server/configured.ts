import type { Journal } from '../core/journal.ts'
import { IntercomError } from '../errors.ts'
import { createIntercom } from '../intercom.ts'
import type { Caller } from './callers.ts'
import { type Config, type KeyConfig, wrong } from './config.ts'
import { defaultCallsPerMinute, defaultConcurrentCalls, defaultLimits, type Limits } from './limits.ts'
import { accessTokenOf, keyHashOf, type Sources } from './secrets.ts'

/** The callers of a configuration, each with an Intercom client of its own. Throws with the place that is wrong. */
export function callersOf(keys: readonly KeyConfig[], sources: Sources, journal?: Journal): Caller[] {
  const callers = keys.map((key, index) => callerOf(key, `keys[${index}]`, sources, journal))
  for (const [index, { name, keyHash }] of callers.entries()) {
    const before = callers.slice(0, index)
    if (before.some((one) => one.name === name)) throw wrong(`keys[${index}].name is taken by another key`)
    if (before.some((one) => keyHash !== null && one.keyHash?.equals(keyHash))) {
      throw wrong(`keys[${index}] is the same key as another one's`)
    }
  }
  return callers
}

function callerOf(key: KeyConfig, place: string, sources: Sources, journal: Journal | undefined): Caller {
  const { read_only: readOnly, only, deny, sends, parameter_defaults, parameter_overrides } = key
  try {
    return {
      name: key.name,
      keyHash: keyHashOf(key, place, sources),
      intercom: createIntercom({
        accessToken: accessTokenOf(key, place, sources),
        baseUrl: key.base_url ?? '',
        readOnly,
        only,
        journal,
      }),
      access: {
        readOnly,
        only,
        deny,
        sends,
        parameterDefaults: parameter_defaults,
        parameterOverrides: parameter_overrides,
      },
      output: key.output,
      journaled: journal !== undefined,
      callsPerMinute: key.calls_per_minute ?? defaultCallsPerMinute,
      concurrentCalls: key.concurrent_calls ?? defaultConcurrentCalls,
    }
  } catch (error) {
    if (!(error instanceof IntercomError) || error.message.startsWith(place)) throw error
    throw wrong(`${place}: ${error.message}`)
  }
}

/** The limits of a configuration, filled up. */
export function limitsOf(limits: Config['limits'] = {}): Limits {
  return {
    bodyBytes: limits.body_bytes ?? defaultLimits.bodyBytes,
    concurrentCalls: limits.concurrent_calls ?? defaultLimits.concurrentCalls,
    requestSeconds: limits.request_seconds ?? defaultLimits.requestSeconds,
    headerSeconds: limits.header_seconds ?? defaultLimits.headerSeconds,
    shutdownSeconds: limits.shutdown_seconds ?? defaultLimits.shutdownSeconds,
  }
}

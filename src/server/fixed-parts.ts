import type { Config } from './config.ts'
import { resolvedOf, type Sources } from './secrets.ts'

/**
 * The parts of a configuration that a running server cannot take over, by their place. The text of each differs where
 * the part does, or a secret that it names. Keys, operators and the entries of `auth` are left out, but not whether
 * there are any. Throws an `IntercomError` on a secret that is not there.
 */
export function fixedParts({ keys, operators, ...rest }: Config, sources: Sources): Map<string, string> {
  const parts = new Map<string, string>()
  for (const [name, list] of Object.entries({ keys, operators }))
    if (list !== undefined) parts.set(`${name} (that there are any)`, 'yes')
  for (const [section, given] of Object.entries(rest)) {
    const members = typeof given === 'object' ? Object.entries(given) : [['', given] as const]
    for (const [name, value] of members) {
      const place = name === '' ? section : `${section}.${name}`
      const holder = typeof value === 'object' ? place : section
      if (place !== 'auth.allow') parts.set(place, resolvedOf({ [name]: value }, holder, sources))
    }
  }
  return parts
}

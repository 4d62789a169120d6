import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Workspaces } from '../connect/index.ts'
import { invalidInput } from '../errors.ts'
import { checkedKeyHash } from './keys.ts'

/** Where secrets come from: the environment, files beside the configuration, and what keeps connected workspaces. */
export type Sources = {
  env: Readonly<Record<string, string | undefined>>
  folder: string
  workspaces?: Workspaces | undefined
}

/** A secret that a configuration names as `NAME_env` or `NAME_file`. Throws an `IntercomError` where there is none. */
export function secretOf<Name extends string>(
  named: Readonly<Partial<Record<`${Name}_env` | `${Name}_file`, string | undefined>>>,
  name: Name,
  place: string,
  sources: Sources,
): string {
  const variable = named[`${name}_env`]
  return variable === undefined
    ? fromFile(named[`${name}_file`] ?? '', `${place}.${name}_file`, sources)
    : fromEnvironment(variable, `${place}.${name}_env`, sources)
}

/** The hash of the key that a configuration names. Throws an `IntercomError` where there is none, or a weak one. */
export function keyHashOf(
  named: { key_env?: string | undefined; key_file?: string | undefined; key_sha256?: string | undefined },
  place: string,
  sources: Sources,
): Buffer {
  return named.key_sha256 === undefined
    ? checkedKeyHash(secretOf(named, 'key', place, sources), place)
    : Buffer.from(named.key_sha256, 'hex')
}

/**
 * A part of a configuration as one text, with what it names as `NAME_env` or `NAME_file` in the place of that, hashed: two
 * texts differ where the parts do, or the secrets. Throws an `IntercomError` where there is no such secret.
 */
export function resolvedOf(part: unknown, place: string, sources: Sources): string {
  return JSON.stringify(part, (member, value: unknown) => {
    const [, name = ''] = /^(.+)_(?:env|file)$/.exec(member) ?? []
    if (name === '' || typeof value !== 'string') return value
    const secret = secretOf({ [member]: value } as { key_env: string }, name as 'key', place, sources) // of that name
    return createHash('sha256').update(secret).digest('hex')
  })
}

function fromEnvironment(variable: string, place: string, { env }: Sources): string {
  const value = env[variable]?.trim() ?? ''
  if (value === '') throw invalidInput(`${place}: the variable ${variable} is not set`)
  return value
}

function fromFile(path: string, place: string, { folder }: Sources): string {
  const isPath = /[/\\.]/.test(path) || path.length < 16 // else it may be the secret itself
  const shown = isPath ? JSON.stringify(path) : 'the file that it names'
  try {
    const value = readFileSync(resolve(folder, path), 'utf8').trim()
    if (value !== '') return value
  } catch {
    throw invalidInput(`${place}: ${shown} cannot be read`)
  }
  throw invalidInput(`${place}: ${shown} is empty`)
}

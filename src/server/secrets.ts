import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type KeyConfig, wrong } from './config.ts'
import { hashOf, shortestKey } from './keys.ts'

/** Where secrets come from: the environment, and files beside the configuration. */
export type Sources = { env: Readonly<Record<string, string | undefined>>; folder: string }

/** The hash of the key that a configuration names. */
export function keyHashOf(key: KeyConfig, place: string, sources: Sources): Buffer {
  if (key.key_sha256 !== undefined) return Buffer.from(key.key_sha256, 'hex')
  const secret =
    key.key_env === undefined
      ? fromFile(key.key_file ?? '', `${place}.key_file`, sources)
      : fromEnvironment(key.key_env, `${place}.key_env`, sources)
  return checkedHash(secret, place)
}

/** The access token that a configuration names. */
export function accessTokenOf(key: KeyConfig, place: string, sources: Sources): string {
  return key.access_token_env === undefined
    ? fromFile(key.access_token_file ?? '', `${place}.access_token_file`, sources)
    : fromEnvironment(key.access_token_env, `${place}.access_token_env`, sources)
}

/** The hash of a key, which has to be long enough not to be guessed. */
export function checkedHash(key: string, place: string): Buffer {
  if (/^[\x21-\x7e]+$/.test(key) && key.length >= shortestKey) return hashOf(key)
  throw wrong(
    `the key of ${place} takes ${shortestKey} or more printable ASCII characters without spaces; \`openssl rand -hex 32\` makes one`,
  )
}

function fromEnvironment(variable: string, place: string, { env }: Sources): string {
  const value = env[variable]?.trim() ?? ''
  if (value === '') throw wrong(`${place}: the variable ${variable} is not set`)
  return value
}

function fromFile(path: string, place: string, { folder }: Sources): string {
  try {
    const value = readFileSync(resolve(folder, path), 'utf8').trim()
    if (value !== '') return value
  } catch {
    throw wrong(`${place}: ${JSON.stringify(path)} cannot be read`)
  }
  throw wrong(`${place}: ${JSON.stringify(path)} is empty`)
}

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { invalidInput } from '../../errors.ts'
import { fetchJson, unavailable } from './fetch-json.ts'

/** How old the keys may be before they are asked for again, ms. */
const freshMs = 10 * 60_000
/** How long after one attempt another may come, for a key that is not known or while the server does not answer, ms. */
const pauseMs = 15_000

type Find = JWTVerifyGetKey

/**
 * The keys of an authorization server: asked for every ten minutes, and when a token names one that is not known. While
 * they cannot be had, those that are known go on counting for `outageMs`. `now`: in ms. Throws an `IntercomError` where
 * the first attempt fails, or gives no key for any of the algorithms.
 */
export async function keySetOf(
  url: string,
  { algorithms, outageMs, now = () => performance.now() }: KeySetOptions,
): Promise<Find> {
  const first = await load(url)
  if (!(await hasKeyFor(first, algorithms)))
    throw invalidInput(
      `auth.issuer: none of the keys at ${url} is a public key for one of ${algorithms.join(', ')}`,
    )
  let find: Find = first.find
  let loadedAt = now()
  let triedAt = loadedAt
  let failing = false
  let loading: Promise<void> | null = null

  function reload(): Promise<void> {
    triedAt = now()
    loading ??= load(url)
      .then(
        (next) => {
          find = next.find
          loadedAt = now()
          failing = false
        },
        () => {
          failing = true
        },
      )
      .finally(() => {
        loading = null
      })
    return loading
  }

  return async (header, token) => {
    if (now() - loadedAt >= freshMs && now() - triedAt >= pauseMs) void reload()
    const isOver = () => now() - loadedAt > freshMs + outageMs
    if (loading !== null && (!failing || isOver())) await loading // while it fails, known keys do and nobody waits
    if (isOver()) throw unavailable('the keys of the authorization server cannot be fetched')
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      if (loading !== null || now() - triedAt >= pauseMs) await reload()
      if (failing) throw unavailable('the keys of the authorization server cannot be fetched')
      return await find(header, token)
    }
  }
}

export type KeySetOptions = { algorithms: readonly string[]; outageMs: number; now?: () => number }

type Loaded = { find: Find; keys: JSONWebKeySet['keys'] }

async function load(url: string): Promise<Loaded> {
  const { status, body } = await fetchJson(url)
  if (status !== 200) throw unavailable(`${url} answered ${status}`)
  try {
    const set = body as JSONWebKeySet // jose checks it
    return { find: createLocalJWKSet(set), keys: set.keys }
  } catch {
    throw unavailable(`${url} answered no set of keys`)
  }
}

async function hasKeyFor({ find, keys }: Loaded, algorithms: readonly string[]): Promise<boolean> {
  for (const alg of algorithms)
    for (const { kid } of keys) {
      const found = await Promise.resolve(
        find({ alg, ...(kid === undefined ? {} : { kid }) } as never, {} as never),
      ).then(
        () => true,
        (error: unknown) => error instanceof errors.JWKSMultipleMatchingKeys,
      )
      if (found) return true
    }
  return false
}

import { fetch } from '../../client/fetch.ts'
import { IntercomError } from '../../errors.ts'
import { isSecure } from './config.ts'

const answerMs = 5000
const mostBytes = 512 * 1024

/** An answer of the authorization server; `body` is `undefined` where it is no JSON. */
export type JsonAnswer = { status: number; body: unknown }

/**
 * Asks the authorization server. Redirects are not followed: whoever answers could send a secret, or this server,
 * elsewhere. Throws an `IntercomError` (`sign_in_unavailable`) that quotes nothing of what was sent.
 */
export async function fetchJson(
  url: string,
  init: { method?: 'POST'; headers?: Record<string, string>; body?: string } = {},
): Promise<JsonAnswer> {
  if (!isSecure(new URL(url))) throw unavailable(`${url} is neither https nor on this machine`)
  const headers = { Accept: 'application/json', ...init.headers }
  try {
    const signal = AbortSignal.timeout(answerMs)
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal })
    return { status: response.status, body: parsed(await bounded(response)) }
  } catch (error) {
    if (error instanceof IntercomError) throw error
    throw unavailable(`${new URL(url).origin} does not answer`)
  }
}

/** The authorization server cannot be asked, which says nothing about a token. */
export function unavailable(why: string): IntercomError {
  return new IntercomError(why, { code: 'sign_in_unavailable', retryable: true })
}

async function bounded(response: Awaited<ReturnType<typeof fetch>>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) throw unavailable(`${new URL(response.url).origin} answers too much`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The members of a JSON object; of anything else none. */
export function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

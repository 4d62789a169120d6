import type { RequestInit, Response } from 'undici'
import { sharedPool } from './exchange.ts'
import { proxyFor } from './proxy.ts'

/**
 * The platform's `fetch` for servers other than Intercom, through the proxy that the environment asks for. Rejects with
 * an `IntercomError` where the variable of the proxy is not the URL of one.
 */
export async function fetch(url: string, init: RequestInit): Promise<Response> {
  const { origin } = new URL(url)
  const undici = await import('undici')
  return await undici.fetch(url, { ...init, dispatcher: await sharedPool(origin, proxyFor(origin)) })
}

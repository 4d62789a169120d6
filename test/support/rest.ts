import type { Intercom } from '../../src/index.ts'
import type { HttpOptions } from '../../src/server/rest/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'

/** What came back: the parts that a caller goes by. */
export type Answered = {
  status: number
  outcome: string | null
  code: string | null
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers of a plain HTTP API do
  body: any
}

/** Calls actions over REST, in memory. */
export function rest(intercom: Pick<Intercom, 'call'>, options: HttpOptions = {}) {
  const { fetch } = httpHandler(intercom, options)
  const send = async (path: string, init: RequestInit = {}): Promise<Response> =>
    await fetch(new Request(`http://localhost${path}`, init))
  const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
    await answered(
      await send(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } }),
    )
  return {
    send,
    post,
    /** `key`: the Idempotency-Key. */
    call: (name: string, input: object = {}, key?: string) =>
      post(`/actions/${name}`, JSON.stringify(input), key === undefined ? {} : { 'Idempotency-Key': key }),
  }
}

/** Reads an answer with a JSON body. */
export async function answered(response: Response): Promise<Answered> {
  const { status, headers } = response
  const body: unknown = await response.json()
  return { status, headers, body, outcome: headers.get('x-outcome'), code: headers.get('x-error-code') }
}

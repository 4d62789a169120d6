import { refused } from '../approvals/answers.ts'
import type { MountHandler } from '../mounts.ts'
import { asLive } from '../rest/live.ts'

/** A local Intercom in this process. */
export type LocalIntercom = {
  /** Where others reach it. */
  url: string
  fetch(request: Request): Promise<Response>
  accessToken: string
  /** The key of its control plane. */
  adminKey: string
}

/** What a page may say with a request, and hear with an answer: no cookie and no token of either side. */
const sent = ['accept', 'content-type', 'intercom-version', 'last-event-id']
const noStore: [string, string] = ['cache-control', 'no-store'] // Intercom's lets browsers keep it
const heard = /^(content-type|retry-after|x-request-id|x-ratelimit-.*|intercom-version)$/

/** A path of the local Intercom, asked with a token that no answer shows. */
export function localHandler(local: LocalIntercom, path: string, token: string): MountHandler {
  return {
    async fetch(asked) {
      const { method, signal } = asked
      const headers = new Headers(
        sent.flatMap((name) => {
          const value = asked.headers.get(name)
          return value === null ? [] : [[name, value] as [string, string]]
        }),
      )
      headers.set('authorization', `Bearer ${token}`)
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: await asked.arrayBuffer() }
      const url = `http://127.0.0.1${path}${new URL(asked.url).search}`
      try {
        const answer = await local.fetch(new Request(url, { method, headers, signal, ...body }))
        const own = [...answer.headers].filter(([name]) => heard.test(name))
        const init = { status: answer.status, headers: [...own, noStore] }
        if (answer.headers.get('content-type')?.startsWith('text/event-stream'))
          return asLive(new Response(answer.body, init))
        const bytes = await answer.arrayBuffer()
        return new Response(bytes.byteLength === 0 ? null : bytes, init)
      } catch {
        return refused(
          502,
          'connection_broken',
          'The local Intercom broke the connection, as it was told to by a fault. It may have done what it was asked.',
        )
      }
    },
  }
}

import type { Connection } from '../client/client.ts'
import type { Request } from '../client/send.ts'
import { Claims, toleranceSeconds, type Verdict } from './claims.ts'
import type { Entry } from './intents.ts'
import type { Left } from './journal.ts'
import { portOf } from './port.ts'
import { wordsOf } from './same-text.ts'
import type { Intent } from './send-once.ts'

/** What reading back has shown, and evidence for people where there is no proof either way. */
export type Look = { verdict: Verdict; evidence: string }

/** Of a look that was not possible. */
export const nothing: Look = { verdict: { seen: null, clear: false }, evidence: '' }

/** Reads back what was sent at `at`, by an earlier run if it `left` something. A look that fails shows nothing. */
export async function look(intent: Intent, entry: Entry | undefined, at: number, left?: Left): Promise<Look> {
  const { connection, verify, input, claims, request } = intent
  const key = verify.key(input)
  try {
    const port = portOf(connection.send)
    const { items, evidence = '' } = await verify.look(port, input, sinceOf(connection, at))
    const words = wordsOfRequest(request)
    const others = new Set<string>()
    // What went to other intents says nothing of this one, though their words be like its own when rewritten.
    for (const { id, created_at } of left === undefined ? [] : items) {
      const recent = created_at >= sinceOf(connection, at)
      if (recent && (await entry?.isOthers(`${key} ${id}`)) === true) others.add(id)
    }
    for (;;) {
      // What this client misses, or has seen in another answer, may be of this very request: for an earlier run the
      // journal's claims count alone.
      const judges = left ? new Claims() : claims
      const rest = items.filter(({ id }) => !others.has(id))
      const verdict = judges.judge(key, rest, words, sinceOf(connection, at))
      if (verdict.seen === null) return { verdict, evidence }
      const { id } = verdict.seen
      if ((await entry?.claim(`${key} ${id}`)) !== false) {
        if (judges === claims) claims.take(key, verdict, words)
        else claims.know(key, [id])
        connection.trace.verified_by = 'read_back'
        return { verdict, evidence }
      }
      others.add(id) // another run's, by the journal
      claims.know(key, [id])
    }
  } catch {
    return nothing
  }
}

/** Remembers a request that left at `at` and may still appear. */
export function miss({ claims, verify, input, request, connection }: Intent, at: number): void {
  claims.miss(verify.key(input), wordsOfRequest(request), sinceOf(connection, at))
}

/** The second from which on an item can be this attempt's, on Intercom's clock. */
function sinceOf(connection: Connection, at: number): number {
  return Math.floor(connection.intercomTime(at) / 1000) - toleranceSeconds
}

/** What tells a request from others of its key: who speaks how, and the words. A lead has none, and passes for any. */
function wordsOfRequest({ body }: Request): string[] {
  const { body: text, attachment_urls, ...rest } = body ?? {}
  const who = JSON.stringify(rest)
  return typeof text === 'string' ? wordsOf(text).map((words) => `${who} ${words}`) : ['']
}

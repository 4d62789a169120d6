import { IntercomError } from '../errors.ts'
import { type ClientOptions, createClient } from './client.ts'
import type { Connection } from './credentials.ts'
import { path } from './path.ts'
import type { RateLimit } from './rate-limit/headers.ts'
import type { JsonObject } from './request.ts'

/** What `GET /me` tells: the admin behind a token, the id of its app (workspace), and the rate limit of its headers. */
export type TokenOwner = { me: JsonObject; app: string | null; rate_limit: RateLimit | null }

/** How long an answer may take. */
export type Waiting = { deadlineMs?: number | undefined; signal?: AbortSignal | undefined }

/** Looks up the owner of a token. `ask` asks Intercom once and rejects with an `IntercomError` for a bad credential. */
export function tokenOwner(
  credentials: Connection,
  rateLimitFile?: string,
  { deadlineMs = 60_000, signal, permits }: Waiting & Pick<ClientOptions, 'permits'> = {},
): { redact(text: string): string; ask(): Promise<TokenOwner> } {
  const client = createClient({ credentials, timeoutMs: 30_000, hooks: {}, rateLimitFile, permits })
  const { send, trace } = client.open(deadlineMs, signal)
  return {
    redact: client.redact,
    ask: async () => {
      const me = await send({ method: 'GET', path: path`/me`, semantics: 'safe' })
      // An answer that names no admin proves nothing about the credential.
      if (typeof me['id'] !== 'string') throw unreadable('admin')
      return { me, app: idCode(me['app']), rate_limit: trace.rate_limit }
    },
  }
}

/** The id of the app that a token opens; rejects where Intercom names none. */
export async function appOf(credentials: Connection, waiting: Waiting = {}): Promise<string> {
  const { app } = await tokenOwner(credentials, undefined, waiting).ask()
  if (app === null) throw unreadable('app')
  return app
}

function idCode(app: unknown): string | null {
  const found = typeof app === 'object' && app !== null && 'id_code' in app ? app.id_code : null
  return typeof found === 'string' && found !== '' ? found : null
}

function unreadable(what: string): IntercomError {
  return new IntercomError(`the answer of /me names no ${what}`, {
    code: 'unreadable_answer',
    outcome: 'rejected',
  })
}

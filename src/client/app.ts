import { IntercomError } from '../errors.ts'
import { createClient } from './client.ts'
import type { Credentials } from './credentials.ts'
import { path } from './path.ts'

/** The id of the Intercom app (workspace) that a token opens, from `GET /me`. Rejects with an `IntercomError`. */
export async function appOf(credentials: Credentials): Promise<string> {
  const client = createClient({ credentials, timeoutMs: 30_000, hooks: {}, paceFile: undefined })
  const me = await client.open(60_000, undefined).send({ method: 'GET', path: path`/me`, repeat: 'read' })
  const { app } = me
  const id = typeof app === 'object' && app !== null && 'id_code' in app ? app.id_code : undefined
  if (typeof id === 'string' && id !== '') return id
  throw new IntercomError('the answer of /me names no app', {
    code: 'unreadable_answer',
    outcome: 'rejected',
  })
}

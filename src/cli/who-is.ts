import type { IntercomOptions } from '../adapters/functions.ts'
import { createClient } from '../client/client.ts'
import { credentials } from '../client/credentials.ts'
import type { RateLimit } from '../client/pace/rate-limit.ts'
import { path } from '../client/path.ts'
import { portOf } from '../core/port.ts'
import { IntercomError } from '../errors.ts'
import type { AdminWithApp } from '../schemas/admin.ts'

/** Whose a credential is: asks Intercom once, and throws an `IntercomError` when it is no good. */
export function whoIs(options: IntercomOptions): {
  origin: string
  redact(text: string): string
  ask(): Promise<{ me: AdminWithApp; rate_limit: RateLimit | null }>
} {
  const credential = credentials(options)
  const { paceFile } = options
  const client = createClient({ credentials: credential, timeoutMs: 30_000, hooks: {}, paceFile })
  const { send, trace } = client.open(60_000, undefined)
  return {
    origin: credential.origin,
    redact: client.redact,
    ask: async () => {
      const me = await portOf(send).get<AdminWithApp>(path`/me`)
      return { me: checkedMe(me), rate_limit: trace.rate_limit }
    },
  }
}

/** An answer that names no admin proves nothing about the credential. */
function checkedMe(me: AdminWithApp): AdminWithApp {
  if (typeof me.id === 'string') return me
  throw new IntercomError('the answer of /me names no admin', {
    code: 'unreadable_answer',
    outcome: 'rejected',
  })
}

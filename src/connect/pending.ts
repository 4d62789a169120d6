import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long somebody may take to consent, ms. */
export const consentMs = 10 * 60_000
/** Installations that may be under way; the oldest ends for a new one. */
const mostPending = 10_000

/** What was begun: `state` goes to Intercom and back, `secret` stays with the browser under `name`. */
export type Begun = { state: string; secret: string; name: string }

/**
 * Installations under way. A state is random, bound to the browser that began, and counts once: whoever brings it back
 * first uses it up, also another browser. `now`: in ms.
 */
export function pendingInstallations(now = () => performance.now()) {
  const pending = new Map<string, { secret: Buffer; until: number }>() // by the hash of the state, the oldest first
  return {
    begin(): Begun {
      const [state, secret] = [random(), random()]
      for (const [id, { until }] of pending)
        if (until <= now() || pending.size >= mostPending) pending.delete(id)
        else break
      pending.set(hashOf(state).toString('hex'), { secret: hashOf(secret), until: now() + consentMs })
      return { state, secret, name: nameOf(state) }
    },
    /** `null` where it goes on, else why it does not. */
    finish(
      state: string,
      secretNamed: (name: string) => string | undefined,
    ): 'unknown' | 'other_browser' | null {
      const id = hashOf(state).toString('hex')
      const begun = pending.get(id)
      pending.delete(id)
      if (begun === undefined || begun.until <= now()) return 'unknown'
      const secret = secretNamed(nameOf(state))
      return secret !== undefined && timingSafeEqual(begun.secret, hashOf(secret)) ? null : 'other_browser'
    },
  }
}

/** Several installations of one browser are told apart. */
function nameOf(state: string): string {
  return hashOf(`name ${state}`).toString('hex').slice(0, 12)
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

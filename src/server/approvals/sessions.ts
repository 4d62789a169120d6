import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { ownerOf } from '../keys.ts'
import type { Refusal } from '../refusal.ts'
import type { Operator } from './operator.ts'

/** How long a session lasts, ms. */
const sessionMs = 8 * 3600 * 1000
/** How long the code of a link is good for, ms. */
const codeMs = 10 * 60 * 1000
/** Sessions at once; the oldest ends for a new one. */
const mostSessions = 100
/** Wrong keys from one network within a minute. */
const mostFailures = 10
const failureMs = 60_000
/** Failures that are remembered, of all networks. */
const failuresKept = 10_000

const cookieName = 'modulex_intercom_operator'
const cookiePath = '/approvals'

/**
 * The header that the page sends beside its cookie. Cookies of one host go to every port of it, so that another program
 * on the machine can come by them; this half of the session stays with the page's own origin.
 */
export const tokenHeader = 'x-approvals-token'

type Session = { operator: Operator; token: Buffer; until: number }

/** A session that has begun: what the page keeps, and the cookie for `Set-Cookie`. */
export type SignedIn = { operator: Operator; token: string; seconds: number; cookie: string }

export type Sessions = ReturnType<typeof sessionsOf>

/** Sessions of browsers, in memory. `now`: in ms. */
export function sessionsOf(operators: readonly Operator[], now = () => performance.now()) {
  const sessions = new Map<string, Session>() // by the hash of the cookie, the oldest first
  const codes = new Map<string, { operator: Operator; until: number }>()
  const failures: { network: string; at: number }[] = []

  function begin(operator: Operator, secure: boolean): SignedIn {
    const [secret, token] = [random(), random()]
    for (const [id, { until }] of sessions)
      if (until <= now() || sessions.size >= mostSessions) sessions.delete(id)
    sessions.set(hashOf(secret).toString('hex'), { operator, token: hashOf(token), until: now() + sessionMs })
    const seconds = sessionMs / 1000
    return { operator, token, seconds, cookie: setCookie(secret, seconds, secure) }
  }

  function waitOf(network: string): number {
    while (failures[0] !== undefined && failures[0].at + failureMs <= now()) failures.shift()
    const own = failures.filter((one) => one.network === network)
    const last = own.at(-mostFailures)
    return last === undefined ? 0 : Math.ceil((last.at + failureMs - now()) / 1000)
  }

  function found(headers: IncomingHttpHeaders): [string, Session] | null {
    const token = headers[tokenHeader]
    if (typeof token !== 'string') return null
    for (const secret of cookiesIn(headers.cookie ?? '')) {
      const id = hashOf(secret).toString('hex')
      const session = sessions.get(id)
      if (session === undefined || !timingSafeEqual(session.token, hashOf(token))) continue
      if (session.until > now()) return [id, session]
      sessions.delete(id)
    }
    return null
  }

  return {
    /**
     * Begins a session for whoever has an operator's key, or the code of a link. `network`: where they are, since wrong
     * keys from one place are limited. `secure`: whether the page came over https.
     */
    signIn(given: { key?: string; code?: string }, network: string, secure: boolean): SignedIn | Refusal {
      // Whoever has the key is let in, however many wrong ones came from their network: it may be that of a proxy.
      const operator =
        given.key === undefined
          ? this.redeem(given.code ?? '')
          : (ownerOf(operators, given.key.trim()) ?? null)
      if (operator !== null) return begin(operator, secure)
      const seconds = waitOf(network)
      if (seconds > 0)
        return {
          status: 429,
          code: 'too_many_sign_ins',
          error: `Too many wrong keys came from your network. Try again in ${seconds} s.`,
          headers: { 'Retry-After': String(seconds) },
        }
      failures.push({ network, at: now() })
      if (failures.length > failuresKept) failures.shift()
      return {
        status: 401,
        code: given.key === undefined ? 'wrong_code' : 'wrong_key',
        error:
          given.key === undefined
            ? 'This link was used already, or is too old. Ask for another.'
            : 'This is not the key of an operator. An API key of an agent decides nothing.',
      }
    },

    /** A code for one sign-in, within ten minutes. */
    invite(operator: Operator): string {
      const code = random()
      codes.set(hashOf(code).toString('hex'), { operator, until: now() + codeMs })
      return code
    },

    redeem(code: string): Operator | null {
      const id = hashOf(code).toString('hex')
      const invited = codes.get(id)
      codes.delete(id)
      return invited !== undefined && invited.until > now() ? invited.operator : null
    },

    /** The operator whose session a request carries, with both of its halves. */
    operatorOf: (headers: IncomingHttpHeaders): Operator | null => found(headers)?.[1].operator ?? null,

    /** Ends the session of a request; answers the cookie that removes its own. */
    signOut(headers: IncomingHttpHeaders): string {
      const [id] = found(headers) ?? []
      if (id !== undefined) sessions.delete(id)
      return setCookie('', 0, false)
    },
  }
}

function setCookie(value: string, seconds: number, secure: boolean): string {
  const flags = `Path=${cookiePath}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  return `${cookieName}=${value}; ${flags}`
}

/** Another site under the same name can add cookies, so that there may be several. */
function cookiesIn(header: string): string[] {
  const values = header.split(';').flatMap((part) => {
    const [name, value = ''] = part.trim().split('=', 2)
    return name === cookieName && value !== '' ? [value] : []
  })
  return values.slice(0, 10)
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

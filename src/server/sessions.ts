import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isLoopback } from '../client/credentials.ts'
import type { Refusal } from './refusal.ts'

/** How long a session lasts, ms. */
const sessionMs = 8 * 3600 * 1000
/** How long the code of a link is good for, ms. */
const codeMs = 10 * 60 * 1000
/** Sessions at once, and codes; the oldest ends for a new one. */
const mostSessions = 100
/** Wrong keys from one network within a minute. */
const mostFailures = 10
const failureMs = 60_000
/** Failures that are remembered, of all networks. */
const failuresKept = 10_000

/** The sessions of one page. */
export type SessionRules<Who> = {
  cookie: string
  /** The page and all below it. */
  path: string
  /**
   * The header that the page sends beside its cookie, in lower case. Cookies of one host go to every port of it, so that
   * another program on the machine can come by them; this half of the session stays with the page's own origin.
   */
  header: string
  ownerOf(key: string): Who | null
  /** Whether somebody who has signed in still is who they were then. */
  isStill(who: Who): boolean
  /** What is said to whoever has another key. */
  wrongKey: string
}

export type Session<Who> = {
  who: Who
  readonly token: Buffer
  readonly until: number
  readonly ended: AbortController
}

/** A session that has begun: what the page keeps, and the cookie for `Set-Cookie`. */
export type SignedIn<Who> = { who: Who; token: string; seconds: number; cookie: string }

/** Sessions of browsers, in memory. `now`: in ms. */
export function browserSessions<Who>(rules: SessionRules<Who>, now = () => performance.now()) {
  const sessions = new Map<string, Session<Who>>() // by the hash of the cookie, the oldest first
  const codes = new Map<string, { who: Who; until: number }>()
  const failures: { network: string; at: number }[] = []

  function end(id: string): void {
    sessions.get(id)?.ended.abort()
    sessions.delete(id)
  }

  function begin(who: Who, secure: boolean): SignedIn<Who> {
    const [secret, token] = [random(), random()]
    for (const [id, { until }] of sessions) if (until <= now() || sessions.size >= mostSessions) end(id)
    const session = { who, token: hashOf(token), until: now() + sessionMs, ended: new AbortController() }
    const id = hashOf(secret).toString('hex')
    sessions.set(id, session)
    const over = setTimeout(end, sessionMs, id).unref() // its live lists end too
    session.ended.signal.addEventListener('abort', () => clearTimeout(over), { once: true })
    const seconds = sessionMs / 1000
    return { who, token, seconds, cookie: setCookie(secret, seconds, secure) }
  }

  function waitOf(network: string): number {
    while (failures[0] !== undefined && failures[0].at + failureMs <= now()) failures.shift()
    const own = failures.filter((one) => one.network === network)
    const last = own.at(-mostFailures)
    return last === undefined ? 0 : Math.ceil((last.at + failureMs - now()) / 1000)
  }

  function found(headers: IncomingHttpHeaders): [string, Session<Who>] | null {
    const token = headers[rules.header]
    if (typeof token !== 'string') return null
    for (const secret of cookiesIn(headers.cookie ?? '')) {
      const id = hashOf(secret).toString('hex')
      const session = sessions.get(id)
      if (session === undefined || !timingSafeEqual(session.token, hashOf(token))) continue
      if (session.until > now() && rules.isStill(session.who)) return [id, session]
      end(id)
    }
    return null
  }

  /** Another site under the same name can add cookies, so that there may be several. */
  function cookiesIn(header: string): string[] {
    const values = header.split(';').flatMap((part) => {
      const [name, value = ''] = part.trim().split('=', 2)
      return name === rules.cookie && value !== '' ? [value] : []
    })
    return values.slice(0, 10)
  }

  function setCookie(value: string, seconds: number, secure: boolean): string {
    const flags = `Path=${rules.path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
    return `${rules.cookie}=${value}; ${flags}`
  }

  function redeem(code: string): Who | null {
    const id = hashOf(code).toString('hex')
    const invited = codes.get(id)
    codes.delete(id)
    return invited !== undefined && invited.until > now() && rules.isStill(invited.who) ? invited.who : null
  }

  /** Whose a key or a code is. `network`: where they are, since wrong keys from one place are limited. */
  function identify(given: { key: string } | { code: string }, network: string): Who | Refusal {
    // Whoever has the key is let in, however many wrong ones came from their network: it may be that of a proxy.
    const who = 'key' in given ? rules.ownerOf(given.key.trim()) : redeem(given.code)
    if (who !== null) return who
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
    return 'key' in given
      ? { status: 401, code: 'wrong_key', error: rules.wrongKey }
      : {
          status: 401,
          code: 'wrong_code',
          error: 'This link was used already, or is too old. Ask for another.',
        }
  }

  return {
    identify,
    begin,
    /** The same for whoever a key or a code is of. `secure`: whether the page came over https. */
    signIn(
      given: { key: string } | { code: string },
      network: string,
      secure: boolean,
    ): SignedIn<Who> | Refusal {
      const who = identify(given, network)
      return isRefusal(who) ? who : begin(who, secure)
    },
    /** A code for one sign-in, within ten minutes. */
    invite(who: Who): string {
      const code = random()
      for (const [id, { until }] of codes) if (until <= now() || codes.size >= mostSessions) codes.delete(id)
      codes.set(hashOf(code).toString('hex'), { who, until: now() + codeMs })
      return code
    },
    /** Ends the sessions of those who are not who they were. */
    recheck(): void {
      for (const [id, { who }] of sessions) if (!rules.isStill(who)) end(id)
    },
    /** The session that a request carries, with both of its halves. */
    find: (headers: IncomingHttpHeaders): Session<Who> | null => found(headers)?.[1] ?? null,
    /** Ends the session of a request; answers the cookie that removes its own. */
    signOut(headers: IncomingHttpHeaders): string {
      const [id] = found(headers) ?? []
      if (id !== undefined) end(id)
      return setCookie('', 0, false)
    },
  }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'status' in value && 'code' in value
}

/** The body of a sign-in. */
export function signInOf(text: string): { key: string } | { code: string } | null {
  try {
    const { key, code } = JSON.parse(text) as { key?: unknown; code?: unknown }
    if (typeof key === 'string') return { key }
    return typeof code === 'string' ? { code } : null
  } catch {
    return null
  }
}

/**
 * Tells requests of a page of this server from others, port and all: other ports of a host are other pages. `publicUrl`:
 * the address by which browsers come, where it is configured.
 */
export function pagesOf(publicUrl: string | undefined) {
  const publicOrigin = publicUrl === undefined ? null : new URL(publicUrl).origin

  /** Whether a browser says so. */
  function isOwnPage({ host, origin }: IncomingHttpHeaders): boolean {
    const url = origin === undefined ? null : URL.parse(origin)
    if (url === null || !/^https?:$/.test(url.protocol)) return false
    if (url.origin === publicOrigin) return true
    return url.host === host?.toLowerCase() && (publicOrigin === null || isLoopback(url.hostname))
  }

  /** The same for what a page reads from its own server, where browsers leave `Origin` out. */
  function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
    const site = headers['sec-fetch-site']
    return headers.origin === undefined ? site === undefined || site === 'same-origin' : isOwnPage(headers)
  }

  return { isOwnPage, isFromOwnPage }
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

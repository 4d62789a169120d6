import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isLoopback } from '../client/credentials.ts'
import { refused } from './approvals/answers.ts'
import { headerBytes } from './config.ts'
import type { Proof } from './key-or-token.ts'
import type { MountHandler } from './mounts.ts'
import type { Refusal } from './refusal.ts'
import { endingBy } from './rest/live.ts'
import type { WrongKeys } from './wrong-keys.ts'

/** How long a session lasts, ms. */
const sessionMs = 8 * 3600 * 1000
/** How long the code of a link is good for, ms. */
const codeMs = 10 * 60 * 1000
/** Sessions at once, and codes; the oldest ends for a new one. */
const mostSessions = 100

/** Bytes of a sign-in: a token may be as long as the headers that carry it elsewhere. */
export const signInBytes = headerBytes

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
  /** Whose a key or an access token is. */
  whoBy(shown: string, network: string): Promise<Shown<Who> | Refusal>
  /** Whether somebody who has signed in still is who they were then. */
  isStill(who: Who): boolean
  /** Limits wrong codes with wrong keys. */
  wrong: WrongKeys
}

/** Somebody, by what they have shown. */
export type Shown<Who> = { who: Who } & Proof

export type Session<Who> = {
  who: Who
  readonly token: Buffer
  readonly until: number
  readonly ended: AbortController
  readonly proof: Proof
}

/** A session that has begun: what the page keeps, and the cookie for `Set-Cookie`. */
export type SignedIn<Who> = { who: Who; token: string; seconds: number; cookie: string }

/** Sessions of browsers, in memory. `now`: in ms. */
export function browserSessions<Who>(rules: SessionRules<Who>, now = () => performance.now()) {
  const sessions = new Map<string, Session<Who>>() // by the hash of the cookie, the oldest first
  const codes = new Map<string, { who: Who; until: number }>()

  function end(id: string): void {
    sessions.get(id)?.ended.abort()
    sessions.delete(id)
  }

  function begin(who: Who, secure: boolean, proof: Proof = {}): SignedIn<Who> {
    const [secret, token] = [random(), random()]
    const lastsMs = Math.max(0, Math.min(sessionMs, (proof.until ?? Number.POSITIVE_INFINITY) - Date.now()))
    for (const [id, { until }] of sessions) if (until <= now() || sessions.size >= mostSessions) end(id)
    const session = { who, token: hashOf(token), until: now() + lastsMs, ended: new AbortController(), proof }
    const id = hashOf(secret).toString('hex')
    sessions.set(id, session)
    const over = setTimeout(end, lastsMs, id).unref() // its live lists end too
    session.ended.signal.addEventListener('abort', () => clearTimeout(over), { once: true })
    const seconds = Math.ceil(lastsMs / 1000)
    return { who, token, seconds, cookie: setCookie(secret, seconds, secure) }
  }

  function found(headers: IncomingHttpHeaders): [string, Session<Who>] | null {
    const token = headers[rules.header]
    if (typeof token !== 'string') return null
    for (const secret of cookiesIn(headers.cookie ?? '')) {
      const id = hashOf(secret).toString('hex')
      const session = sessions.get(id)
      if (session === undefined || !timingSafeEqual(session.token, hashOf(token))) continue
      const isOver = session.ended.signal.aborted || session.until <= now()
      if (!isOver && rules.isStill(session.who)) return [id, session]
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

  /** Whose a key or a code is. `network`: where they are, since wrong ones from one place are limited. */
  async function identify(
    given: { key: string } | { code: string },
    network: string,
  ): Promise<Shown<Who> | Refusal> {
    if ('key' in given) return await rules.whoBy(given.key.trim(), network)
    const who = redeem(given.code)
    return who === null ? rules.wrong.refused(network, wrongCode) : { who }
  }

  return {
    identify,
    begin,
    /** The same for whoever a key or a code is of. `secure`: whether the page came over https. */
    async signIn(
      given: { key: string } | { code: string },
      network: string,
      secure: boolean,
    ): Promise<SignedIn<Who> | Refusal> {
      const found = await identify(given, network)
      return isRefusal(found) ? found : begin(found.who, secure, found)
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

const wrongCode: Refusal = {
  status: 401,
  code: 'wrong_code',
  error: 'This link was used already, or is too old. Ask for another.',
}

/** The same handler for as long as a session lasts, and what was shown for it is good. Its live lists end with it. */
export function whileSignedIn<Who>({ ended, proof }: Session<Who>, { fetch }: MountHandler): MountHandler {
  const { signal } = ended
  return {
    async fetch(request) {
      const refusal = signal.aborted ? over : ((await proof.check?.()) ?? null)
      if (refusal === null) return endingBy(await fetch(request), [signal])
      if (refusal.status === 401 || refusal.status === 403) ended.abort()
      return refused(refusal.status, refusal.code, refusal.error, {}, refusal.headers)
    },
  }
}

const over: Refusal = { status: 401, code: 'signed_out', error: 'This session has ended. Sign in again.' }

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

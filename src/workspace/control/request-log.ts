import type { Incoming, Outgoing } from '../http/answer.ts'
import { tokenOf } from '../http/authenticate.ts'
import type { Find } from '../http/router.ts'
import { type Mask, masker } from './mask.ts'

/** A logged request. Only two headers are logged; tokens are masked everywhere. */
export interface LoggedRequest {
  /** Counted from 1 as long as the workspace is open. */
  readonly number: number
  /** `X-Request-Id` of the answer; null if there was none. */
  readonly id: string | null
  /** Unix milliseconds, by the machine's clock. */
  readonly at: number
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** As in Intercom's description, such as `GET /contacts/{id}`; null for an unknown path. */
  readonly operation: string | null
  /** The workspace's answer, even if a fault withheld it from the caller; null if the request had no effect. */
  readonly status: number | null
  readonly duration_ms: number
  readonly version: string | null
  readonly user_agent: string | null
  /** App and admin of the token, `local:7431001`; null for a token that is unknown, or none. */
  readonly token: string | null
  /** The first 2,000 characters of the body. */
  readonly body: string
  /** The kind of the injected fault. */
  readonly fault: string | null
  /** The exception behind an unexpected 500; `stack` is its first lines. */
  readonly error: { readonly name: string; readonly message: string; readonly stack: string } | null
}

const kept = 1_000
const bodyLength = 2_000
const stackLines = 8

/** A ring buffer of the latest requests. */
export class RequestLog {
  readonly #find: Find
  readonly #tokens: () => ReadonlyMap<string, string>
  readonly #onRequest: ((request: LoggedRequest) => void) | undefined
  #known: { readonly tokens: ReadonlyMap<string, string>; readonly mask: Mask } | undefined
  readonly #ring: Omit<LoggedRequest, 'operation'>[] = []
  #count = 0
  /** What was counted when the log was last cleared. */
  #cleared = 0
  readonly #listeners = new Set<() => void>()

  /** `tokens`, with what to call them, are masked besides the request's own. `onRequest` hears of every entry. */
  constructor(
    find: Find,
    tokens: () => ReadonlyMap<string, string>,
    onRequest?: ((request: LoggedRequest) => void) | undefined,
  ) {
    this.#find = find
    this.#tokens = tokens
    this.#onRequest = onRequest
  }

  /** Must be called when tokens are created, since they are cached. */
  tokensChanged(): void {
    this.#known = undefined
  }

  add(
    { method, target, header, body }: Pick<Incoming, 'method' | 'target' | 'header' | 'body'>,
    outgoing: Outgoing | undefined,
    duration: number,
    fault: string | undefined,
    thrown?: { readonly error: unknown },
  ): void {
    const own = tokenOf(header('authorization'))
    const masked = this.#maskFor(own)
    const entry = {
      number: this.#count + 1,
      id: outgoing?.headers['X-Request-Id'] ?? null,
      at: Date.now(),
      method,
      path: short(masked(target)),
      status: outgoing?.status ?? null,
      duration_ms: duration,
      version: outgoing?.headers['Intercom-Version'] ?? null,
      user_agent: short(masked(header('user-agent') ?? '')) || null,
      token: (own && this.#known?.tokens.get(own)) ?? null,
      body: short(masked(body ?? '')),
      fault: fault ?? null,
      error: thrown === undefined ? null : errorOf(thrown.error, masked),
    }
    this.#ring[this.#count++ % kept] = entry
    this.#onRequest?.(this.#shown(entry))
    for (const listener of this.#listeners) listener()
  }

  /** The number of the latest one. */
  get newest(): number {
    return this.#count
  }

  /** Those after a number, oldest first; undefined if some of them are not kept any more. */
  since(number: number): LoggedRequest[] | undefined {
    if (!(number >= this.forgotten && number <= this.#count)) return undefined
    return this.latest(this.#count - number).reverse()
  }

  /** Calls back after each entry, and when the log is cleared; gives what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The number up to which none is kept any more. */
  get forgotten(): number {
    return Math.max(this.#cleared, this.#count - kept)
  }

  /** The latest ones, newest first. */
  latest(limit: number): LoggedRequest[] {
    const found: LoggedRequest[] = []
    for (let at = this.#count - 1; at >= this.forgotten && found.length < limit; at--) {
      const entry = this.#ring[at % kept]
      if (entry === undefined) break
      found.push(this.#shown(entry))
    }
    return found
  }

  #shown(entry: Omit<LoggedRequest, 'operation'>): LoggedRequest {
    const path = entry.path.split('?', 1)[0] ?? ''
    const operation = this.#find(entry.method, path).route.operation ?? null
    return { ...entry, duration_ms: Number(entry.duration_ms.toFixed(3)), operation }
  }

  /** The mask of the known tokens is cached; an unknown one needs its own. */
  #maskFor(own: string | undefined): Mask {
    if (this.#known === undefined) {
      const tokens = this.#tokens()
      this.#known = { tokens, mask: masker([...tokens.keys()]) }
    }
    const { tokens, mask } = this.#known
    return own === undefined || tokens.has(own) ? mask : masker([...tokens.keys(), own])
  }

  clear(): void {
    this.#ring.length = 0
    // A number of its own, so that whoever reads live hears of it.
    this.#count += 1
    this.#cleared = this.#count
    for (const listener of this.#listeners) listener()
  }
}

/** Copied when truncated: a slice would keep the whole text in memory. */
function short(text: string): string {
  return text.length <= bodyLength ? text : Buffer.from(text.slice(0, bodyLength)).toString()
}

/** An exception as text of bounded length, without tokens. */
function errorOf(error: unknown, masked: Mask): LoggedRequest['error'] {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const clean = (text: string) => short(masked(text))
  const at = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const lines = at.slice(0, stackLines).map((line) => line.trim())
  return { name: clean(name), message: clean(message), stack: clean(lines.join('\n')) }
}

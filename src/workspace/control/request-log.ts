import type { Incoming, Outgoing } from '../http/answer.ts'
import { bearerToken } from '../http/authenticate.ts'
import type { Find } from '../http/router.ts'
import { type Mask, masker } from './mask.ts'

/** One request as the log remembers it. Of headers it has the two named ones; tokens elsewhere are masked. */
export interface LoggedRequest {
  /** `X-Request-Id` of the answer; null when there was none. */
  readonly id: string | null
  /** Unix milliseconds, by the machine's clock. */
  readonly at: number
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** As the description writes it, such as `GET /contacts/{id}`; null for a path that is none. */
  readonly operation: string | null
  /** What the workspace answered, also when a fault kept it from the caller; null when it did nothing. */
  readonly status: number | null
  readonly duration_ms: number
  readonly version: string | null
  readonly user_agent: string | null
  /** The first 2,000 characters of the body. */
  readonly body: string
  /** The kind of the fault that struck it. */
  readonly fault: string | null
  /** The exception behind a 500 that nobody asked for; `stack` is its first lines. */
  readonly error: { readonly name: string; readonly message: string; readonly stack: string } | null
}

const kept = 1_000
const bodyLength = 2_000
const stackLines = 8

/** The latest requests, oldest overwritten first. */
export class RequestLog {
  readonly #find: Find
  readonly #tokens: () => readonly string[]
  #known: { readonly tokens: readonly string[]; readonly mask: Mask } | undefined
  readonly #ring: Omit<LoggedRequest, 'operation'>[] = []
  #count = 0

  /** `tokens` are those that must not be seen, besides the one of a request itself. */
  constructor(find: Find, tokens: () => readonly string[]) {
    this.#find = find
    this.#tokens = tokens
  }

  /** To be called when there are new tokens: they are not asked for at every request. */
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
    const masked = this.#maskFor(bearerToken(header('authorization')))
    this.#ring[this.#count++ % kept] = {
      id: outgoing?.headers['X-Request-Id'] ?? null,
      at: Date.now(),
      method,
      path: short(masked(target)),
      status: outgoing?.status ?? null,
      duration_ms: duration,
      version: outgoing?.headers['Intercom-Version'] ?? null,
      user_agent: short(masked(header('user-agent') ?? '')) || null,
      body: short(masked(body ?? '')),
      fault: fault ?? null,
      error: thrown === undefined ? null : told(thrown.error, masked),
    }
  }

  /** The latest ones, newest first. */
  latest(limit: number): LoggedRequest[] {
    const found: LoggedRequest[] = []
    for (let at = this.#count - 1; at >= 0 && at >= this.#count - kept && found.length < limit; at--) {
      const entry = this.#ring[at % kept]
      if (entry === undefined) break
      const path = entry.path.split('?', 1)[0] ?? ''
      const operation = this.#find(entry.method, path).route.operation ?? null
      found.push({ ...entry, duration_ms: Number(entry.duration_ms.toFixed(3)), operation })
    }
    return found
  }

  /** What is known is made ready once; only a stranger's token is sought besides. */
  #maskFor(own: string | undefined): Mask {
    if (this.#known === undefined) {
      const tokens = this.#tokens()
      this.#known = { tokens, mask: masker(tokens) }
    }
    const { tokens, mask } = this.#known
    return own === undefined || tokens.includes(own) ? mask : masker([...tokens, own])
  }

  clear(): void {
    this.#ring.length = 0
    this.#count = 0
  }
}

/** Copied when cut: a slice would keep the whole text in memory. */
function short(text: string): string {
  return text.length <= bodyLength ? text : Buffer.from(text.slice(0, bodyLength)).toString()
}

/** An exception in words of bounded length, without tokens. */
function told(error: unknown, masked: Mask): LoggedRequest['error'] {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const clean = (text: string) => short(masked(text))
  const at = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const lines = at.slice(0, stackLines).map((line) => line.trim())
  return { name: clean(name), message: clean(message), stack: clean(lines.join('\n')) }
}

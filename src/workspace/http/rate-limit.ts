import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'

const windowSeconds = 10

/** How many calls a window of ten seconds takes, and what the headers say about it (dossier 1.5). */
export interface RateLimitSettings {
  /** Calls of one app in ten seconds; `false` refuses nobody. A sixth of 10,000 a minute by default. */
  readonly app: number | false
  /** Calls of all apps of the workspace in ten seconds. A sixth of 25,000 a minute by default. */
  readonly workspace: number | false
  /** The second, modulo ten, on which windows end; by default the app id decides. */
  readonly phase: number
  /**
   * What `X-RateLimit-Reset` says: the end of the window, or the first such second that is at least six seconds
   * ahead, so that it lies 6 to 16 s ahead as recorded (dossier 1.5, REC).
   */
  readonly reset: 'window_end' | 'ahead'
}

const defaultLimit = Math.floor(10_000 / 6)
const defaultWorkspaceLimit = Math.floor(25_000 / 6)

/** What one counted call is told. `refused` is the limit that it exceeded. */
export interface Counted {
  readonly limit: number
  readonly remaining: number
  readonly reset: number
  readonly refused: boolean
}

/**
 * Counts calls in Intercom's fixed ten-second windows, for each app and for the workspace (dossier 1.5). The
 * clock is the machine's: clients compare `X-RateLimit-Reset` with their own time.
 */
export class RateLimit {
  readonly #clock: Clock
  readonly #initial: RateLimitSettings
  #settings: RateLimitSettings
  #window = -1
  #counts = new Map<string, number>()
  #total = 0

  constructor(clock: Clock, appId: string, app: number | false = defaultLimit) {
    this.#clock = clock
    const phase = Number.parseInt(hash('md5', appId).slice(0, 6), 16) % windowSeconds
    const workspace = app === false ? false : Math.max(app, defaultWorkspaceLimit)
    this.#initial = { app, workspace, phase, reset: 'window_end' }
    this.#settings = this.#initial
  }

  get settings(): RateLimitSettings {
    return this.#settings
  }

  /** Changes some settings and begins a full window; without any, goes back to the first ones. */
  set(changes?: { [K in keyof RateLimitSettings]?: RateLimitSettings[K] | undefined }): void {
    const given = Object.entries(changes ?? {}).filter(([, value]) => value !== undefined)
    this.#settings = changes ? { ...this.#settings, ...Object.fromEntries(given) } : this.#initial
    this.#window = -1
  }

  /** Counts one call. Refused calls count too; a lifted limit is shown as the usual one that never runs out. */
  count(app: string): Counted {
    const { app: appLimit, workspace, phase } = this.#settings
    const now = Math.floor(this.#clock.now() / 1000)
    const window = Math.floor((now - phase) / windowSeconds)
    if (window !== this.#window) {
      this.#window = window
      this.#counts.clear()
      this.#total = 0
    }
    const used = (this.#counts.get(app) ?? 0) + 1
    this.#counts.set(app, used)
    this.#total += 1
    const left = [
      appLimit === false ? Number.POSITIVE_INFINITY : appLimit - used,
      workspace === false ? Number.POSITIVE_INFINITY : workspace - this.#total,
    ]
    const least = Math.min(...left)
    const limit = appLimit === false ? defaultLimit : appLimit
    const shown = least === Number.POSITIVE_INFINITY ? Math.max(1, limit - used) : Math.min(limit, least)
    return { limit, remaining: Math.max(0, shown), reset: this.#reset(window, now), refused: least < 0 }
  }

  #reset(window: number, now: number): number {
    const end = (window + 1) * windowSeconds + this.#settings.phase
    return this.#settings.reset === 'ahead' && end - now < 6 ? end + windowSeconds : end
  }
}

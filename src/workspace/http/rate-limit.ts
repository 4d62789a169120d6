import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { type ForeignCalls, type ForeignConsumer, foreignCalls } from './foreign.ts'

const windowSeconds = 10

/** The limits of a ten-second window and its headers (docs/intercom-api.md 1.5). */
export interface RateLimitSettings {
  /** Calls of one app in ten seconds; `false` for no limit. A sixth of 10,000 a minute by default. */
  readonly app: number | false
  /** Calls of all apps of the workspace in ten seconds. A sixth of 25,000 a minute by default. */
  readonly workspace: number | false
  /** The second, modulo ten, on which windows end; derived from the app id by default. */
  readonly phase: number
  /**
   * `X-RateLimit-Reset`: the end of the window, or the first window end at least 6 s ahead, which is 6 to 16 s ahead as
   * recorded (docs/intercom-api.md 1.5).
   */
  readonly reset: 'window_end' | 'ahead'
  /** Another consumer of the same limit; none by default. */
  readonly foreign: ForeignConsumer | false
}

/** Some of the settings. */
export type RateLimitChanges = { [K in keyof RateLimitSettings]?: RateLimitSettings[K] | undefined }

/** A sixth of the minute's limit, rounded as in Intercom's example: 167 of 1,000 (docs/intercom-api.md 1.5). */
const defaultLimit = Math.round(10_000 / 6)
const defaultWorkspaceLimit = Math.round(25_000 / 6)

/** The result of counting a call; `refused` if a limit was exceeded. */
export interface Counted {
  readonly limit: number
  readonly remaining: number
  readonly reset: number
  readonly refused: boolean
}

/** The calls of one app in one window. */
export interface RateWindow {
  readonly app: string
  /** The Unix second at which it ends or ended, by the server's clock. */
  readonly ends_at: number
  /** The app's limit; null if there was none. */
  readonly limit: number | null
  /** Calls counted, including refused ones. */
  readonly calls: number
  readonly refused: number
  /** Calls of the foreign consumer, so far. */
  readonly foreign: number
}

interface Use {
  calls: number
  refused: number
}

/** How many windows with calls are kept. */
const kept = 1_000

/**
 * Counts calls in Intercom's fixed ten-second windows, for each app and for the workspace
 * (docs/intercom-api.md 1.5). The clock is the emulated server's, not the workspace's: clients compare
 * `X-RateLimit-Reset` with their own time.
 */
export class RateLimitWindows {
  readonly #clock: Clock
  readonly #initial: RateLimitSettings
  #settings: RateLimitSettings
  #window: number | undefined
  /** The first window since the settings changed, from which foreign traffic counts windows. */
  #first: number | undefined
  #used = new Map<string, Use>()
  #total = 0
  #foreign: ForeignCalls = none
  #past: RateWindow[] = []

  constructor(clock: Clock, appId: string, given: number | false | RateLimitChanges = {}) {
    this.#clock = clock
    const phase = Number.parseInt(hash('md5', appId).slice(0, 6), 16) % windowSeconds
    const changes = typeof given === 'object' ? given : { app: given }
    const app = changes.app ?? defaultLimit
    const workspace = app === false ? false : Math.max(app, defaultWorkspaceLimit)
    const usual = { app, workspace, phase, reset: 'window_end', foreign: false } as const
    this.#initial = { ...usual, ...definedOf(changes) }
    this.#settings = this.#initial
  }

  get settings(): RateLimitSettings {
    return this.#settings
  }

  /** Changes some settings and starts a full window; without any, restores the initial ones. */
  set(changes?: RateLimitChanges): void {
    this.#keep()
    this.#settings = changes ? { ...this.#settings, ...definedOf(changes) } : this.#initial
    this.#window = undefined
    this.#first = undefined
  }

  /** Counts a call. Refused calls count too; without a limit the headers show the default one, never exhausted. */
  count(app: string): Counted {
    const { app: appLimit, workspace, phase, foreign } = this.#settings
    const ms = this.#clock.now() - phase * 1000
    const window = Math.floor(ms / (windowSeconds * 1000))
    if (window !== this.#window) this.#begin(window)
    const others = this.#foreign(ms - window * windowSeconds * 1000)
    const use = this.#used.get(app) ?? { calls: 0, refused: 0 }
    this.#used.set(app, use)
    use.calls += 1
    this.#total += 1
    const mine = use.calls + (foreign !== false && foreign.app === app ? others : 0)
    const left = [
      appLimit === false ? Number.POSITIVE_INFINITY : appLimit - mine,
      workspace === false ? Number.POSITIVE_INFINITY : workspace - this.#total - others,
    ]
    const least = Math.min(...left)
    if (least < 0) use.refused += 1
    const limit = appLimit === false ? defaultLimit : appLimit
    const shown = least === Number.POSITIVE_INFINITY ? Math.max(1, limit - mine) : Math.min(limit, least)
    const reset = this.#reset(window, ms)
    return { limit, remaining: Math.max(0, shown), reset, refused: least < 0 }
  }

  /** The latest windows with calls, newest first. */
  windows(limit: number): RateWindow[] {
    return [...this.#past, ...this.#running()].reverse().slice(0, limit)
  }

  #begin(window: number): void {
    this.#keep()
    this.#window = window
    this.#first ??= window
    const { foreign, app } = this.#settings
    const limit = app === false ? defaultLimit : app
    this.#foreign = foreign === false ? none : foreignCalls(foreign, window - this.#first, limit)
  }

  #keep(): void {
    this.#past = [...this.#past, ...this.#running()].slice(-kept)
    this.#used.clear()
    this.#total = 0
  }

  #running(): RateWindow[] {
    const { phase, app: limit, foreign } = this.#settings
    if (this.#window === undefined) return []
    const begins = this.#window * windowSeconds + phase
    const others = this.#foreign(this.#clock.now() - begins * 1000)
    return [...this.#used].map(([app, use]) => ({
      app,
      ends_at: begins + windowSeconds,
      limit: limit === false ? null : limit,
      ...use,
      foreign: foreign !== false && foreign.app === app ? others : 0,
    }))
  }

  /** `ms` is the time less the phase. */
  #reset(window: number, ms: number): number {
    const end = (window + 1) * windowSeconds
    const near = end * 1000 - ms < 6_000
    return this.#settings.phase + (this.#settings.reset === 'ahead' && near ? end + windowSeconds : end)
  }
}

const none: ForeignCalls = () => 0

function definedOf(changes: RateLimitChanges): Partial<RateLimitSettings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

import { setTimeout as sleep } from 'node:timers/promises'
import { Ended } from './process.ts'
import type { Sender, Victim } from './senders.ts'

export type Span = { least: number; most: number }

/** What is killed is away so long, ms. */
export const awayMs: Span = { least: 200, most: 1000 }
/** Of the kills, where there is a server. */
const serverShare = 1 / 3

/** Kills a sender's processes and its server, one after the other, and starts them again. */
export class Kills {
  count = 0
  readonly #sender: Pick<Sender, 'server' | 'processes'>
  readonly #betweenMs: Span | null
  readonly #random: () => number
  readonly #open = new Set<PromiseWithResolvers<number>>()
  readonly #end = new AbortController()

  /** From one kill to the next so many ms; `null`: nobody is killed. */
  constructor(sender: Pick<Sender, 'server' | 'processes'>, betweenMs: Span | null, random: () => number) {
    this.#sender = sender
    this.#betweenMs = betweenMs
    this.#random = random
  }

  /** Whether a kill comes while something is open, and when the first did (`performance.now()`). */
  watch(): { interrupted: Promise<number>; end: () => void } {
    const kill = Promise.withResolvers<number>()
    this.#open.add(kill)
    return { interrupted: kill.promise, end: () => this.#open.delete(kill) }
  }

  /** Until the end; rejects when something does not come back. */
  async begin(): Promise<void> {
    const random = this.#random
    const betweenMs = this.#betweenMs
    const { signal } = this.#end
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    if (betweenMs === null) return await ended
    const { server, processes } = this.#sender
    const between = ({ least, most }: Span) => least + random() * (most - least)
    for (;;) {
      await Promise.race([sleep(between(betweenMs), undefined, { ref: false }), ended])
      if (signal.aborted) return
      const isServer = random() < serverShare
      const process = processes[Math.floor(random() * processes.length)]
      const victim = (isServer ? server : null) ?? process
      this.count += 1
      this.#interrupt()
      await victim?.kill()
      await sleep(between(awayMs))
      if (victim !== undefined) await restart(victim)
    }
  }

  /** No more kills. */
  async end(): Promise<void> {
    this.#end.abort()
  }

  #interrupt(): void {
    const at = performance.now()
    for (const { resolve } of this.#open) resolve(at)
    this.#open.clear()
  }
}

/** As a supervisor does it: what cannot start, since Intercom refuses it for the moment, is started again. */
async function restart(victim: Victim): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await victim.start()
      return
    } catch (error) {
      if (!(error instanceof Ended) || tries === 30) throw error
      await sleep(1000)
    }
  }
}

import { effect, signal } from '@preact/signals'
import { ask } from './server.ts'
import { session } from './session.ts'

/** The clock of the local Intercom (docs/workspace.md): Unix seconds, seconds ahead of the machine, stopped or not. */
export type ClockState = { now: number; offset: number; frozen: boolean; skew: number }

const tickMs = 15_000

/** The machine's time in ms, as of the last look. */
export const machineNow = signal(Date.now())
/** `null` where there is no local Intercom. */
export const clock = signal<ClockState | null>(null)

/** The time of the local Intercom in ms, as of the last look. */
export function workspaceNow(): number {
  const { value } = clock
  if (value === null) return machineNow.value
  return value.frozen ? value.now * 1000 : machineNow.value + value.offset * 1000
}

/** Reads the clock anew; the Lab calls it when it has moved it. */
export async function readClock(): Promise<void> {
  if (session.peek()?.local !== true) return
  const found = await ask<ClockState>('GET', '/workspace/clock').catch(() => null)
  if (found === null) return
  machineNow.value = Date.now()
  clock.value = found
}

setInterval(() => {
  if (document.hidden) return
  machineNow.value = Date.now()
  void readClock()
}, tickMs)
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return
  machineNow.value = Date.now()
  void readClock()
})
effect(() => {
  if (session.value?.local === true) void readClock()
})

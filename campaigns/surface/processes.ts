import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bareEnv } from '../../test/openapi-validator/child-env.ts'
import type { Blocked, Measured } from './measure.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const preload = new URL('measure.ts', import.meta.url).href

/** A process that is watched from within. */
export type Watched = {
  child: ChildProcess
  /** What it came to since `forget`; memory after a garbage collection. */
  measure(): Promise<Measured>
  /** Its time so far is forgotten, and judged from now on: starting takes long. */
  forget(): void
  stop(): Promise<void>
}

/** Starts the command line, or with no arguments a process that does nothing, to compare with. */
export function watched(
  args: readonly string[],
  env: Record<string, string>,
  onBlocked: (ms: number) => void,
): Watched {
  const program = args.length === 0 ? ['--eval', 'setInterval(() => {}, 1000)'] : [bin, ...args]
  const child = spawn(process.execPath, ['--expose-gc', ...program], {
    env: { ...bareEnv(), ...env, NODE_OPTIONS: `--import=${preload}` },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  })
  child.stdin?.on('error', () => {}) // an ended process is noticed where it is asked
  child.on('message', (told: Blocked | Measured) => {
    if ('blocked' in told) onBlocked(told.blocked)
    else child.emit('measured', told)
  })
  return {
    child,
    async measure() {
      child.send('measure')
      const signal = AbortSignal.timeout(60_000)
      const [measured] = (await once(child, 'measured', { signal })) as [Measured]
      return measured
    },
    forget: () => void (child.connected && child.send('forget')),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(10_000, undefined, { ref: false })])
      child.kill('SIGKILL')
    },
  }
}

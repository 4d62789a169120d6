import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process that was started here, and its first line that fits. */
export interface Child {
  readonly process: ChildProcess
  readonly line: string
  /** Asks it to end and waits until it has. */
  end(signal?: NodeJS.Signals): Promise<void>
}

/** Starts a program and waits for a line of its output, half a minute and more for a seed at most. */
export async function start(
  command: string,
  args: readonly string[],
  ready: RegExp,
  seconds = 120,
): Promise<Child> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} is not ready`)), seconds * 1000)
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (text) => {
      if (!ready.test(text)) return
      clearTimeout(timer)
      resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)))
  })
  return {
    process: child,
    line,
    end: (signal = 'SIGTERM') => {
      if (child.exitCode === null) child.kill(signal)
      return ended
    },
  }
}

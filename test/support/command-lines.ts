import { fork } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../openapi-validator/child-env.ts'
import type { CommandLine } from './command-lines-process.ts'
import type { Ended } from './run-command.ts'

const program = fileURLToPath(new URL('command-lines-process.ts', import.meta.url))

/** A command that goes on for longer is a failure of its test, ms. */
const patienceMs = 45_000

/**
 * Runs command lines of ours one after another, each with an environment and a stdin of its own, in one process: most
 * of what a process does for a command is to start. How a process ends is seen with `runCommand` alone.
 */
export function commandLines(): (
  args: string[],
  options?: { env?: Record<string, string>; input?: string },
) => Promise<Ended> {
  const child = fork(program, { env: childEnv(), execArgv: [] })
  after(() => child.kill('SIGKILL')) // some commands have their own answer to milder signals
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`a command ended the process of all, with ${code}`)
  })
  gone.catch(() => {})
  let last: Promise<unknown> = Promise.resolve()

  async function run(line: CommandLine): Promise<Ended> {
    child.send(line)
    const stop = AbortSignal.timeout(patienceMs)
    const answered = once(child, 'message', { signal: stop }).catch((error: unknown) => {
      throw stop.aborted ? new Error(`this goes on: ${line.args.join(' ')}`) : error
    })
    const [ended] = await Promise.race([answered, gone])
    return ended as Ended
  }
  return (args, { env = {}, input = '' } = {}) => {
    const ended = last.then(() => run({ args, env: childEnv(env), input }))
    last = ended.catch(() => {})
    return ended
  }
}

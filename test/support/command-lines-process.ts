// The process of `commandLines`.
import { Readable } from 'node:stream'
import { main } from '../../src/cli/main.ts'
import type { Ended } from './run-command.ts'

/** A command line, all of its environment, and what it reads from stdin. */
export type CommandLine = { args: string[]; env: Record<string, string>; input: string }

process.on('message', async ({ args, env, input }: CommandLine) => {
  process.env = env
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (chunk: string | Uint8Array) => {
      printed[name] += Buffer.from(chunk as string).toString()
      return true
    }
  }
  const code = await main(args)
  process.send?.({ code, ...printed } satisfies Ended)
})

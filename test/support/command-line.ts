import { Readable, Writable } from 'node:stream'
import { format } from 'node:util'
import { main } from '../../src/cli/main.ts'
import { bareEnv } from '../openapi-validator/child-env.ts'
import type { Ended } from './run-command.ts'

/** A command that goes on for longer is a failure of its test, ms. */
const patienceMs = 45_000
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let last: Promise<unknown> = Promise.resolve()

/**
 * Runs a command line of ours in this process, with an environment and streams of its own, when those before it have
 * ended: nearly all that a process does for a command is to start. How a process ends is seen with `runCommand` alone.
 */
export function commandLine(
  args: string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string | Buffer } = {},
): Promise<Ended> {
  const ended = last.then(() => run(args, { ...bareEnv(), ...env }, Readable.from([Buffer.from(input)])))
  last = ended.catch(() => {})
  return ended
}

async function run(args: string[], env: Record<string, string>, stdin: Readable): Promise<Ended> {
  const [stdout, stderr] = [collecting(), collecting()]
  const restore = replaced(env, { stdin, stdout: stdout.stream, stderr: stderr.stream })
  const stop = AbortSignal.timeout(patienceMs)
  const goesOn = new Promise<never>((_, reject) => {
    stop.onabort = () => reject(new Error(`this goes on: ${args.join(' ')}`))
  })
  try {
    const code = await Promise.race([main(args), goesOn])
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    restore()
  }
}

function collecting() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString() }
}

/** Puts others in place of what a process has one of; answers what brings its own back. */
function replaced(
  env: Record<string, string>,
  streams: { stdin: Readable; stdout: Writable; stderr: Writable },
): () => void {
  const own = Object.getOwnPropertyDescriptors(process)
  const { log, error } = console
  const { env: ownEnv } = process
  const handlers = signals.map((signal) => process.listeners(signal))
  for (const [name, value] of Object.entries(streams))
    Object.defineProperty(process, name, { value, configurable: true })
  process.env = env
  console.log = (...told) => streams.stdout.write(`${format(...told)}\n`)
  console.error = (...told) => streams.stderr.write(`${format(...told)}\n`)
  return () => {
    const { stdin, stdout, stderr } = own
    Object.defineProperties(process, { stdin, stdout, stderr } as PropertyDescriptorMap)
    process.env = ownEnv
    Object.assign(console, { log, error })
    for (const [index, signal] of signals.entries())
      for (const handler of process.listeners(signal))
        if (!handlers[index]?.includes(handler)) process.off(signal, handler)
  }
}

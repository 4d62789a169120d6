import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The command line of this checkout. */
export const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))

/** A key for servers of these tests. */
export const key = 'a-key-of-the-host-tests-0123456789'

/** A program of ours that prints `{"url": …}` once it is ready; ends with `stop`. */
export async function served(
  args: string[],
  env: Record<string, string | undefined> = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 1_200_000,
  })
  const { url } = JSON.parse(await firstLine(child)) as { url: string }
  return {
    url,
    async stop() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the server has no output')
  for await (const line of createInterface(child.stdout)) return line
  throw new Error('the server ended before it was ready')
}

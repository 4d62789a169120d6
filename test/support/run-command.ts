import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { bareEnv, validatorEnv } from '../openapi-validator/child-env.ts'

/** How a command ended and what it printed. */
export type Ended = { code: number | null; stdout: string; stderr: string }

/** Runs a program to its end, in a bare environment with the validator and what is given. */
export async function runCommand(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const { cwd, env, input } = options
  const child = spawn(command, args, {
    ...(cwd ? { cwd } : {}),
    // Other releases of Node.js would warn about the preloaded TypeScript.
    env: { ...bareEnv(), ...(command === process.execPath ? validatorEnv() : {}), ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  child.stdin?.end(input)
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes')
  const closed = new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  )
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

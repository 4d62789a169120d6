import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The command `prism`, when `npm ci --prefix test-hosts` has been run. */
export const prismCommand = fileURLToPath(
  new URL('node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url),
)

/** A running `prism proxy`. */
export interface Prism {
  readonly port: number
  /** Ends it and gives its log. */
  stop(): Promise<string>
}

/** Puts `prism proxy` in front of `upstream`, validating by the description; ready when it listens. */
export async function startPrism(description: string, upstream: string, limitMs: number): Promise<Prism> {
  const port = await freePort()
  const args = [prismCommand, 'proxy', description, upstream, '-h', '127.0.0.1', '-p', String(port)]
  const child = spawn(process.execPath, [...args, '--verboseLevel', 'info'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk
  })
  const stop = async () => {
    await stopProcess(child)
    return log
  }
  const deadline = Date.now() + limitMs
  while (!log.includes('Prism is listening')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error('prism does not listen')
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return { port, stop }
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const example = new URL('../../examples/support-workflow/package.json', import.meta.url)

/** The server's binary, as the example installs it. */
function binary(): string {
  const require = createRequire(example)
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`
  try {
    return join(require.resolve(`${name}/package.json`), '../bin/restate-server')
  } catch {
    throw new Error('Restate is not installed. First: npm ci --prefix examples/support-workflow')
  }
}

/** A real Restate server on ports of its own, in a temporary folder. */
export class RestateServer {
  readonly ingress: string
  readonly admin: string
  readonly #folder: string
  readonly #ports: { ingress: number; admin: number; fabric: number }
  readonly #env: Record<string, string>
  #process: ChildProcess | undefined

  private constructor(
    ports: { ingress: number; admin: number; fabric: number },
    env: Record<string, string>,
  ) {
    this.#ports = ports
    this.#env = env
    this.#folder = mkdtempSync(join(tmpdir(), 'rs-')) // a long path of a socket would not do
    this.ingress = `http://127.0.0.1:${ports.ingress}`
    this.admin = `http://127.0.0.1:${ports.admin}`
  }

  static async start(env: Record<string, string> = {}): Promise<RestateServer> {
    const [ingress, admin, fabric] = await freePorts(3)
    const server = new RestateServer({ ingress: ingress ?? 0, admin: admin ?? 0, fabric: fabric ?? 0 }, env)
    await server.begin()
    return server
  }

  /** Starts it, on what an earlier run has left. */
  async begin(): Promise<void> {
    const { ingress, admin, fabric } = this.#ports
    const child = spawn(
      binary(),
      ['--no-logo', '--base-dir', this.#folder, '--node-name', 't', '--bind-ip', '127.0.0.1'],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          RESTATE_DISABLE_TELEMETRY: 'true',
          RESTATE_LOG_FORMAT: 'compact',
          RESTATE_LOG_FILTER: 'warn,octocrab=off',
          RESTATE_DEFAULT_NUM_PARTITIONS: '4',
          RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: '512MiB',
          RESTATE_INGRESS__BIND_PORT: String(ingress),
          RESTATE_ADMIN__BIND_PORT: String(admin),
          RESTATE_BIND_PORT: String(fabric),
          RESTATE_LISTEN_MODE: 'tcp',
          ...this.#env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let said = ''
    child.stdout?.on('data', (data) => (said = `${said}${data}`.slice(-4000)))
    child.stderr?.on('data', (data) => (said = `${said}${data}`.slice(-4000)))
    this.#process = child
    const until = performance.now() + 30_000
    while (!((await healthy(`${this.admin}/health`)) && (await healthy(`${this.ingress}/restate/health`)))) {
      if (child.exitCode !== null || performance.now() > until)
        throw new Error(`Restate did not start:\n${said}`)
      await sleep(50)
    }
  }

  async kill(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function healthy(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(url)
    return ok
  } catch {
    return false
  }
}

/** Ports that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

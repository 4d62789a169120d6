// A Restate server from its npm package, in a temporary folder, on ports of this machine alone.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export async function startRestate() {
  const folder = mkdtempSync(join(tmpdir(), 'rs-'))
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`
  const binary = fileURLToPath(new URL(`node_modules/${name}/bin/restate-server`, import.meta.url))
  const [ingress, admin, node] = await Promise.all([freePort(), freePort(), freePort()])
  const child = spawn(
    binary,
    ['--no-logo', '--base-dir', folder, '--node-name', 't', '--bind-ip', '127.0.0.1'],
    {
      env: {
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_LOG_FILTER: 'error,octocrab=off',
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_BIND_PORT: String(node),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  process.once('exit', () => child.kill())
  const urls = { ingress: `http://127.0.0.1:${ingress}`, admin: `http://127.0.0.1:${admin}` }
  for (const url of [`${urls.admin}/health`, `${urls.ingress}/restate/health`]) {
    for (let tries = 0; !(await isUp(url)); tries++) {
      if (tries > 300 || child.exitCode !== null) throw new Error('the Restate server did not start')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const close = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...urls, folder, close }
}

async function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number } // it listens
  await new Promise((resolve) => server.close(resolve))
  return port
}

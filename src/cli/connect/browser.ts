import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import type { ConnectedWorkspace, OAuthApp, Workspaces } from '../../connect/index.ts'
import { orUsageError, say } from '../command.ts'
import { UsageError } from '../flags.ts'

type Way = { app: OAuthApp; store: Workspaces; signal: AbortSignal }

/** Waits on loopback for the browser that Intercom sends back. `null` where the signal comes first. */
export async function byLoopback(
  { app, store, signal }: Way,
  port: number,
): Promise<ConnectedWorkspace | null> {
  const server = await import('../../server/index.ts')
  const { connectMount } = await import('../../server/connect/mount.ts')
  const url = `http://127.0.0.1:${port}`
  const word = randomBytes(16).toString('base64url') // other users of this machine reach the port too
  const { promise, resolve } = Promise.withResolvers<ConnectedWorkspace | null>()
  const mount = connectMount({
    workspaces: store,
    app: { ...app, redirectUrl: `${url}/connect/callback` },
    people: server.keyOrToken({ operators: [] }),
    open: word,
    onConnected: resolve,
  })
  const serving = await orUsageError(() =>
    server.startServer({
      host: '127.0.0.1',
      port,
      hosts: [],
      origins: [],
      callers: [],
      mounts: [mount],
      limits: server.limitsOf({ shutdown_seconds: 2 }),
      log: () => {}, // one person, who sees the pages
    }),
  )
  say(`Open this address in a browser on this machine, and agree in Intercom:\n\n  ${url}/connect/${word}\n`)
  signal.addEventListener('abort', () => resolve(null), { once: true })
  const connected = await promise
  await serving.close()
  return connected
}

/** For a redirect to another address: the user pastes that into the terminal. */
export async function byPaste({ app, store, signal }: Way): Promise<ConnectedWorkspace | null> {
  const { consentUrl, exchangeCode } = await import('../../connect/index.ts')
  const { pendingInstallations } = await import('../../connect/pending.ts')
  const pending = pendingInstallations()
  const { state, secret } = pending.begin()
  say(`Open this address in a browser, and agree in Intercom:\n\n  ${consentUrl(app, state)}\n`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const asking = terminal.question('Then paste the address that the browser was sent to: ', { signal })
  const pasted = await asking.catch(() => null)
  terminal.close()
  if (pasted === null) return null
  const given = URL.parse(pasted.trim())?.searchParams
  const code = given?.get('code')
  if (!given || !code) throw new UsageError('this address has no code in it: begin again')
  if (pending.finish(given.get('state') ?? '', () => secret) !== null)
    throw new UsageError('this address belongs to another installation: begin again')
  const { workspace, accessToken } = await exchangeCode({ ...app, signal }, code)
  await store.save(workspace, accessToken)
  return workspace
}

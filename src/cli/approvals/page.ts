import { randomBytes } from 'node:crypto'
import { interrupted, orUsageError, printJsonLine, say } from '../command.ts'
import { portFrom, UsageError } from '../flags.ts'
import { filesOf } from './file.ts'
import { ownClients } from './outcome.ts'
import { whoami } from './terminal.ts'

/**
 * The page of approvals on this machine, until Ctrl-C, for whoever opens the link that is printed: it lets one browser in,
 * once. What is approved there is sent by this process where it has the token of the call.
 */
export async function page(values: Record<string, unknown>, id: string | undefined): Promise<number> {
  if (id !== undefined) throw new UsageError('approvals page takes no id')
  const { openApprovals } = await import('../../approvals/index.ts')
  const server = await import('../../server/index.ts')
  const own = await ownClients(values)
  const { file } = await filesOf(values)
  const store = await orUsageError(() => openApprovals(file))
  const operator = { name: whoami(), keyHash: randomBytes(32), callers: null } // no key has this hash
  const sessions = server.sessionsOf(server.keyOrToken({ operators: [operator] }))
  const deciding = server.servedApprovals({ store, operators: [operator], sessions, clients: own.clients })
  const start = () =>
    server.startServer({
      host: '127.0.0.1',
      port: portFrom(values),
      hosts: [],
      origins: [],
      proxies: [],
      callers: [],
      mounts: [deciding.mount],
      limits: server.limitsOf(),
      log: () => {},
    })
  const serving = await orUsageError(start).catch(async (error: unknown) => {
    await deciding.close()
    await own.close()
    throw error
  })
  deciding.start(serving.url)
  printJsonLine({ url: `${serving.url}/approvals#code=${sessions.invite(operator)}` })
  say(
    'Open this link in your browser: it lets one browser in, within ten minutes. Press Ctrl-C to end.' +
      (own.clients.length === 0
        ? ' What you approve is sent by the process that asked, as long as that runs.'
        : ''),
  )
  await interrupted()
  await serving.close()
  await deciding.close()
  await own.close()
  return 0
}

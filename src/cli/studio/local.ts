import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { credentials } from '../../client/credentials.ts'
import { createIntercom } from '../../intercom.ts'
import type { Operator } from '../../server/approvals/operator.ts'
import type { Caller } from '../../server/caller.ts'
import type { Workspace } from '../../workspace/index.ts'
import { whoami } from '../approvals/terminal.ts'
import { say } from '../command.ts'
import { accessFlags, accessOf, confirmByOf, connectionFlags, toolsetsIn } from '../connection.ts'
import { type Flags, namesIn } from '../flags.ts'
import { apiKeyHash } from '../keys.ts'

const { toolsets, read_only, only } = connectionFlags

/** What the studio's own caller may do, who is also everybody at its MCP and REST. */
export const studioPolicyFlags: Flags = {
  toolsets: { ...toolsets, default: 'all' },
  read_only,
  only,
  ...accessFlags,
}

export type LocalStudioOptions = {
  /** Where the local Intercom listens. */
  url: string
  adminKey: string
  /** The file of the local Intercom, where it has one: what the studio keeps lies beside it. */
  data?: string | undefined
  port: number
  /** The values of `studioPolicyFlags`. */
  values: Record<string, unknown>
}

/** The studio of a local Intercom: a server of its own, with MCP and REST beside it. */
export async function localStudio(workspace: Workspace, options: LocalStudioOptions) {
  const { url, adminKey, data, port, values } = options
  const [server, { openApprovals }] = await Promise.all([
    import('../../server/index.ts'),
    import('../../approvals/index.ts'),
  ])
  const { output, ...access } = accessOf(values)
  const keyHash = await apiKeyHash()
  const files = filesFor(data)
  const opened: { close(): unknown }[] = [{ close: files.remove }]
  const closeAll = async () => {
    for (const one of opened.toReversed()) await one.close()
  }
  try {
    const limits = { ...server.limitsOf(), shutdownSeconds: 5 }
    const journal = server.journalOf(files.journal, limits.journalBytes)
    opened.push(journal)
    const deciding = server.servedApprovals({
      store: openApprovals(files.approvals),
      operators: [],
      page: '/studio/sends/approvals',
    })
    opened.push(deciding)
    const { accessToken } = workspace
    const connection = { accessToken, baseUrl: url }
    const traffic = server.trafficOf()
    const caller: Caller = {
      name: 'studio',
      keyHash,
      intercom: createIntercom({
        ...connection,
        toolsets: toolsetsIn(values) ?? ['all'],
        readOnly: values['read_only'] === true,
        only: namesIn(values['only']),
        journal,
        onResponse: traffic.onResponse,
      }),
      traffic,
      workspace: credentials(connection),
      access,
      output,
      confirmBy: confirmByOf(values),
      journaled: true,
      callsPerMinute: 100_000,
      concurrentCalls: server.defaultConcurrentCalls,
      approvals: deciding.heldBy('studio'),
    }
    const sends = server.sendsMount()
    const studio = server.studioMount({
      callers: [caller],
      people: server.keyOrToken({ operators: [] }),
      approvalsOf: deciding.routesFor,
      sendsOf: (operator) => sends.visitBy(operator).handler,
      local: { url, fetch: (request) => workspace.fetch(request), accessToken, adminKey },
      localOperator: localOperator(),
    })
    const serving = await server.startServer({
      host: '127.0.0.1',
      port,
      hosts: [],
      origins: [],
      callers: [caller],
      mounts: [
        ...[server.mcpMount(limits), ...server.restMounts(), sends, server.healthMount],
        ...[deciding.mount, studio, { path: '/', open: { fetch: toStudio } }],
      ],
      limits,
      log: () => {},
    })
    opened.push(serving)
    deciding.start(serving.url)
    const link = () => `${serving.url}${studio.link()}`
    return { url: serving.url, link, offerLinks: () => offerLinks(link), close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function toStudio(): Response {
  return new Response(null, { status: 302, headers: { Location: '/studio/', 'Cache-Control': 'no-store' } })
}

/** Whoever has the link of a studio on a local Intercom. */
export function localOperator(): Operator {
  return { name: whoami(), keyHash: randomBytes(32), callers: null } // no key has this hash
}

/** Beside the data, or in a private folder that goes with the command. */
function filesFor(data: string | undefined): { journal: string; approvals: string; remove(): void } {
  const folder = data === undefined ? mkdtempSync(join(tmpdir(), 'modulex-intercom-studio-')) : null
  const journal = folder === null ? `${data}.journal` : join(folder, 'journal')
  return {
    journal,
    approvals: `${journal}.approvals`,
    remove() {
      if (folder !== null) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Says how to open a studio; on a terminal, Enter prints another link. Returns a function that ends this. */
export function offerLinks(link: () => string): () => void {
  const more = process.stdin.isTTY ? ' Press Enter for another link.' : ''
  say(`A link to the studio opens it in one browser, once, within ten minutes.${more}`)
  if (!process.stdin.isTTY) return () => {}
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => say(link()))
  return () => lines.close()
}

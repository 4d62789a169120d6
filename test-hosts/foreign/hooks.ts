import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Workspace } from '../../src/workspace/index.ts'

/** A webhook as it arrived. */
export interface Hook {
  readonly headers: IncomingHttpHeaders
  readonly rawBody: string
}

/** The secret that signs the webhooks. */
export const secret = 'a-client-secret-of-the-host-tests'

/** Collects every webhook that work makes the workspace send, by topic; the first of each counts. */
export async function hooksOf(workspace: Workspace, work: () => Promise<void>): Promise<Map<string, Hook>> {
  const hooks = new Map<string, Hook>()
  const server = createServer(async (request, response) => {
    const rawBody = await text(request)
    const { topic } = JSON.parse(rawBody) as { topic: string }
    if (!hooks.has(topic)) hooks.set(topic, { headers: request.headers, rawBody })
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  workspace.webhooks.save({ url: `http://127.0.0.1:${port}/`, secret })
  try {
    await work()
    await workspace.webhooks.settled()
  } finally {
    workspace.webhooks.remove()
    server.close()
    server.closeAllConnections()
  }
  return hooks
}

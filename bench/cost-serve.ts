// A server as cheap as Node.js has it: answers every request with one contact of the local Intercom, with rate-limit
// headers of a limit that never binds. Prints {"url","contactId"} and serves until it is told to end.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createWorkspace } from '../src/workspace/index.ts'

const limit = 1_000_000

const { contactId, body } = await aContact()
const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': limit - 1,
    'x-ratelimit-reset': (Math.floor(Date.now() / 10_000) + 1) * 10,
    'x-request-id': '002coraa1b2c3d4e5f60',
    'intercom-version': '2.12',
  })
  response.end(body)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, contactId }))
})

async function aContact(): Promise<{ contactId: string; body: Buffer }> {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  try {
    const { url, accessToken } = await workspace.listen()
    const headers = { authorization: `Bearer ${accessToken}`, 'intercom-version': '2.12' }
    const response = await fetch(`${url}/contacts?per_page=1`, { headers })
    const { data } = (await response.json()) as { data: [{ id: string }] }
    return { contactId: data[0].id, body: Buffer.from(JSON.stringify(data[0])) }
  } finally {
    await workspace.close()
  }
}

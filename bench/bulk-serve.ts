// Where bulk jobs go, in a process of its own: prints {"url","accessToken"} and serves until it is told to end. A
// workspace with its rate limit lifted (the headers are there and never bind), or with --stub a server that answers
// every request at once with one small contact. node bulk-serve.ts [--stub]
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createWorkspace } from '../src/workspace/index.ts'

const accessToken = 'token-of-the-stub'
const contact = { type: 'contact', id: '6762f0dd1bb69f9f2193bb83', role: 'user', email: 'a@b.c', name: 'Ada' }
const body = JSON.stringify({ ...contact, app: { type: 'app', id_code: 'stub' } })

if (process.argv.includes('--stub')) {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-request-id': '002e',
      'x-ratelimit-limit': '900000',
      'x-ratelimit-remaining': '899000',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 10_000) * 10),
    })
    response.end(body)
  })
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo // of a TCP server
    console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, accessToken }))
  })
} else {
  const workspace = await createWorkspace({
    seed: 'empty',
    rateLimit: { app: 900_000, workspace: false },
  })
  const { url, accessToken } = await workspace.listen()
  console.log(JSON.stringify({ url, accessToken }))
}
process.once('SIGTERM', () => process.exit(0))

import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWebhooks } from '../../src/webhooks/index.ts'

/** What the receiver that will be killed is told. */
export type Orders = { store: string; record: string; clientSecret: string; port: number; workMs: number }

const { store, record, clientSecret, port, workMs } = JSON.parse(String(process.argv[2])) as Orders // the parent's
const webhooks = createWebhooks({ store, clientSecret, concurrency: 16 })
// Each line is one write, so that a kill leaves it there or not.
webhooks.on('*', async (_, { key, attempt }) => {
  appendFileSync(record, `begun ${key} ${attempt}\n`)
  await sleep(Math.random() * workMs)
  appendFileSync(record, `ended ${key} ${attempt}\n`)
})
const server = createServer(async (request, response) => {
  const url = `http://local${request.url}`
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer) // no encoding is set
  const headers = request.headers as Record<string, string> // each comes once
  const answer = await webhooks.fetch(
    new Request(url, { method: 'POST', headers, body: Buffer.concat(pieces) }),
  )
  response.writeHead(answer.status).end(await answer.text())
})
process.on('disconnect', () => process.exit())
server.listen(port, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
webhooks.start()

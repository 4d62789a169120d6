// A Restate worker as one writes it by hand: the official SDK inside one durable step.
import { createServer } from 'node:http2'
import { type Context, createEndpointHandler, service } from '@restatedev/restate-sdk'
import type { Send } from '../reliability/send.ts'
import { naive } from './naive.ts'
import { answering } from './process.ts'

const { baseUrl, accessToken, port } = JSON.parse(process.argv[2] ?? '{}') as {
  baseUrl: string
  accessToken: string
  port: number
}
const sendBySdk = naive(baseUrl, accessToken)
const official = service({
  name: 'official',
  handlers: { send: async (ctx: Context, send: Send) => await ctx.run('send', () => sendBySdk(send)) },
})
const server = createServer(createEndpointHandler({ services: [official], logger: () => {} }))
server.listen(port, '127.0.0.1', () => answering({ url: `http://127.0.0.1:${port}` }, {}))

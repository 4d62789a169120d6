import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { replyTo } from '../../test/support/hostile-answers.ts'

/** Mails of which a careless reading takes time that grows with the square of their length. */
const mails: readonly (() => string)[] = [
  () => `${'<a href=x>'.repeat(10_000)}${' '.repeat(100_000)}`,
  () => '<ul><li>'.repeat(15_000),
  () => `${'<table><tr><td>'.repeat(9000)}x`,
  () => '<blockquote>'.repeat(15_000),
  () => '&amp;&#x41;&nope'.repeat(12_000),
  () => `${'<div style="color:red">'.repeat(200)}${'<b>x'.repeat(40_000)}`,
  () => `<!--${'<!-'.repeat(60_000)}`,
  () => 'Hello',
]

/** A stand-in for Intercom that finds nothing wrong; every so many conversations hold a hostile mail. Also takes what is forwarded. */
export async function obligingIntercom(): Promise<{ url: string; close(): Promise<void> }> {
  let conversations = 0
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const body = await text(request)
    if (path === '/forwarded') return void response.writeHead(202).end()
    const received = { method, path, headers, body: body === '' ? undefined : (JSON.parse(body) as unknown) }
    const isConversation = /^\/conversations\/\w+/.test(path)
    const mail =
      isConversation && conversations++ % 20 === 0
        ? mails[((conversations / 20) % mails.length) | 0]
        : undefined
    const reset = String(Math.ceil(Date.now() / 10_000) * 10)
    const rate = {
      'x-ratelimit-limit': '1000000',
      'x-ratelimit-remaining': '999999',
      'x-ratelimit-reset': reset,
    }
    for (const [name, value] of Object.entries(rate)) response.setHeader(name, value)
    const reply = replyTo(received, mail?.() ?? 'Hello')
    if (typeof reply === 'function') reply(response, request.socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

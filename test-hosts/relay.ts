import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** A server in front of prism that lets one request through at a time, so that prism's log is in order. */
export interface Relay {
  readonly url: string
  stop(): Promise<void>
}

/** Starts a relay to a port of this machine. */
export async function startRelay(port: number): Promise<Relay> {
  let last: Promise<void> = Promise.resolve()
  const server = createServer((incoming, outgoing) => {
    last = last.then(() => pass(port, incoming, outgoing))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function pass(port: number, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method, url: path, headers } = incoming
  return new Promise((resolve) => {
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      // Prism's verdict would not fit into what clients take for headers; its log has it whole.
      const { 'sl-violations': _, ...kept } = answer.headers
      outgoing.writeHead(answer.statusCode ?? 502, kept)
      answer.pipe(outgoing)
    })
    onward.setTimeout(10_000, () => onward.destroy(new Error('prism does not answer')))
    onward.on('error', (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end(String(error))
    })
    outgoing.on('close', () => {
      onward.destroy()
      resolve()
    })
    incoming.pipe(onward)
  })
}

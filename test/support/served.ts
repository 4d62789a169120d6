import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import type { Caller } from '../../src/server/caller.ts'
import { defaultLimits, type Limits } from '../../src/server/config.ts'
import { hashKey } from '../../src/server/keys.ts'
import type { LogLine } from '../../src/server/log.ts'
import type { Mount, MountHandler } from '../../src/server/mounts.ts'
import { healthMount } from '../../src/server/mounts.ts'
import { type ServerOptions, startServer } from '../../src/server/server.ts'

/** A caller whose actions are never run. */
export function caller(key: string | null, own: Partial<Caller> = {}): Caller {
  return {
    name: key ?? 'anybody',
    keyHash: key === null ? null : hashKey(key),
    intercom: {
      call: () => Promise.reject(new Error('no action is run here')),
      close: async () => {},
    },
    access: {},
    output: 'compact',
    callsPerMinute: 10_000,
    concurrentCalls: 1000,
    ...own,
  }
}

/** A server on a free port, with one handler at `/work`, that ends with the test. */
export async function served(
  t: TestContext,
  fetch: MountHandler['fetch'],
  { limits, mounts, ...own }: Partial<Omit<ServerOptions, 'limits'>> & { limits?: Partial<Limits> } = {},
) {
  const lines: LogLine[] = []
  const mount: Mount = { path: '/work', handler: () => ({ fetch }) }
  const serving = await startServer({
    host: '127.0.0.1',
    port: 0,
    hosts: [],
    origins: [],
    callers: [caller(null)],
    mounts: mounts ?? [mount, healthMount],
    limits: { ...defaultLimits, shutdownSeconds: 1, ...limits },
    log: (line) => lines.push(line),
    ...own,
  })
  t.after(() => serving.close())
  return { ...serving, lines }
}

/** What came back over a socket. */
export type Answer = { status: number; head: string; body: string }

/**
 * Sends bytes as they are, piece by piece, and answers the first response. The socket stays open until then, so
 * that a body may stay unfinished.
 */
export function exchange(url: string, ...pieces: string[]): Promise<Answer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(port), hostname, () => {
      for (const piece of pieces) socket.write(piece)
    })
    const settle = (last: boolean) => {
      const answer = answerIn(received)
      if (answer) resolve(answer)
      else if (last) reject(new Error(`no whole answer: ${JSON.stringify(received)}`))
      if (answer) socket.destroy()
    }
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      received += text
      settle(false)
    })
    socket.on('error', () => settle(true))
    socket.on('close', () => settle(true))
  })
}

/** The text of a request: a start line, headers, a body. */
export function request(start: string, headers: readonly string[] = [], body = ''): string {
  const host = headers.some((header) => /^host/i.test(header)) ? [] : ['Host: localhost']
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  return [`${start} HTTP/1.1`, ...host, ...headers, ...length, '', body].join('\r\n')
}

function answerIn(received: string): Answer | undefined {
  const [head = '', body] = received.split('\r\n\r\n', 2)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN)
  if (body === undefined || Buffer.byteLength(body) !== length) return undefined
  return { status: Number(head.split(' ')[1]), head, body }
}

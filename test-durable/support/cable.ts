import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** The network between a Restate server and its workers: one address, a connection to each in turn. It can be cut. */
export class Cable {
  readonly url: string
  readonly #ends: { near: Socket; far: Socket }[] = []
  readonly #close: () => void
  #state: 'whole' | 'cut' | 'silent' = 'whole'

  private constructor(port: number, close: () => void) {
    this.url = `http://127.0.0.1:${port}`
    this.#close = close
  }

  static async to(ports: readonly number[]): Promise<Cable> {
    let turn = 0
    const server = createServer((near) => cable.#join(near, ports[turn++ % ports.length] ?? 0, ports))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const cable = new Cable(typeof address === 'object' && address !== null ? address.port : 0, () =>
      server.close(),
    )
    return cable
  }

  /** Connections end at both sides, and no new one can be had. */
  cut(): void {
    this.#state = 'cut'
    for (const { near, far } of this.#ends.splice(0)) {
      reset(near)
      reset(far)
    }
  }

  /** Nothing goes through any more, and nobody is told. */
  silence(): void {
    this.#state = 'silent'
    for (const { near, far } of this.#ends) {
      near.unpipe(far).pause()
      far.unpipe(near).pause()
    }
  }

  /** New connections can be had again; those that were silenced end. */
  mend(): void {
    if (this.#state === 'silent') this.cut()
    this.#state = 'whole'
  }

  close(): void {
    this.cut()
    this.#close()
  }

  /** A worker that is down is passed over. */
  #join(near: Socket, port: number, ports: readonly number[], passed = 0): void {
    near.on('error', () => {})
    if (this.#state === 'cut') {
      near.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    far.on('error', () => {
      const next = ports[(ports.indexOf(port) + 1) % ports.length]
      if (
        far.bytesRead === 0 &&
        !near.destroyed &&
        next !== undefined &&
        passed + 1 < ports.length &&
        far.pending
      ) {
        this.#join(near, next, ports, passed + 1)
      } else near.destroy()
    })
    far.on('connect', () => {
      const ends = { near, far }
      this.#ends.push(ends)
      const end = () => {
        const at = this.#ends.indexOf(ends)
        if (at >= 0) this.#ends.splice(at, 1)
        near.destroy()
        far.destroy()
      }
      near.on('close', end)
      far.on('close', end)
      if (this.#state === 'silent') return
      near.pipe(far).pipe(near)
    })
  }
}

/** One that is ending is destroyed: Node.js fails to reset it and never closes its handle, and the process never ends. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

/** The connection that an answer is written to: a socket, or a `Response` in memory. */
export interface Wire {
  /** Aborts when the caller disconnects. */
  readonly gone: AbortSignal
  head(status: number, headers: readonly (readonly [name: string, value: string])[]): void
  /** Resolves when the caller is ready for more. */
  write(chunk: string | Uint8Array): Promise<void>
  end(): void
  /** Closes the connection after what was written, whatever length was announced. */
  cut(): void
  /** Resets the connection at once. */
  reset(): void
}

/** A response that is written in pieces; what would break a socket makes it fail as Node's `fetch` does. */
export function memoryWire(caller: AbortSignal): { wire: Wire; response: Promise<Response> } {
  const { promise: response, resolve, reject } = Promise.withResolvers<Response>()
  const gone = new AbortController()
  let ready = Promise.withResolvers<void>()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let begun = false

  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given
    },
    pull: () => ready.resolve(),
    cancel: () => finish(),
  })
  const finish = () => {
    controller = undefined
    gone.abort()
    ready.resolve()
  }
  const fail = (error: unknown) => {
    if (begun) controller?.error(error)
    else reject(error)
    finish()
  }
  if (caller.aborted) fail(caller.reason)
  else caller.addEventListener('abort', () => fail(caller.reason), { once: true, signal: gone.signal })

  const wire: Wire = {
    gone: gone.signal,
    head: (status, headers) => {
      begun = true
      const pairs = headers.map(([name, value]): [string, string] => [name, value])
      resolve(new Response(body, { status, headers: pairs }))
    },
    write: async (chunk) => {
      controller?.enqueue(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
      if (controller === undefined || (controller.desiredSize ?? 1) > 0) return
      ready = Promise.withResolvers<void>()
      await ready.promise
    },
    end: () => {
      controller?.close()
      finish()
    },
    cut: () => fail(broken('terminated', 'UND_ERR_SOCKET', 'other side closed')),
    reset: () => fail(broken('fetch failed', 'ECONNRESET', 'read ECONNRESET')),
  }
  return { wire, response }
}

/** What Node's own fetch rejects with when a connection breaks. */
function broken(message: string, code: string, reason: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(reason), { code }) })
}

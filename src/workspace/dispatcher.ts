/** What a dispatcher is asked to send. */
export interface DispatchOptions {
  origin?: string | URL | undefined
  path: string
  method: string
  headers?: unknown
  body?: unknown
}

/** How whoever dispatched a request ends it. */
export interface DispatchController {
  readonly aborted: boolean
  readonly paused: boolean
  readonly reason: Error | null
  abort(reason: Error): void
  pause(): void
  resume(): void
}

/** Who hears of a request: `onRequestStart` comes first, and not at all when nothing is transmitted. */
export interface DispatchHandler {
  onRequestStart?(controller: DispatchController, context: unknown): void
  onResponseStart?(
    controller: DispatchController,
    status: number,
    headers: Record<string, string | string[]>,
    statusMessage?: string,
  ): void
  onResponseData?(controller: DispatchController, chunk: Buffer): void
  onResponseEnd?(controller: DispatchController, trailers: Record<string, string | string[]>): void
  onResponseError?(controller: DispatchController, error: Error): void
}

/**
 * A workspace in memory behind undici's `Dispatcher` interface, as far as sending requests goes: for
 * `createIntercom({ accessToken, dispatcher })`. It answers whatever the origin.
 */
export interface WorkspaceDispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean
}

/** Dispatches to a workspace's `fetch`. `open`: a closed workspace refuses connections. */
export function dispatcherOf(
  fetch: (request: Request) => Promise<Response>,
  open: () => boolean,
): WorkspaceDispatcher {
  return {
    dispatch(options, handler) {
      void exchange(options, handler, fetch, open)
      return true
    },
  }
}

async function exchange(
  { origin = 'https://api.intercom.io', path, ...request }: DispatchOptions,
  handler: DispatchHandler,
  fetch: (request: Request) => Promise<Response>,
  open: () => boolean,
): Promise<void> {
  const gone = new AbortController()
  const { signal } = gone
  const controller: DispatchController = {
    get aborted() {
      return signal.aborted
    },
    get reason() {
      return signal.reason ?? null
    },
    paused: false,
    abort: (reason) => gone.abort(reason),
    pause() {},
    resume() {},
  }
  try {
    await undefined // a dispatcher answers after `dispatch` has returned
    if (!open()) throw Object.assign(new Error('The workspace is closed.'), { code: 'ECONNREFUSED' })
    handler.onRequestStart?.(controller, null)
    signal.throwIfAborted()
    const { method, headers, body } = request
    const init = { method, headers, body, signal } as RequestInit // what is wrong with them, `Request` says
    const response = await fetch(new Request(new URL(path, origin), init))
    handler.onResponseStart?.(controller, response.status, Object.fromEntries(response.headers))
    for await (const chunk of response.body ?? []) {
      signal.throwIfAborted()
      handler.onResponseData?.(controller, Buffer.from(chunk))
    }
    signal.throwIfAborted()
    handler.onResponseEnd?.(controller, {})
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    handler.onResponseError?.(controller, cause instanceof Error ? cause : new Error(String(cause)))
  }
}

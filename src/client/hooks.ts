/** One attempt of a request, as hooks see it before it is transmitted: no header and no body. */
export type RequestEvent = { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string; attempt: number }
/** A request about to be repeated: why, and after how many ms. */
export type RetryEvent = RequestEvent & { code: string; ms: number }
/** A pause: `rate_limit`, `retry`, `settle` before reading back, and the like. */
export type WaitEvent = { ms: number; reason: string }

/** Hooks are awaited, within the call's deadline. One that throws ends the call: it may be there to stop it. */
export type Hooks = {
  /** Before each attempt of a request. */
  onRequest?: ((event: RequestEvent) => void | Promise<void>) | undefined
  /** Before the pause that comes before a repetition. */
  onRetry?: ((event: RetryEvent) => void | Promise<void>) | undefined
  /** Before each pause; after a wait for the rate limit, whose length shows only then. */
  onWait?: ((event: WaitEvent) => void | Promise<void>) | undefined
}

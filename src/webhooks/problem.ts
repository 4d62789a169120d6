/**
 * A failure that no HTTP answer shows. `handler`: a handler threw, and the event is retried or, when `givenUp`, kept as
 * failed; `error` is what it threw, `null` if the process died on every attempt. `store`: the file cannot be read or
 * written. `poll`: a poll failed; the next one starts where it started.
 */
export type WebhookProblem =
  | { kind: 'handler'; id: string; topic: string; attempt: number; error: unknown; givenUp: boolean }
  | { kind: 'store'; error: unknown }
  | { kind: 'poll'; resource: 'conversation' | 'contact'; error: unknown }

/** The default `onProblem`: a process warning, without the error, which may quote a customer. */
export function warnAbout(problem: WebhookProblem): void {
  if (problem.kind === 'handler' && !problem.givenUp) return
  const what =
    problem.kind === 'handler'
      ? `event ${problem.id} (${problem.topic}) failed for good on attempt ${problem.attempt}`
      : problem.kind === 'poll'
        ? `polling ${problem.resource}s failed`
        : 'the webhook store failed'
  process.emitWarning(`${what}; set onProblem for details`, { code: 'INTERCOM_WEBHOOKS' })
}

/** Drops what a hook throws or rejects with. */
export function neverThrowing(hook: (problem: WebhookProblem) => unknown): (problem: WebhookProblem) => void {
  return async (problem) => {
    try {
      await hook(problem)
    } catch {}
  }
}

/**
 * What went wrong behind a webhook's answer. `handler`: a handler threw, and the event comes again, or is given up and
 * kept as failed; `error` is what was thrown, `null` where the process ended each time. `store`: the file cannot be
 * read or written. `poll`: a poll broke off; the next one begins where it began.
 */
export type Problem =
  | { kind: 'handler'; id: string; topic: string; attempt: number; error: unknown; givenUp: boolean }
  | { kind: 'store'; error: unknown }
  | { kind: 'poll'; what: 'conversation' | 'contact'; error: unknown }

/** A warning of the process for who named no hook: without what was thrown, which may quote a customer. */
export function warnOf(problem: Problem): void {
  if (problem.kind === 'handler' && !problem.givenUp) return
  const what =
    problem.kind === 'handler'
      ? `the event ${problem.id} (${problem.topic}) has failed ${problem.attempt} times and is kept as failed`
      : problem.kind === 'poll'
        ? `polling ${problem.what}s failed`
        : 'the store of webhooks failed'
  process.emitWarning(`${what}; onProblem tells more`, { code: 'INTERCOM_WEBHOOKS' })
}

/** A hook decides nothing: what it throws, or rejects with, is dropped. */
export function unheeded(hook: (problem: Problem) => unknown): (problem: Problem) => void {
  return async (problem) => {
    try {
      await hook(problem)
    } catch {}
  }
}

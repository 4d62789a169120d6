import { checkOptions, flag, hook, type OptionRule, text } from '../check-options.ts'
import { invalidInput } from '../errors.ts'
import type { Intercom } from '../intercom.ts'

/** Options of `createWebhooks`. */
export type WebhooksOptions = {
  /**
   * A SQLite file that keeps events until they are handled, and the ids of those that were; created if missing.
   * Processes on one machine may share it if they register the same handlers.
   */
  store: string
  /** The app's client secret (Developer Hub, Basic Information). Required unless `verify` is false. */
  clientSecret?: string | undefined
  /** `false` accepts unsigned notifications: only behind something that has verified them. @default true */
  verify?: boolean | undefined
  /** Older events are rejected. Ids are remembered for an hour longer. @default 86400 */
  maxAgeSeconds?: number | undefined
  /** The largest body accepted, bytes. @default 1048576 */
  maxBytes?: number | undefined
  /** The most events that may wait; further ones are answered with 503, so that Intercom retries. @default 10000 */
  maxWaiting?: number | undefined
  /** How many events this process handles at once. @default 8 */
  concurrency?: number | undefined
  /** Attempts before an event has failed for good: with the default delays, about three hours. @default 15 */
  maxAttempts?: number | undefined
  /** The delay after an event's first failure, ms; it doubles up to an hour. @default 1000 */
  retryMs?: number | undefined
  /** Called when a handler throws, an event fails for good, the store fails, or a poll fails. */
  onProblem?: ((problem: WebhookProblem) => void) | undefined
}

/** Options of `poll`. */
export type PollOptions = {
  /** The client to poll with; it only searches. */
  intercom: Pick<Intercom, 'call'>
  /** Seconds between the end of one poll and the start of the next. @default 60 */
  everySeconds?: number | undefined
  /** How far before the newest change seen the next poll starts, since Intercom's search lags. @default 600 */
  overlapSeconds?: number | undefined
  /** Where the first poll of a store starts; later ones continue from there. @default now, less the overlap */
  since?: Date | undefined
}

const numbers = {
  maxAgeSeconds: { least: 60, most: 365 * 86_400, fallback: 86_400 },
  maxBytes: { least: 1024, most: 64 * 1024 * 1024, fallback: 1024 * 1024 },
  maxWaiting: { least: 1, most: 1_000_000, fallback: 10_000 },
  concurrency: { least: 1, most: 1000, fallback: 8 },
  maxAttempts: { least: 1, most: 1000, fallback: 15 },
  retryMs: { least: 1, most: 3_600_000, fallback: 1000 },
} as const

type Numbers = Record<keyof typeof numbers, number>

const wholeNumber = (least: number, most: number): OptionRule => ({
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  expected: `a whole number from ${least} to ${most}`,
})

const rules: Record<keyof WebhooksOptions, OptionRule> = {
  store: { accepts: (value) => text.accepts(value) && value !== '', expected: 'the path of a file' },
  clientSecret: text,
  verify: flag,
  onProblem: hook,
  ...(Object.fromEntries(
    Object.entries(numbers).map(([name, { least, most }]) => [name, wholeNumber(least, most)]),
  ) as Record<keyof Numbers, OptionRule>),
}

const pollRules: Record<keyof PollOptions, OptionRule> = {
  intercom: {
    accepts: (value) => typeof (value as Partial<Intercom> | null)?.call === 'function',
    expected: 'made by createIntercom',
  },
  everySeconds: wholeNumber(1, 86_400),
  overlapSeconds: wholeNumber(0, 30 * 86_400),
  since: {
    accepts: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    expected: 'a valid date',
  },
}

/** Options with their defaults. Throws an `IntercomError` that quotes no value. */
export function checkWebhookOptions(
  options: WebhooksOptions,
): { store: string; clientSecret: string | null } & Numbers {
  checkOptions(options, rules)
  if (options.store === undefined) throw invalidInput('store must be the path of a file')
  const filled = Object.entries(numbers).map(([name, { fallback }]) => [
    name,
    options[name as keyof Numbers] ?? fallback,
  ])
  return { store: options.store, clientSecret: secretOf(options), ...(Object.fromEntries(filled) as Numbers) }
}

/** Throws an `IntercomError` on invalid options. */
export function checkPollOptions(options: PollOptions): void {
  checkOptions(options, pollRules)
  if (options.intercom === undefined) throw invalidInput('intercom must be made by createIntercom')
}

function secretOf({ clientSecret, verify }: WebhooksOptions): string | null {
  if (verify === false) {
    if (clientSecret === undefined) return null
    throw invalidInput('clientSecret and verify: false are mutually exclusive')
  }
  if (clientSecret === undefined || clientSecret === '')
    throw invalidInput('clientSecret is missing: anyone who knows the URL could forge events')
  if (/^\s|\s$/.test(clientSecret))
    throw invalidInput('clientSecret starts or ends with whitespace: copy it again')
  return clientSecret
}

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

import { IntercomError } from '../errors.ts'
import type { PollOptions } from './polls.ts'
import type { Problem } from './problem.ts'

/** Options of `createWebhooks`. */
export type WebhooksOptions = {
  /**
   * A file that keeps the events until they are handled, and the ids of those that were; it is made when absent.
   * Processes of one machine may share it, with the same handlers.
   */
  store: string
  /** The app's client secret (Developer Hub, Basic Information). Required unless `verify` is false. */
  clientSecret?: string | undefined
  /** `false` takes every notification for Intercom's: only where something before it has checked. @default true */
  verify?: boolean | undefined
  /** Events that happened longer ago are refused; ids are remembered an hour longer. @default 86400 */
  maxAgeSeconds?: number | undefined
  /** Bytes of a body. @default 1048576 */
  maxBytes?: number | undefined
  /** Events that wait at most; more are answered by 503, so that Intercom sends them again. @default 10000 */
  maxWaiting?: number | undefined
  /** Events handled at once by this process. @default 8 */
  concurrency?: number | undefined
  /** How often an event is handled before it has failed: with the default pauses about three hours. @default 15 */
  maxAttempts?: number | undefined
  /** The pause after an event's first failure, ms; it doubles up to an hour. @default 1000 */
  retryMs?: number | undefined
  /** Hears of handlers that threw, of events that were given up, of a failing store, of polls that broke off. */
  onProblem?: ((problem: Problem) => void) | undefined
}

const numbers = {
  maxAgeSeconds: { least: 60, most: 365 * 86_400, default: 86_400 },
  maxBytes: { least: 1024, most: 64 * 1024 * 1024, default: 1024 * 1024 },
  maxWaiting: { least: 1, most: 1_000_000, default: 10_000 },
  concurrency: { least: 1, most: 1000, default: 8 },
  maxAttempts: { least: 1, most: 1000, default: 15 },
  retryMs: { least: 1, most: 3_600_000, default: 1000 },
  everySeconds: { least: 1, most: 86_400, default: 60 },
  overlapSeconds: { least: 0, most: 30 * 86_400, default: 600 },
} as const

type Checked = { store: string; clientSecret: string | null } & Record<
  Exclude<keyof typeof numbers, 'everySeconds' | 'overlapSeconds'>,
  number
>

/** Options with their defaults. Throws an `IntercomError`, which quotes no value, on those that cannot work. */
export function checkWebhookOptions(options: WebhooksOptions): Checked {
  if (typeof options?.store !== 'string' || options.store === '')
    throw wrong('store must be the name of a file')
  const { onProblem, verify } = options
  if (onProblem !== undefined && typeof onProblem !== 'function') throw wrong('onProblem must be a function')
  if (verify !== undefined && typeof verify !== 'boolean') throw wrong('verify must be true or false')
  return {
    store: options.store,
    clientSecret: secretOf(options),
    maxAgeSeconds: number('maxAgeSeconds', options.maxAgeSeconds),
    maxBytes: number('maxBytes', options.maxBytes),
    maxWaiting: number('maxWaiting', options.maxWaiting),
    concurrency: number('concurrency', options.concurrency),
    maxAttempts: number('maxAttempts', options.maxAttempts),
    retryMs: number('retryMs', options.retryMs),
  }
}

/** Throws an `IntercomError` on options of polling that cannot work. */
export function checkPollOptions({ intercom, everySeconds, overlapSeconds, since }: PollOptions): void {
  if (typeof intercom?.call !== 'function') throw wrong('intercom must be made by createIntercom')
  number('everySeconds', everySeconds)
  number('overlapSeconds', overlapSeconds)
  if (since !== undefined && Number.isNaN(since.getTime())) throw wrong('since must be a date')
}

function secretOf({ clientSecret, verify }: WebhooksOptions): string | null {
  if (verify === false) {
    if (clientSecret === undefined) return null
    throw wrong('clientSecret and verify: false exclude each other')
  }
  if (typeof clientSecret !== 'string' || clientSecret === '') {
    throw wrong('clientSecret is missing: whoever knows the address could invent events')
  }
  if (/^\s|\s$/.test(clientSecret)) throw wrong('clientSecret has a blank at an end: copy it once more')
  return clientSecret
}

function number(name: keyof typeof numbers, given: number | undefined): number {
  const { least, most, default: usual } = numbers[name]
  if (given === undefined) return usual
  if (Number.isSafeInteger(given) && given >= least && given <= most) return given
  throw wrong(`${name} must be a whole number from ${least} to ${most}`)
}

function wrong(message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input' })
}

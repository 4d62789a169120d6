import type { ServiceOptions } from '@restatedev/restate-sdk'

/** How long ids of what was sent are kept, ms. */
export const retentionMs = 30 * 24 * 3600 * 1000

/** A week of attempts. Restate's default of 70 would be used up by workers that are away for minutes. */
const maxAttempts = 120_000

/**
 * Options of every service: what customers wrote leaves Restate when the call ends, and a failed attempt is repeated
 * within seconds.
 */
export const serviceOptions: ServiceOptions = {
  journalRetention: 0,
  idempotencyRetention: 0, // Restate's own keys answer another input with the old result
  retryPolicy: { maxAttempts, initialInterval: 100, exponentiationFactor: 2, maxInterval: 5_000 },
}

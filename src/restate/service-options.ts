import type { ServiceOptions } from '@restatedev/restate-sdk'

/** How long ids of what was sent are kept, ms. */
export const keptForMs = 30 * 24 * 3600 * 1000

/** A week of attempts. The engine's own 70 would be used up by workers that are away for minutes. */
const maxAttempts = 120_000

/**
 * Options of every service: what customers wrote leaves the engine with the end of the call, and an attempt that
 * failed is repeated within seconds.
 */
export const quiet: ServiceOptions = {
  journalRetention: 0,
  idempotencyRetention: 0, // the engine's own keys answer another input with the old result
  retryPolicy: { maxAttempts, initialInterval: 100, exponentiationFactor: 2, maxInterval: 5_000 },
}

import { type Serde, type ServiceOptions, serde } from '@restatedev/restate-sdk'
import { exactJson } from '../core/exact-json.ts'

/** How long ids of what was sent are kept, ms. */
export const retentionMs = 30 * 24 * 3600 * 1000

/** A week of attempts. Restate's default of 70 would be used up by workers that are away for minutes. */
const maxAttempts = 120_000

/** JSON, where a request with whole numbers that it would round is refused. */
const exactSerde: Serde<unknown> = {
  contentType: 'application/json',
  serialize: (value) => serde.json.serialize(value),
  deserialize: (bytes) =>
    bytes.length === 0 ? undefined : exactJson(new TextDecoder().decode(bytes), 'the request'),
}

/**
 * Options of every service: what customers wrote leaves Restate when the call ends, and a failed attempt is repeated
 * within seconds.
 */
export const serviceOptions: ServiceOptions = {
  serde: exactSerde,
  journalRetention: 0,
  idempotencyRetention: 0, // Restate's own keys answer another input with the old result
  retryPolicy: { maxAttempts, initialInterval: 100, exponentiationFactor: 2, maxInterval: 5_000 },
}

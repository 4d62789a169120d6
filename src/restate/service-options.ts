import { type ObjectContext, rpc, type Serde, type ServiceOptions, serde } from '@restatedev/restate-sdk'
import { exactJson } from '../core/exact-json.ts'

/** A week of attempts. Restate's default of 70 would be used up by workers that are away for minutes. */
const maxAttempts = 120_000

/** JSON, where a request is refused of which reading would change a whole number or a letter. */
const exactSerde: Serde<unknown> = {
  contentType: 'application/json',
  serialize: (value) => serde.json.serialize(value),
  deserialize: (bytes) => (bytes.length === 0 ? undefined : exactJson(bytes, 'the request')),
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

/** Calls an object's own handler `expire` later. */
export function expireLater(ctx: ObjectContext, name: string, delay: number): void {
  type Expiring = { expire(ctx: ObjectContext): Promise<void> }
  ctx.objectSendClient<Expiring>({ name }, ctx.key).expire(rpc.sendOpts({ delay }))
}

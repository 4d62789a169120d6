import { z } from 'zod'
import { ControlError } from '../control-error.ts'
import type { RateLimitSettings } from '../http/rate-limit.ts'
import { rewrites } from '../rewrite.ts'

const latest = 253_402_300_799
const mostSeconds = 'The time must be a Unix second from 0 to the year 9999, or a valid Date.'
const forward = 'advance must be 0 or more seconds; set the clock to go back.'
const skewRange = 'The skew must be from -86400 to 86400 seconds.'
const lagRange = 'The lag must be from 0 to 86400 seconds.'

/** Schemas of {@link Control}'s arguments, in process and over HTTP; `seed`, `time` and `webhook` are for HTTP only. */
const nameRange = 'A name is a text of 1 to 200 characters.'
export const snapshotName = z.string(nameRange).min(1, nameRange).max(200, nameRange)
/** How many log entries to return. */
export const entries = z.number().int().min(1).max(1_000).default(100)
/** Which changes to list. */
export const changes = z.strictObject({
  since: z.union([z.number().int().min(0), z.date()], 'takes the id of a change, or a date').optional(),
  entity: z.string().optional(),
  entity_id: z.string().optional(),
  token: z.string().optional(),
  limit: z.number().int().min(1).max(10_000).optional(),
})
/** Unix seconds to jump to. */
export const moment = z.number(mostSeconds).min(0, mostSeconds).max(latest, mostSeconds)
/** Seconds to move the clock forward. */
export const advance = z.number(forward).min(0, forward)
/** Seconds that searches lag behind writes. */
export const lag = z.number(lagRange).min(0, lagRange).max(86_400, lagRange)

/** Seconds that the server's clock is ahead. */
export const skew = z.number(skewRange).min(-86_400, skewRange).max(86_400, skewRange)
/** How bodies are rewritten. */
export const rewriting = z.array(z.enum(rewrites)).max(rewrites.length)

const limit = z.union([z.number().int().min(1), z.literal(false)], 'takes a whole number from 1, or false')

/** Changes to the rate limits. */
export const limits = z.strictObject({
  app: limit.optional(),
  workspace: limit.optional(),
  phase: z.number().int().min(0).max(9).optional(),
  reset: z.enum(['window_end', 'ahead']).optional(),
  foreign: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          share: z.number().min(0).max(1),
          seed: z.number().int().min(0).max(0xffffffff).default(0),
          app: z.string().min(1).max(100).default('local'),
        }),
      ],
      'takes false, or an object with share (0 to 1), and seed and app',
    )
    .optional(),
}) satisfies z.ZodType<unknown, RateLimitRequest>

/** Changes to the rate limits; a foreign consumer needs only its share. */
export type RateLimitRequest = {
  app?: number | false | undefined
  workspace?: number | false | undefined
  phase?: number | undefined
  reset?: RateLimitSettings['reset'] | undefined
  foreign?: false | { share: number; seed?: number | undefined; app?: string | undefined } | undefined
}

/** A token to create. */
export const token = z.strictObject({
  admin_id: z.union([z.number(), z.string()], 'takes the id of an admin').optional(),
  scopes: z.array(z.enum(['read', 'write'])).optional(),
  app: z.string().min(1).max(100).optional(),
})
/** Somebody who opens the Messenger. */
export const visitor = z.strictObject({
  user_id: z.string().min(1).max(255).optional(),
  name: z.string().min(1).max(255).optional(),
  email: z.email().optional(),
})
/** What a customer answers in the Messenger. */
export const messengerAnswer = z.strictObject({
  contact: z.string(),
  message: z.string(),
  body: z.string().refine((text) => text.trim() !== '', 'takes a text'),
})
/** A token to revoke. */
export const accessToken = z.string()
/** The id of a fault rule. */
export const faultId = z.number().int().optional()
/** The demo data to fill with. */
export const seed = z.union(
  [z.enum(['empty', 'small', 'large']), z.number().int().min(0)],
  'takes empty, small, large, or a number of contacts',
)
/** The body of `POST /clock`. */
export const time = z
  .strictObject({
    now: z.number().optional(),
    offset: z.number().optional(),
    advance: z.number().optional(),
    frozen: z.boolean().optional(),
    skew: z.number().optional(),
  })
  .refine(
    ({ now, offset, advance }) => [now, offset, advance].filter((one) => one !== undefined).length <= 1,
    {
      error:
        'Give only one of now (Unix seconds), offset (seconds from the machine’s time) and advance (seconds).',
    },
  )
/** A webhook to subscribe; checked further when it is saved. */
export const webhook = z.strictObject({
  url: z.string(),
  secret: z.string(),
  topics: z.array(z.string()).optional(),
  app: z.string().optional(),
})

/** What was given, with defaults; a {@link ControlError} says what is valid. */
export function validated<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const { error, data } = schema.safeParse(given)
  if (error) throw new ControlError(messageOf(error))
  return data
}

/** `probability: Too big: expected number to be <=1`, one for each issue. */
export function messageOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ')
}

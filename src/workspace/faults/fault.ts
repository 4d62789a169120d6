import { z } from 'zod'
import { wrongRateHeaders } from './rate-headers.ts'

/** At most ten minutes. */
const milliseconds = z.number().int().min(0).max(600_000)

/** The requests that a rule applies to; see {@link FaultRules}. */
const when = {
  /**
   * Method and path as in Intercom's description (`POST /contacts/{id}/notes`), `*` for any method or one segment,
   * `**` at the end for the rest. Every request by default.
   */
  route: z
    .string()
    .regex(/^([A-Z]+|\*) \/\S*$/, 'must look like "POST /contacts/{id}/notes", "GET /contacts/**" or "* /**"')
    .default('* /**'),
  /** The share of matching requests that get the fault. */
  probability: z.number().min(0).max(1).default(1),
  /** How many matching requests pass first. */
  after: z.number().int().min(0).default(0),
  /** How often the fault is injected at most; unlimited by default. */
  count: z.number().int().min(1).optional(),
  /** The same seed and the same requests give the same faults. */
  seed: z.number().int().min(0).max(0xffffffff).default(0),
}

const rule = <K extends string, S extends z.core.$ZodShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...shape, ...when })

/** All kinds of faults, each with the requests that it applies to. Times are real milliseconds. */
export const faultRule = z.discriminatedUnion('kind', [
  // The request has no effect:
  rule('status', {
    /** `code` and `message` are Intercom's own for the status by default (docs/intercom-api.md 1.2, 1.4). */
    status: z.number().int().min(400).max(599),
    code: z.string().min(1).max(100).optional(),
    message: z.string().max(1_000).optional(),
  }),
  /** 429 as if the window were used up; with `past` and `far`, `X-RateLimit-Reset` is 30 s ago or a day ahead. */
  rule('rate_limited', { reset: z.enum(['window', 'past', 'far']).default('window') }),
  /** A gateway's HTML page without Intercom's headers. */
  rule('html', { status: z.number().int().min(400).max(599).default(502) }),
  /** The connection is reset before the body is read. */
  rule('reset', {}),
  /** The request is read but never answered. */
  rule('hang', {}),
  // The request takes effect, but:
  /** after a delay, even if the caller has disconnected. */
  rule('delay', { ms: milliseconds }),
  /** the connection is reset instead of an answer. */
  rule('commit_reset', {}),
  /** a gateway answers 502 in HTML. */
  rule('commit_502', {}),
  /** the connection closes in the middle of the body. */
  rule('commit_cut', {}),
  /** the connection is reset at once, and it takes effect `ms` later. */
  rule('cut_commit', { ms: milliseconds }),
  /** only the headers arrive, never the body. */
  rule('stall', {}),
  /** the body arrives in chunks of `bytes`, `ms` apart. */
  rule('drip', { ms: milliseconds.default(100), bytes: z.number().int().min(1).max(1_000_000).default(16) }),
  /** the JSON is truncated in an otherwise complete answer. */
  rule('cut_json', {}),
  /** the JSON is followed by this many spaces. */
  rule('huge', { bytes: z.number().int().min(1).max(1_073_741_824).default(67_108_864) }),
  /** the content type is wrong. */
  rule('content_type', {
    value: z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/)
      .default('text/html'),
  }),
  /** the rate limit headers are missing, outdated or nonsense. */
  rule('rate_headers', { value: z.enum(wrongRateHeaders) }),
  /** content type, request id and rate limit headers are sent twice. */
  rule('duplicate_headers', {}),
]) satisfies z.ZodType<unknown, FaultRule>

/** A rule as it is given: a kind, and what differs from the defaults. */
export type FaultRule = {
  /** `POST /contacts/{id}/notes`, `*` for any method or one segment, `**` for the rest; all by default. */
  route?: string | undefined
  /** The share of matching requests that get the fault; all by default. */
  probability?: number | undefined
  /** How many matching requests pass first. */
  after?: number | undefined
  /** How often the fault is injected at most. */
  count?: number | undefined
  seed?: number | undefined
} & (
  | { kind: 'status'; status: number; code?: string | undefined; message?: string | undefined }
  | { kind: 'rate_limited'; reset?: 'window' | 'past' | 'far' | undefined }
  | { kind: 'html'; status?: number | undefined }
  | { kind: 'delay' | 'cut_commit'; ms: number }
  | { kind: 'drip'; ms?: number | undefined; bytes?: number | undefined }
  | { kind: 'huge'; bytes?: number | undefined }
  | { kind: 'content_type'; value?: string | undefined }
  | { kind: 'rate_headers'; value: 'absent' | 'absurd' | 'far' | 'past' | 'stale' }
  | {
      kind:
        | 'reset'
        | 'hang'
        | 'commit_reset'
        | 'commit_502'
        | 'commit_cut'
        | 'stall'
        | 'cut_json'
        | 'duplicate_headers'
    }
)
/** A rule with its defaults. */
export type Fault = z.output<typeof faultRule>

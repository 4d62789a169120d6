import { z } from 'zod'
import { wrongRateHeaders } from './rate-headers.ts'

/** No fault holds anything for longer than ten minutes. */
const milliseconds = z.number().int().min(0).max(600_000)

/** When a rule applies; see {@link FaultRules}. */
const when = {
  /**
   * Method and path as the description writes them (`POST /contacts/{id}/notes`), `*` for any method or any one
   * segment, `**` at the end for whatever follows. Every request when absent.
   */
  route: z
    .string()
    .regex(/^([A-Z]+|\*) \/\S*$/, 'must look like "POST /contacts/{id}/notes", "GET /contacts/**" or "* /**"')
    .default('* /**'),
  /** The share of the requests it strikes. */
  probability: z.number().min(0).max(1).default(1),
  /** So many matching requests pass first. */
  after: z.number().int().min(0).default(0),
  /** It strikes so often and no more; without end when absent. */
  count: z.number().int().min(1).optional(),
  /** Same seed, same requests: same strikes. */
  seed: z.number().int().min(0).max(0xffffffff).default(0),
}

const rule = <K extends string, S extends z.core.$ZodShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...shape, ...when })

/** Every fault there is, with the rule that decides whom it strikes. Times are real milliseconds. */
export const faultRule = z.discriminatedUnion('kind', [
  // Nothing is done:
  rule('status', {
    /** The status and, unless given, Intercom's own code and text for it (docs/intercom-api.md 1.2, 1.4). */
    status: z.number().int().min(400).max(599),
    code: z.string().min(1).max(100).optional(),
    message: z.string().max(1_000).optional(),
  }),
  /** 429 as if the window were used up; `past` and `far` put `X-RateLimit-Reset` 30 s back or a day ahead. */
  rule('rate_limited', { reset: z.enum(['window', 'past', 'far']).default('window') }),
  /** The page of a gateway instead of JSON, without any of Intercom's headers. */
  rule('html', { status: z.number().int().min(400).max(599).default(502) }),
  /** The connection is reset before the body is read. */
  rule('reset', {}),
  /** The request is taken, and nothing ever comes back. */
  rule('hang', {}),
  // It is done, but:
  /** later; also for a caller that has left meanwhile. */
  rule('delay', { ms: milliseconds }),
  /** the connection is reset instead of an answer. */
  rule('commit_reset', {}),
  /** a gateway answers 502 in HTML. */
  rule('commit_502', {}),
  /** the connection ends in the middle of the body. */
  rule('commit_cut', {}),
  /** the connection is reset at once, and it is done `ms` later. */
  rule('cut_commit', { ms: milliseconds }),
  /** headers come, the body never does. */
  rule('stall', {}),
  /** the body comes in pieces of `bytes`, each `ms` after the other. */
  rule('drip', { ms: milliseconds.default(100), bytes: z.number().int().min(1).max(1_000_000).default(16) }),
  /** the JSON breaks off, in an answer that is otherwise whole. */
  rule('cut_json', {}),
  /** so many blanks follow the JSON. */
  rule('huge', { bytes: z.number().int().min(1).max(1_073_741_824).default(67_108_864) }),
  /** the content type is another. */
  rule('content_type', {
    value: z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/)
      .default('text/html'),
  }),
  /** the rate headers are missing, say what is long over, or are nonsense. */
  rule('rate_headers', { are: z.enum(wrongRateHeaders) }),
  /** content type, request id and rate headers come twice. */
  rule('duplicate_headers', {}),
])

/** A rule as it is asked for: its kind, and whatever differs from the defaults. */
export type FaultRule = z.input<typeof faultRule>
/** A rule with its defaults. */
export type Fault = z.output<typeof faultRule>

import { z } from 'zod'

const control = /\p{Cc}/u

/** An id as Intercom gives it: opaque, never blank, and nothing that could bend a request path. */
export function id(description: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', 'is empty')
    .refine((value) => value === value.trim(), 'must not begin or end with a space')
    .refine((value) => !control.test(value) && value !== '.' && value !== '..', 'is not an id')
    .describe(description)
}

/** Text that Intercom refuses when blank (dossier 3: messages, replies, notes). */
export function text(description: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', 'is empty')
    .describe(description)
}

/** A page size. Intercom refuses anything outside 1..150 (dossier 1.6), so it is clamped: the one stated clamp. */
export function perPage(defaultSize: number, description: string) {
  return z
    .int()
    .default(defaultSize)
    .describe(description)
    .transform((size) => Math.min(150, Math.max(1, size)))
}

/** A page cursor. An empty one would silently start over at the first page. */
export function cursor(description: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', 'is empty; leave it out for the first page')
    .optional()
    .describe(description)
}

/** Whether a text is an absolute http(s) URL without surrounding space. */
export function isHttpUrl(value: string): boolean {
  return value === value.trim() && /^https?:\/\/[^/]/i.test(value) && URL.canParse(value)
}

const maxDepth = 20

type Json = Record<string, unknown>

/** A JSON object of any keys, passed on as it is. What JSON would drop or change without a word is refused. */
export function jsonObject(description: string) {
  const schema = z.unknown().superRefine((value, context) => {
    const message =
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? 'must be an object'
        : lossy(value, maxDepth)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
  const described = schema.meta({ type: 'object', additionalProperties: true, description })
  return described as unknown as z.ZodType<Json, Json> // checked above; zod's own drops `__proto__`
}

/** Why a value would not survive JSON, or `null`. */
function lossy(value: unknown, depth: number): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'holds a number JSON does not have'
  if (typeof value !== 'object') return `holds a value JSON does not have (${typeof value})`
  if (depth === 0) return 'is nested too deeply'
  const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value))
  if (!plain) return 'holds an object that is not plain data; give dates as Unix seconds'
  for (const item of Object.values(value)) {
    const problem = lossy(item, depth - 1)
    if (problem !== null) return problem
  }
  return null
}

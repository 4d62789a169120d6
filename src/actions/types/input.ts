import { z } from 'zod'
import { isBlank, trimmed } from '../../core/blanks.ts'
import { cursorProblem } from '../../core/page-part.ts'
import { quotedName } from '../../errors.ts'
import { refuseAltered, refuseTooLong } from './email.ts'

/** An id as Intercom gives it: opaque, never blank, and nothing that could bend a request path. */
export function id(description: string) {
  return z
    .string()
    .superRefine(refuseAltered)
    .refine((value) => !isBlank(value), 'is empty')
    .refine((value) => value !== '.' && value !== '..', 'is not an id')
    .superRefine(refuseUnfilled('an id'))
    .describe(description)
}

/** The id of a conversation; `last`, which Intercom takes in places, names another one each time. */
export const conversationId = () =>
  id('The conversation’s id; find it with search_conversations').refine(
    (value) => value.toLowerCase() !== 'last',
    'must name one conversation',
  )

/** Ids that several actions take. */
export const contactId = (description = 'The contact’s Intercom id; find it with search_contacts') =>
  id(description)
export const companyId = () =>
  id('Intercom’s id of the company (24 digits), from get_company or list_companies')
export const tagId = () => id('The tag’s id; find it with list_tags')

/** An id that a request has as a number. A pattern in the schema, some hosts would refuse. */
export function numericId(description: string, problem: string) {
  return id(description).refine((value) => /^\d{1,15}$/.test(value), problem)
}

/** The id of a teammate, which Intercom takes as a number here. */
export function adminId(description: string) {
  return numericId(description, 'is not the id of a teammate; find it with list_admins')
}

export const nameContains = () => filledText('Only those whose name contains this, in any case').optional()

/** A page number. */
export function page() {
  return z
    .int()
    .refine((value) => value >= 1, 'starts at 1')
    .default(1)
    .describe('Page number (Default: 1)')
}

const unfilled = /^(?:undefined|\[object \w+\]|=?\{\{.*\}\}|\$\{.*\}|<%.*%>)$/s
const unfilledId = /^(?:null|nan|none|nil|n\/a|#(?:n\/a|ref!|value!|name\?|null!|num!|div\/0!))$/i

/** What a program, a template or a spreadsheet writes for a value that it does not have. */
export function isUnfilled(value: string, what: 'a text' | 'an id' = 'a text'): boolean {
  const visible = trimmed(value)
  return unfilled.test(visible) || (what === 'an id' && unfilledId.test(visible))
}

/** Refuses what `isUnfilled`: stored, an id of this kind makes one contact of many. */
export function refuseUnfilled(what: 'a text' | 'an id') {
  return (value: string | undefined, context: z.RefinementCtx): void => {
    if (value === undefined || !isUnfilled(value, what)) return
    context.addIssue({ code: 'custom', message: unfilledProblem(value) })
  }
}

/** The same among the values of attributes. */
export function refuseUnfilledAttributes(
  attributes: Record<string, unknown>,
  context: z.RefinementCtx,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string' && isUnfilled(value))
      context.addIssue({ code: 'custom', path: [name], message: unfilledProblem(value) })
  }
}

export function unfilledProblem(value: string): string {
  return `is ${quotedName(value)}, which a program writes for a missing value; leave it out`
}

/** Text that is stored or looked for: what is blank or `isUnfilled` is refused. */
export function filledText(description: string) {
  return text(description).superRefine(refuseUnfilled('a text'))
}

/** Text that Intercom refuses when blank (docs/intercom-api.md 3.3, 3.5, 3.6). */
export function text(description: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', 'is empty')
    .describe(description)
}

/**
 * A page size. Intercom refuses anything outside 1..150 (docs/intercom-api.md 1.6), so it is clamped: the one
 * stated clamp.
 */
export function perPage(defaultSize: number, description: string, most = 150) {
  return z
    .int()
    .default(defaultSize)
    .describe(description)
    .transform((size) => Math.min(most, Math.max(1, size)))
}

/** A page cursor. An empty one would silently start over at the first page. */
export function cursor(description: string) {
  return z
    .string()
    .superRefine((value, context) => void refuseTooLong(value, context))
    .refine((value) => value.trim() !== '', 'is empty; leave it out for the first page')
    .refine((value) => value.isWellFormed(), 'is not valid Unicode')
    .superRefine((value, context) => {
      const message = cursorProblem(value)
      if (message !== null) context.addIssue({ code: 'custom', message })
    })
    .optional()
    .describe(description)
}

/** Whether a text is an absolute http(s) URL. `URL` alone would drop line breaks without a word. */
export function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^/]/i.test(value) && !/[\s\p{Cc}]/u.test(value) && URL.canParse(value)
}

/** Levels of objects and arrays in a parameter that takes an object. */
const maxDepth = 20

type Json = Record<string, unknown>

/** A JSON object of any keys, copied as it is. What JSON would drop or change without a word is refused. */
export function jsonObject(description: string) {
  const schema = z.unknown().transform((value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: 'must be an object' })
      return z.NEVER
    }
    const copied = copyJson(value, maxDepth)
    if ('problem' in copied) {
      context.addIssue({ code: 'custom', message: copied.problem })
      return z.NEVER
    }
    return copied.value
  })
  const described = schema.meta({ type: 'object', additionalProperties: true, description })
  return described as unknown as z.ZodType<Record<string, unknown>, Record<string, unknown>> // checked above; zod's own record drops `__proto__`
}

/** A copy that JSON carries unchanged, or why there is none. Copying reads each property once. */
function copyJson(value: unknown, depth: number): { value: unknown } | { problem: string } {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { value }
  if (typeof value === 'number')
    return Number.isFinite(value) ? { value } : { problem: 'contains a number that JSON cannot represent' }
  if (typeof value !== 'object')
    return { problem: `contains a value that JSON cannot represent (${typeof value})` }
  if (depth === 0) return { problem: `is nested deeper than ${maxDepth} levels` }
  const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value))
  if (!plain) return { problem: 'contains an object that is not plain data; give dates as Unix seconds' }
  const copy: Json | unknown[] = Array.isArray(value) ? [] : Object.create(null)
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const copied = copyJson(item, depth - 1)
    if ('problem' in copied) return copied
    ;(copy as Json)[key] = copied.value
  }
  return { value: copy }
}

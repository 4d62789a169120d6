import { z } from 'zod'
import { isBlank } from '../../core/blanks.ts'
import { didYouMean } from '../../core/nearest.ts'
import { quotedName, sentences } from '../../errors.ts'
import { upsertNames } from '../types/other-names.ts'

/** What Intercom takes for empty in an update, by field (docs/intercom-api.md 3.2). */
const emptied = { name: null, phone: null, avatar: null, external_id: '' } as const

const attribute = 'custom_attributes.'
const takes = `takes ${Object.keys(emptied).join(', ')} and ${attribute}<name>`

type Fields = { custom_attributes?: Record<string, unknown> | undefined; [field: string]: unknown }
type Clearing = Fields & { clear?: string[] | undefined }

/** The parameter that names the fields to empty: an empty value empties nothing. */
export const clearParameter = z
  .array(z.string())
  .superRefine((names, context) => {
    for (const name of names) {
      if (!isClearable(name)) context.addIssue({ code: 'custom', message: unknownName(name) })
    }
  })
  .optional()
  .describe('Names of fields to empty: name, phone, avatar, external_id, custom_attributes.<name>')

/** Text that is never blank: emptying is said by `clear`. */
export function textToSet(field: keyof typeof emptied, description: string) {
  return z
    .string()
    .refine((value) => !isBlank(value), `is empty; to empty it, use clear: ["${field}"]`)
    .optional()
    .describe(description)
}

/** Refuses a field that is both set and cleared. */
export function refuseBoth(fields: Clearing, context: z.RefinementCtx): void {
  for (const name of (fields.clear ?? []).filter(isClearable)) {
    const value = name.startsWith(attribute)
      ? ownValue(fields.custom_attributes ?? {}, name.slice(attribute.length))
      : fields[name]
    if (value === undefined || value === null) continue
    const message = `names ${quotedName(name)}, which is also given a value: leave out one of the two`
    context.addIssue({ code: 'custom', path: ['clear'], message })
  }
}

/** The fields of an update: those to set, and what empties the others. */
export function withCleared({ clear = [], ...fields }: Clearing): Fields {
  const attributes = clear.filter((name) => name.startsWith(attribute))
  const own = Object.entries(emptied).filter(([name]) => clear.includes(name))
  if (attributes.length === 0) return { ...fields, ...Object.fromEntries(own) }
  const empty = attributes.map((name) => [name.slice(attribute.length), null])
  const custom_attributes = { ...fields.custom_attributes, ...Object.fromEntries(empty) }
  return { ...fields, ...Object.fromEntries(own), custom_attributes }
}

function isClearable(name: string): boolean {
  return Object.hasOwn(emptied, name) || (name.startsWith(attribute) && name.length > attribute.length)
}

/** Parameters that cannot be emptied. */
const never = ['email', 'contact_id', 'role', 'unsubscribed_from_emails', 'custom_attributes', 'clear', '']

function unknownName(name: string): string {
  if (name.includes(',')) return `${takes}, each by itself in the list, not ${quotedName(name)}`
  const last = name.split('.').at(-1) ?? ''
  const meant = Object.hasOwn(upsertNames, name) ? upsertNames[name] : `${attribute}${last}`
  const asked =
    never.includes(last) || !isClearable(String(meant)) ? null : `Did you mean ${quotedName(String(meant))}?`
  return sentences(`${takes}, not ${quotedName(name)}`, didYouMean(name, Object.keys(emptied)) ?? asked)
}

function ownValue(values: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

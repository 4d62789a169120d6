/** How Intercom types a searchable field; `custom` is typed by the workspace's own attribute. */
export type FieldType = 'string' | 'integer' | 'boolean' | 'date' | 'tag' | 'custom'

/**
 * What may be searched in one resource, and which operators a type takes there (docs/intercom-api.md 4.2).
 */
export type SearchLanguage = {
  fields: Readonly<Record<string, FieldType>>
  operators: Readonly<Record<FieldType, readonly string[]>>
  /** Whether a date means a whole day of the workspace's time zone (contacts) or a second. */
  wholeDays: boolean
}

/** Turns `{ string: 'a b' }` into `{ a: 'string', b: 'string' }`. */
export function fieldTable(byType: Partial<Record<FieldType, string>>): Record<string, FieldType> {
  const table: Record<string, FieldType> = Object.create(null)
  for (const [type, names] of Object.entries(byType) as [FieldType, string][]) {
    for (const name of names.split(/\s+/)) if (name !== '') table[name] = type
  }
  return table
}

const text = ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$']
const choice = ['=', '!=', 'IN', 'NIN']

/** Operators by type that both resources share; numbers and dates differ. */
export const sharedOperators = {
  string: text,
  boolean: choice,
  tag: ['=', '!='],
  custom: [...text, '>', '<', '>=', '<='],
}

/** The type of a field name, or `undefined` when Intercom cannot search by it. */
export function fieldType(language: SearchLanguage, name: string): FieldType | undefined {
  if (/^custom_attributes\../.test(name)) return 'custom'
  return language.fields[name]
}

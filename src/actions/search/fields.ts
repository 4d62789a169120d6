/** How Intercom types a searchable field; `custom` is typed by the workspace's own attribute. */
export type FieldType = 'string' | 'integer' | 'boolean' | 'date' | 'tag' | 'custom'

/** How a field and a value are compared. */
export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '!~' | '^' | '$' | 'IN' | 'NIN'

/**
 * What may be searched in one resource, and which operators a type takes there (docs/intercom-api.md 4.2).
 */
export type SearchLanguage<Field extends string = string> = {
  fields: Readonly<Record<Field, FieldType>>
  operators: Readonly<Record<FieldType, readonly Operator[]>>
  /** Whether a date means a whole day of the workspace's time zone (contacts) or a second. */
  wholeDays: boolean
}

/** The words of a text: names for editors to offer. */
type Words<Text extends string, Found = never> = Text extends `${infer Word} ${infer Rest}`
  ? Words<Rest, Found | Trimmed<Word>>
  : Found | Trimmed<Text>
type Trimmed<Word> = Word extends `${infer Text}\n` ? Text : Word extends '' ? never : Word

/** Turns `{ string: 'a b' }` into `{ a: 'string', b: 'string' }`. */
export function fieldTable<const Texts extends Partial<Record<FieldType, string>>>(
  byType: Texts,
): Record<Words<Texts[keyof Texts] & string> & string, FieldType> {
  const table: Record<string, FieldType> = Object.create(null)
  for (const [type, names] of Object.entries(byType) as [FieldType, string][]) {
    for (const name of names.split(/\s+/)) if (name !== '') table[name] = type
  }
  return table
}

const text: Operator[] = ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$']
const choice: Operator[] = ['=', '!=', 'IN', 'NIN']

/** Operators by type that both resources share; numbers and dates differ. */
export const sharedOperators = {
  string: text,
  boolean: choice,
  tag: ['=', '!='] satisfies Operator[],
  custom: [...text, '>', '<', '>=', '<='] satisfies Operator[],
}

/** The type of a field name, or `undefined` when Intercom cannot search by it. */
export function fieldType(language: SearchLanguage, name: string): FieldType | undefined {
  if (/^custom_attributes\../.test(name)) return 'custom'
  return language.fields[name]
}

import type { Field } from './field.ts'

/** Every operator of Intercom's search. */
export type Operator = '=' | '!=' | 'IN' | 'NIN' | '>' | '<' | '>=' | '<=' | '~' | '!~' | '^' | '$'

/** What differs between the two resources. */
export interface SearchRules {
  /** Contacts match dates by whole days and take fewer operators for them (docs/intercom-api.md 4.2). */
  readonly wholeDays: boolean
}

const text: readonly Operator[] = ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$']
const equality: readonly Operator[] = ['=', '!=']
const choice: readonly Operator[] = ['=', '!=', 'IN', 'NIN']
const integerOnContacts: readonly Operator[] = [...choice, '>', '<', '>=', '<=']
const ordered: readonly Operator[] = [...choice, '>', '<']
const wholeDay: readonly Operator[] = ['=', '>', '<']
const exactTime: readonly Operator[] = ['=', '!=', '>', '<', '>=', '<=']

/** The operators that a field takes (docs/intercom-api.md 4.2). */
export function operatorsOf(field: Field, rules: SearchRules): readonly Operator[] {
  if (field.equalityOnly) return equality
  switch (field.type) {
    case 'string':
      return field.ordered ? [...text, '>', '<'] : text
    case 'boolean':
      return choice
    case 'integer':
      return rules.wholeDays ? integerOnContacts : ordered
    case 'date':
      if (field.orEqual) return [...ordered, '>=', '<=']
      if (field.exact) return exactTime
      return rules.wholeDays ? wholeDay : ordered
  }
}

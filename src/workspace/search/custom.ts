import type { FieldType } from './field.ts'

/**
 * The search type of a declared data type (docs/intercom-api.md 2.12, 4.3). Decimals are searched like
 * integers.
 */
export function customType(dataType: string): FieldType {
  switch (dataType) {
    case 'integer':
    case 'float':
      return 'integer'
    case 'boolean':
      return 'boolean'
    case 'date':
    case 'datetime':
      return 'date'
    default:
      return 'string'
  }
}

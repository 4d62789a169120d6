import { isAtLeast } from '../http/versions.ts'
import type { FindField } from './field.ts'
import type { Query } from './parse.ts'

/** How contacts are searched from 2.17 on (docs/intercom-api.md 4.2): times to the second, date attributes in UTC. */
export function searchesExactly(version: string): boolean {
  return isAtLeast(version, '2.17')
}

/** The same fields with times that are compared to the second; date attributes stay whole days. */
export function exactTimes(find: FindField): FindField {
  return (name) => {
    const field = find(name)
    const isTime = field?.type === 'date' && !name.startsWith('custom_attributes.')
    return isTime ? { ...field, exact: true } : field
  }
}

/** `!=` matches contacts without a value as well. */
export function withUnset(query: Query): Query {
  if ('parts' in query) return { ...query, parts: query.parts.map(withUnset) }
  if (query.operator !== '!=' || query.value === null) return query
  return { operator: 'OR', parts: [query, { ...query, operator: '=', value: null }] }
}

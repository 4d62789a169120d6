import type { HostReading } from '../../core/action.ts'
import { trimmed } from '../../core/blanks.ts'
import { IntercomError } from '../../errors.ts'

const groups = ['AND', 'OR']
const lists = ['IN', 'NIN', ...groups]

/** A search as hosts send it: any scalar as its value, a list where the operator takes one, operators in any case. */
export const searchFromHost: HostReading = {
  read: {
    query_field: (given) => (typeof given === 'string' ? trimmed(given) : given),
    query_operator: (given) => operatorOf(given) ?? given,
    query_value: (given, { query_operator }) => {
      if (typeof given === 'boolean' || Number.isFinite(given)) return String(given)
      const isGroup = groups.includes(operatorOf(query_operator) ?? '')
      if (!Array.isArray(given)) {
        if (typeof given === 'string')
          return isGroup && /^\{/.test(trimmed(given)) ? `[${trimmed(given)}]` : given
        return given instanceof Object ? JSON.stringify(isGroup ? [given] : given) : given
      }
      if (lists.includes(operatorOf(query_operator) ?? '')) return JSON.stringify(given)
      throw new IntercomError('query_value takes a list with query_operator IN, NIN, AND or OR only', {
        code: 'invalid_input',
        field: 'query_value',
        hint: 'Nothing was sent.',
      })
    },
  },
}

function operatorOf(given: unknown): string | undefined {
  return typeof given === 'string' ? trimmed(given).toUpperCase() : undefined
}

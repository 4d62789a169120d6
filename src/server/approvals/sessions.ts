import type { IncomingHttpHeaders } from 'node:http'
import { ownerOf } from '../keys.ts'
import { browserSessions } from '../sessions.ts'
import type { Operator } from './operator.ts'

/** The half of a session that is no cookie. */
export const tokenHeader = 'x-approvals-token'

export type Sessions = ReturnType<typeof sessionsOf>

/** Sessions of operators on the page of approvals. `now`: in ms. */
export function sessionsOf(operators: readonly Operator[], now?: () => number) {
  const sessions = browserSessions<Operator>(
    {
      cookie: 'modulex_intercom_operator',
      path: '/approvals',
      header: tokenHeader,
      ownerOf: (key) => ownerOf(operators, key) ?? null,
      isStill: ({ ended }) => ended?.signal.aborted !== true,
      wrongKey: 'This is not the key of an operator. An API key of an agent decides nothing.',
    },
    now,
  )
  return {
    ...sessions,
    operatorOf: (headers: IncomingHttpHeaders): Operator | null => sessions.find(headers)?.who ?? null,
  }
}

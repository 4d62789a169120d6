import type { IncomingHttpHeaders } from 'node:http'
import type { KeyOrToken } from '../key-or-token.ts'
import { browserSessions, isRefusal } from '../sessions.ts'
import type { Operator } from './operator.ts'

/** The half of a session that is no cookie. */
export const tokenHeader = 'x-approvals-token'

export type Sessions = ReturnType<typeof sessionsOf>

/** Sessions of operators on the page of approvals. `now`: in ms. */
export function sessionsOf({ operatorBy, wrong }: KeyOrToken, now?: () => number) {
  const sessions = browserSessions<Operator>(
    {
      cookie: 'modulex_intercom_operator',
      path: '/approvals',
      header: tokenHeader,
      async whoBy(shown, network) {
        const found = await operatorBy(shown, network)
        return isRefusal(found) ? found : { ...found, who: found.operator }
      },
      isStill: ({ ended }) => ended?.signal.aborted !== true,
      wrong,
    },
    now,
  )
  return {
    ...sessions,
    operatorOf: (headers: IncomingHttpHeaders): Operator | null => sessions.find(headers)?.who ?? null,
  }
}

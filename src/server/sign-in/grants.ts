import type { Effect } from '../../core/action.ts'
import type { Grant } from '../../tools/grant.ts'
import type { Challenges } from './challenges.ts'
import { type CallScope, callScopes } from './config.ts'

const scopeOf: Record<Effect, CallScope> = {
  read: 'intercom:read',
  update: 'intercom:write',
  create: 'intercom:write',
  send: 'intercom:send',
}

/** What a token with these scopes allows. `offersAll`: other tools are offered too, and lead to another sign-in. */
export function grantOf(granted: readonly CallScope[], offersAll: boolean, challenges: Challenges): Grant {
  return {
    allows: (effect) => granted.includes(scopeOf[effect]),
    offersAll,
    scopesOf: (effect) => [scopeOf[effect]],
    // those it has too: a client that asks for the new one alone would lose them
    challenge: (effect) =>
      challenges.insufficient(
        callScopes.filter((scope) => granted.includes(scope) || scope === scopeOf[effect]),
      ),
  }
}

import { mayDecideFor, type Operator } from './approvals/operators.ts'
import { bearerOf, ownerOf } from './keys.ts'
import type { KeyContext, MountHandler, OperatorMount } from './mounts.ts'
import { type SendsRoutes, sendsRoutes } from './rest/sends/routes.ts'
import { type Sends, sendsOf } from './rest/sends/sends.ts'

/** `/sends`: a caller sees its own writes, an operator those of the callers they may decide for. */
export type SendsMount = OperatorMount & {
  /** What an operator is told, however they have signed in. */
  forOperator(operator: Operator): MountHandler
}

export function sendsMount(operators: readonly Operator[] = []): SendsMount {
  const seenByOperators: Sends[] = []
  const handlers = new Map<string, MountHandler>() // by the operator's name: readers who come back find their place

  function forOperator(operator: Operator): MountHandler {
    const seen = () => seenByOperators.filter(({ caller }) => mayDecideFor(operator, caller))
    const handler = handlers.get(operator.name) ?? handlerOf(sendsRoutes(seen, true))
    handlers.set(operator.name, handler)
    return handler
  }

  return {
    path: '/sends',
    isOwnPage: () => false,
    handler(context) {
      const options = optionsOf(context)
      const own = sendsOf(options)
      seenByOperators.push(sendsOf(options, true))
      return handlerOf(sendsRoutes(() => [own]))
    },
    visit({ headers }) {
      const key = bearerOf(headers.authorization)
      const operator = key === undefined ? undefined : ownerOf(operators, key)
      if (operator === undefined) return null
      return { name: `operator:${operator.name}`, handler: forOperator(operator), bodyBytes: 0 }
    },
    forOperator,
  }
}

function optionsOf({ name, intercom, journaled, approvals, sends }: KeyContext) {
  const { journal } = intercom
  const approver = journal?.peek === undefined ? null : (approvals?.approver(intercom) ?? null)
  return { caller: name, log: sends, scope: journaled ? name : undefined, journal, approver }
}

function handlerOf({ answer }: SendsRoutes): MountHandler {
  return { fetch: async (request) => (await answer(request)) ?? new Response(null, { status: 404 }) }
}

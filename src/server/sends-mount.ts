import { mayDecideFor, type Operator } from './approvals/operator.ts'
import { whileOperator } from './approvals/while-operator.ts'
import { ownerIn } from './keys.ts'
import type { KeyContext, MountHandler, OperatorMount, Visit } from './mounts.ts'
import { lookupOf } from './rest/sends/look.ts'
import { type SendsRoutes, sendsRoutes } from './rest/sends/routes.ts'
import { type Sends, sendsOf } from './rest/sends/sends.ts'

/** `/sends`: a caller sees its own writes, an operator those of the callers they may decide for. */
export function sendsMount(operators: readonly Operator[] = []): OperatorMount {
  const seenByOperators = new Map<string, Sends>() // by the caller
  const waiting = new Set<() => void>() // for callers to come
  const handlers = new Map<string, MountHandler>() // of operators: a reader who comes back finds their place

  function visitBy(operator: Operator): Visit {
    const { name, callers } = operator
    const who = JSON.stringify([name, callers])
    const seen = () => [...seenByOperators.values()].filter(({ caller }) => mayDecideFor(operator, caller))
    const onCome = (come: () => void) => {
      waiting.add(come)
      return () => void waiting.delete(come)
    }
    const handler = handlers.get(who) ?? handlerOf(sendsRoutes(seen, true, onCome))
    handlers.set(who, handler)
    return { name: `operator:${name}`, handler: whileOperator(operator, handler), bodyBytes: inputBytes }
  }

  return {
    path: '/sends',
    isOwnPage: () => false,
    handler(context) {
      const options = optionsOf(context)
      const own = sendsOf(options)
      return {
        ...handlerOf(sendsRoutes(() => [own])),
        begin() {
          seenByOperators.set(context.name, sendsOf(options, true))
          for (const come of waiting) come()
        },
        end: () => void seenByOperators.delete(context.name),
      }
    },
    visitBy,
    visit({ headers }) {
      const operator = ownerIn(operators, headers.authorization)
      return operator === undefined ? null : visitBy(operator)
    },
  }
}

/** Of a look that brings the input. */
const inputBytes = 512 * 1024

function optionsOf({ name, intercom, access, grant, journaled, approvals, sends }: KeyContext) {
  const { journal } = intercom
  const lookup = lookupOf(intercom, { ...access, grant })
  const approver = journal?.peek === undefined ? null : (approvals?.approver(intercom) ?? null)
  return { caller: name, log: sends, scope: journaled ? name : undefined, journal, approver, lookup }
}

function handlerOf({ answer }: SendsRoutes): MountHandler {
  return { fetch: async (request) => (await answer(request)) ?? new Response(null, { status: 404 }) }
}

import { z } from 'zod'
import type { Approval, ApprovalState, ApprovalStore, Decision, Road } from '../../approvals/approval.ts'
import { exactJson } from '../../core/exact-json.ts'
import { invalidInput } from '../../errors.ts'
import type { MountHandler } from '../mounts.ts'
import { misplaced } from '../rest/call-query.ts'
import { answeredBy, json, noSuchApproval, refused } from './answers.ts'
import { mayDecideFor, type Operator } from './operator.ts'
import { operatorView, rowOf } from './views.ts'

const states = ['waiting', 'approved', 'declined', 'lapsed', 'done'] as const satisfies ApprovalState[]

const query = z.strictObject({
  state: z.enum(states).optional(),
  caller: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().optional(),
})

const decisionBody = z.strictObject({
  decision: z.enum(['approve', 'decline']),
  input: z.record(z.string(), z.unknown()).nullish(),
  reason: z.string().max(2000).nullish(),
})

export type Desk = {
  store: ApprovalStore
  /** Makes an approved call at once, where this process can; answers when it has ended, or cannot wait longer. */
  perform(approval: Approval): Promise<void>
}

/** What an operator does over HTTP, with a key (`api`) or on the page (`page`). */
export function operatorRoutes({ store, perform }: Desk, operator: Operator, road: Road): MountHandler {
  async function list(url: URL): Promise<Response> {
    const { searchParams } = url
    const repeated = misplaced(searchParams, [...searchParams.keys()])
    if (repeated !== undefined) return wrongQuery(`${repeated} more than once`)
    const given = query.safeParse(Object.fromEntries(searchParams))
    if (!given.success) return wrongQuery(placeOf(given.error))
    const { state, limit, before, caller } = given.data
    const callers = operator.callers ?? [undefined]
    if (caller !== undefined && !mayDecideFor(operator, caller))
      return json({ approvals: [], next: null, waiting: 0 })
    const filter = { state, limit: limit + 1, before }
    const lists = await Promise.all(
      (caller === undefined ? callers : [caller]).map((one) => store.list({ ...filter, caller: one })),
    )
    const found = lists.flat().toSorted((a, b) => b.created_at - a.created_at)
    const page = found.slice(0, limit)
    return json({
      approvals: page.map(rowOf),
      next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      waiting: await waiting(),
    })
  }

  async function waiting(): Promise<number> {
    const counts = await Promise.all((operator.callers ?? [undefined]).map((one) => store.counts(one)))
    return counts.reduce((sum, one) => sum + one.waiting, 0)
  }

  /** Their own alone: of the others not even that they exist. */
  async function found(id: string): Promise<Approval | null> {
    const approval = await store.get(id)
    return approval !== null && mayDecideFor(operator, approval.caller) ? approval : null
  }

  async function decide(id: string, request: Request): Promise<Response> {
    if ((await found(id)) === null) return noSuchApproval()
    const decision = await decisionOf(request)
    const more = async () => {
      const approval = await found(id)
      return approval === null ? {} : { approval: operatorView(approval) }
    }
    return await answeredBy(async () => {
      const decided = await store.decide(id, decision, operator.name, road)
      if (decided.state === 'approved') await perform(decided)
      return json(operatorView((await store.get(id)) ?? decided))
    }, more)
  }

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const [, id, rest] = /^\/approvals(?:\/([\w-]+)(\/.*)?)?$/.exec(url.pathname) ?? []
    const takes = rest === undefined ? ['GET', 'HEAD'] : ['POST']
    if (rest !== undefined && rest !== '/decision')
      return refused(404, 'no_such_path', 'Nothing is served at this path.')
    if (!takes.includes(request.method))
      return refused(
        405,
        'method_not_allowed',
        `This path takes ${takes[0]} only.`,
        {},
        { Allow: takes.join(', ') },
      )
    if (id === undefined) return await list(url)
    if (rest !== undefined) return await decide(id, request)
    const approval = await found(id)
    return approval === null ? noSuchApproval() : json(operatorView(approval))
  }

  return { fetch: (request) => answeredBy(() => answer(request)) }
}

async function decisionOf(request: Request): Promise<Decision> {
  const given = decisionBody.safeParse(exactJson(await request.text(), 'the body'))
  if (!given.success) {
    const [issue] = given.error.issues
    throw invalidInput(
      `the body takes { "decision": "approve" | "decline", "input"?, "reason"? } (${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'wrong'})`,
      'Nothing was decided.',
    )
  }
  const { decision, input, reason } = given.data
  if (decision === 'decline') {
    if (input != null) throw invalidInput('a decline takes no input', 'Nothing was decided.')
    return { decline: reason ?? null }
  }
  if (reason != null) throw invalidInput('an approval takes no reason', 'Nothing was decided.')
  return input == null ? { approve: true } : { approve: true, edited: input }
}

function placeOf({ issues: [issue] }: z.ZodError): string {
  return issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '')
}

function wrongQuery(place: string): Response {
  const takes = `state (${states.join(', ')}), caller, limit (1 to 200) and before`
  return refused(400, 'invalid_query', `The query takes ${takes}, not this: ${place}.`)
}

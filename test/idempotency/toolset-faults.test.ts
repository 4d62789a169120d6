// Every non-idempotent action of the toolsets under every kind of fault and every policy: what is reported is what is
// there, and nothing is there twice.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { actionNamed, catalogue, toolsetOf } from '../../src/actions/toolsets.ts'
import { type CallResult, createIntercom, type Envelope, type IntercomOptions } from '../../src/index.ts'
import { createWorkspace, type FaultRule } from '../../src/workspace/index.ts'
import { type Case, toolsetCases, worldOf } from '../support/toolset-cases.ts'

const policies = ['report', 'verify', 'verify-then-resend'] as const
type Policy = (typeof policies)[number]

/** `never`: the request has no effect; `once`: it has, and its answer is lost. */
const faults: Record<string, { rule: FaultRule; effect: 'never' | 'once'; waits?: true }> = {
  'a 500': { rule: { kind: 'status', status: 500 }, effect: 'never' },
  'a 502': { rule: { kind: 'html', status: 502 }, effect: 'never' },
  'a connection cut before the request was read': { rule: { kind: 'reset' }, effect: 'never' },
  'no answer': { rule: { kind: 'hang' }, effect: 'never', waits: true },
  'a connection cut after the request was read': { rule: { kind: 'commit_reset' }, effect: 'once' },
  'a 502 after it took effect': { rule: { kind: 'commit_502' }, effect: 'once' },
  'an answer cut in two': { rule: { kind: 'commit_cut' }, effect: 'once' },
  'JSON that ends early': { rule: { kind: 'cut_json' }, effect: 'once' },
  'an answer that never ends': { rule: { kind: 'stall' }, effect: 'once', waits: true },
}

/** What is reported, and how often it is there. */
function expected({ action }: Case, effect: 'never' | 'once', policy: Policy): [string, number] {
  if (effect === 'once') return [policy === 'report' ? 'unknown' : 'success', 1]
  const resends = policy === 'verify-then-resend' && actionNamed(action)?.verify?.proof === 'record'
  return resends ? ['success', 1] : ['unknown', 0]
}

const nameOf = ({ action, what = '' }: Case) => `${action} ${what}`.trim()

test('every action of a toolset that must not be repeated is among the cases', () => {
  const once = catalogue.filter((action) => action.verify !== undefined && toolsetOf(action) !== null)
  assert.deepEqual(new Set(toolsetCases.map(({ action }) => action)), new Set(once.map(({ name }) => name)))
})

async function opened(options: IntercomOptions) {
  const workspace = await createWorkspace({ seed: 'empty', rateLimit: false })
  after(() => workspace.close())
  const { accessToken, dispatcher } = workspace
  const intercom = createIntercom({
    accessToken,
    dispatcher,
    settleMs: [1, 1],
    toolsets: ['all'],
    ...options,
  })
  return { workspace, world: await worldOf(workspace), intercom }
}

/** All faults under a policy, one after another; the cases of one route too. Answers what is not as expected. */
async function struck(onUnknown: Policy): Promise<Record<string, string[]>> {
  // Nothing but the faults that wait runs into the limit: all is in memory.
  const { workspace, world, intercom } = await opened({ onUnknown, timeoutMs: 1500 })
  const wrong: Record<string, string[]> = {}
  for (const [name, { rule, effect, waits }] of Object.entries(faults)) {
    wrong[name] = []
    const routes = Map.groupBy(toolsetCases, ({ route }) => route)
    const tried = [...routes].map(async ([route, all]) => {
      // Those of one route share what they do with an unknown outcome: one of them waits for all.
      for (const one of waits ? all.slice(0, 1) : all) {
        const input = await one.input(world)
        workspace.control.addFault({ ...rule, route, count: 1 } as FaultRule)
        const { failure } = await intercom.call(one.action, input)
        const report = failure === null ? 'success' : failure.outcome
        const found = [report, await one.count(world, input)]
        if (String(found) !== String(expected(one, effect, onUnknown)))
          wrong[name]?.push(`${nameOf(one)}: ${found}: ${failure?.hint}`)
        if (failure?.outcome === 'unknown' && !saysWhereToLook(failure.hint))
          wrong[name]?.push(`${nameOf(one)}: ${failure.hint}`)
      }
    })
    await Promise.all(tried)
  }
  return wrong
}

/** By an action that is there, and what not to do. */
function saysWhereToLook(hint: string | null): boolean {
  const named = catalogue.some(({ name, effect }) => effect === 'read' && hint?.includes(name))
  return named && /Do not send it again\./.test(String(hint))
}

const runs = new Map(policies.map((policy) => [policy, struck(policy)]))

for (const policy of policies)
  for (const name of Object.keys(faults))
    test(`with "${policy}" each is reported as it is after ${name}`, async () => {
      assert.deepEqual((await runs.get(policy))?.[name], [])
    })

for (const onUnknown of policies)
  test(`a 429 is no doubt: it is waited for, or nothing was sent, with "${onUnknown}"`, async () => {
    for (const one of toolsetCases) {
      // A window of its own for each: the wait for one is the wait of all clients of a token.
      const { workspace, world, intercom } = await opened({ onUnknown, deadlineMs: 500 })
      const input = await one.input(world)
      workspace.control.addFault({ kind: 'rate_limited', route: one.route, count: 1 })
      const { failure } = await intercom.call(one.action, input)
      assert.equal(await one.count(world, input), failure === null ? 1 : 0, nameOf(one))
      assert.notEqual(failure?.outcome, 'unknown', nameOf(one))
    }
  })

for (const onUnknown of policies)
  test(`what was never transmitted is sent again, or said to be not sent, with "${onUnknown}"`, async () => {
    const { workspace, world } = await opened({})
    const { accessToken, dispatcher } = workspace
    for (const one of toolsetCases) {
      let refusals = 0
      const [method, path = ''] = one.route.split(' ')
      const pattern = new RegExp(`^${path.replace('{id}', '[^/]+')}$`)
      /** Refuses the connection of the write so many times. */
      const refusing = (most: number) => ({
        dispatch(
          options: { method: string; path: string },
          handler: Parameters<typeof dispatcher.dispatch>[1],
        ) {
          const isWrite = options.method === method && pattern.test(options.path)
          if (!isWrite || refusals >= most) return dispatcher.dispatch(options, handler)
          refusals += 1
          const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
          setImmediate(() => handler.onResponseError?.({} as never, error))
          return true
        },
      })
      const client = (most: number) =>
        createIntercom({
          accessToken,
          dispatcher: refusing(most) as never,
          onUnknown,
          settleMs: [1],
          deadlineMs: 5000,
          toolsets: ['all'],
        })
      const input = await one.input(world)
      const sent = await client(1).call(one.action, input)
      assert.deepEqual([sent.failure, await one.count(world, input), refusals], [null, 1, 1], nameOf(one))
    }
  })

test('two equal replies on a ticket at once are there twice, and each says what became of its own', async () => {
  const [one] = toolsetCases.filter(({ action }) => action === 'reply_to_ticket')
  assert.ok(one)
  for (const [kind, outcomes] of [
    ['commit_reset', ['success', 'success']],
    ['reset', ['success', 'unknown']],
  ] as const) {
    const { workspace, world, intercom } = await opened({ onUnknown: 'verify' })
    const input = await one.input(world)
    workspace.control.addFault({ kind, route: one.route, count: 1 })
    const call = (): Promise<CallResult<Envelope>> => intercom.call(one.action, input)
    const both = await Promise.all([call(), call()])
    const said = both.map(({ failure }) => (failure === null ? 'success' : failure.outcome))
    assert.deepEqual(said.toSorted(), outcomes, kind)
    assert.equal(await one.count(world, input), kind === 'reset' ? 1 : 2)
    const ids = both.flatMap(({ output }) => (output['result'] as { id?: string } | null)?.id ?? [])
    assert.equal(new Set(ids).size, ids.length, 'no part is told to both')
  }
})

// No text of ours names an action that is not offered: of every action, whatever it says and answers.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { catalogue, toolsetNames, toolsets, withToolsets } from '../../src/actions/toolsets.ts'
import { actions } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { goodAnswer } from '../support/good-answers.ts'
import { goodCalls } from '../support/good-calls.ts'
import { errorList, type Received, type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'

const names = catalogue.map(({ name }) => name)
const anyName = new RegExp(`\\b(?:${names.join('|')})\\b`, 'g')
const named = (value: unknown): string[] => String(JSON.stringify(value)).match(anyName) ?? []

// In code nothing is taken out of a hint.
for (const set of [undefined, ...toolsetNames])
  test(`the hints of ${set ?? 'the thirteen'} name what comes with them`, () => {
    const offered = withToolsets(set === undefined ? [] : [set])
    for (const { name, hints } of set === undefined ? actions : toolsets[set])
      for (const one of named(hints))
        assert.ok(
          offered.some((action) => action.name === one),
          `${name} names ${one}`,
        )
  })

const lost: Reply = (_, socket) => socket.destroy()
const refusal = (status: number, code = 'x', message = 'No'): Reply => ({
  status,
  json: errorList(code, message),
})
type Behaviour = (request: Received) => Reply
const good = (request: Received): Reply => ({ json: goodAnswer(request, 'Hello') })
const isRead = ({ method, path }: Received) => method === 'GET' || /\/(search|list)\b/.test(path)

/** What Intercom may do to every request, or to every write. */
const behaviours: Record<string, Behaviour> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 422, 451].flatMap((status): [string, Behaviour][] => [
      [`${status}`, () => refusal(status)],
      [`${status} for writes`, (request) => (isRead(request) ? good(request) : refusal(status))],
    ]),
  ),
  'the answers of others': (request) =>
    isRead(request) ? { json: { id: '1', data: [], teams: [] } } : good(request),
  'odd answers': () => ({ json: { type: 'x' } }),
  'an unknown attribute': (request) =>
    isRead(request)
      ? good(request)
      : refusal(400, 'parameter_invalid', "Custom attribute 'plan' does not exist"),
  'a lost answer': (request) => (isRead(request) ? good(request) : lost),
  'good answers': good,
}

let behaviour: Behaviour = good
const server = await scriptedIntercom((request) => behaviour(request), {
  toolsets: ['all'] as never,
  onUnknown: 'report',
  deadlineMs: 1000,
})
after(() => server.close())

for (const name of names)
  test(`where ${name} alone is offered, it names no other`, async () => {
    const { tools, call } = intercomTools(server.intercom, { only: [name] })
    assert.deepEqual(
      named(tools).filter((one) => one !== name),
      [],
    )
    const [, example = {}] = goodCalls.find(([one]) => one === name) ?? []
    const inputs = goodCalls.flatMap(([one, input]) => (one === name ? [input] : []))
    const wrong = [
      {},
      { nickname: 'x' },
      ...Object.keys(example).map((key) => ({ ...example, [key]: '{{x}}' })),
    ]
    behaviour = good
    for (const input of wrong) {
      const { text, structured } = await call(name, input)
      assert.deepEqual(
        named([text, structured]).filter((one) => one !== name),
        [],
        `${JSON.stringify(input)}: ${text}`,
      )
    }
    for (const [what, own] of Object.entries(behaviours))
      for (const input of inputs) {
        behaviour = own
        const { text, structured, isError } = await call(name, input)
        assert.deepEqual(
          named([text, structured]).filter((one) => one !== name),
          [],
          `${what}: ${text}`,
        )
        assert.ok(text !== '' && (isError || what !== '400'), what)
      }
  })

// Every parameter of every action as hosts send it: what comes of it is what comes of the plain input in code.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { catalogue } from '../../src/actions/toolsets.ts'
import { isBlank } from '../../src/core/blanks.ts'
import { createIntercom } from '../../src/index.ts'
import { goodAnswer } from '../support/good-answers.ts'
import { type Edge, edgesOf, type Outcome, outcomesOf } from './edges.ts'
import { type Form, forms } from './forms.ts'
import { parameterForms } from './parameters.ts'

/** The requests of each edge, by its token. */
const requests = new Map<string, string[]>()

const server = createServer(async (request, response) => {
  const { method = '', url: path = '', headers } = request
  const sent = await text(request)
  requests
    .get(String(headers.authorization).slice('Bearer '.length))
    ?.push(`${method} ${path} ${sent}`.trim())
  const body: unknown = sent === '' ? undefined : JSON.parse(sent)
  const json = JSON.stringify(goodAnswer({ method, path, headers: {}, body }, 'Hello'))
  response.writeHead(200, { 'content-type': 'application/json' }).end(json)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
after(() => {
  server.closeAllConnections()
  server.close()
})

const seenBy = (name: string): string[] => {
  const seen: string[] = []
  requests.set(tokenOf(name), seen)
  return seen
}
const tokenOf = (edge: string) => Buffer.from(`of ${edge}`).toString('base64')
const edges = edgesOf((edge) => ({ baseUrl, accessToken: tokenOf(edge) }))
const names = catalogue.map(({ name }) => name)

const isWrite = (request: string) => !/^GET |^POST \S+\/(search|list)\b/.test(request)

const inCode = seenBy('code')
const plainly = createIntercom({ baseUrl, accessToken: tokenOf('code'), toolsets: ['all'] })
const known = new Map<string, Outcome>()

/** What comes of an input in code. */
async function outcomeInCode(action: string, input: object): Promise<Outcome> {
  const key = `${action} ${JSON.stringify(input)}`
  const kept = known.get(key)
  if (kept !== undefined) return kept
  inCode.length = 0
  const { output } = await plainly.call(action, input)
  const outcome = { error: output.error, sent: [...inCode] }
  known.set(key, outcome)
  return outcome
}

/** What is wrong with an outcome; null when nothing is. */
async function problemOf({ action, like }: Form, { error, sent }: Outcome): Promise<string | null> {
  const writes = sent.filter(isWrite)
  if ('refused' in like)
    return error !== null && like.refused.test(error) && writes.length === 0 ? null : `not ${like.refused}`
  const expected = await outcomeInCode(action, like.plain)
  const wanted = expected.sent.filter(isWrite)
  const last = wanted.length > 0 ? undefined : expected.sent.at(-1)
  if (String(writes) !== String(wanted) || (last !== undefined && !sent.includes(last)))
    return `not ${JSON.stringify(expected.sent)}`
  return error === expected.error || error?.endsWith(String(expected.error)) ? null : `not ${expected.error}`
}

let cells = 0
async function tried(edge: Edge, given: readonly Form[]): Promise<object[]> {
  const said = given.filter(({ action, texts }) => {
    if (edge.has?.(action) === false) return false
    if (
      edge.skipsBlanks &&
      Object.values(texts ?? {})
        .flat()
        .every(isBlank)
    )
      return false
    return edge.takes !== 'texts' || texts !== null
  })
  const outcomes = await outcomesOf(edge, said, seenBy(edge.name))
  const wrong: object[] = []
  for (const form of said) {
    const outcome = outcomes.get(form) ?? { error: 'no outcome', sent: [] }
    const problem = await problemOf(form, outcome)
    if (problem !== null) wrong.push({ ...form, ...outcome, problem })
  }
  cells += said.length
  return wrong
}

/** The forms of each whole call. */
const kinds = [...Map.groupBy(forms, ({ call }) => call).values()]

/** Every kind of every call for two edges that share least; for the others every call, in one kind after another. */
function formsFor(at: number): readonly Form[] {
  const { name, takes } = edges[at] as Edge
  if (name === '/functions, objects' || name === 'run, flags') return forms
  return kinds.flatMap((all, call) => {
    const said = takes === 'texts' ? all.filter(({ texts }) => texts !== null) : all
    return said.slice((at + call) % said.length).slice(0, 1)
  })
}

for (const [at, edge] of edges.entries()) {
  test(`${edge.name} takes the input of every action as hosts send it`, async (t) => {
    const given = formsFor(at)
    assert.deepEqual(new Set(given.map(({ action }) => action)), new Set(names))
    assert.deepEqual(await tried(edge, given), [])
    t.diagnostic(`${cells} cells with the edges before`)
  })
}

test('every parameter of every action is read by the rule of its type', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() }) // an event is of now, unless a time is given
  const [edge] = edges.filter(({ name }) => name === '/functions, texts')
  assert.ok(edge)
  assert.deepEqual(await tried(edge, parameterForms(names)), [])
  t.diagnostic(`${cells} cells in all`)
})

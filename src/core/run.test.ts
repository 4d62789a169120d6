import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { OpenCall } from '../client/client.ts'
import { path } from '../client/path.ts'
import { IntercomError } from '../errors.ts'
import { type AnyAction, defineAction } from './action.ts'
import { Claims } from './claims.ts'
import { oneResult } from './envelope.ts'
import { inputProblem } from './input-problem.ts'
import { KeyedMutex } from './keyed-mutex.ts'
import { Memory } from './memory.ts'
import type { Port } from './port.ts'
import { errorText, runAction } from './run.ts'

const call: OpenCall = {
  trace: { attempts: 0, waits: [], rate_limit: null, request_id: null, verified_by: null },
  send: async () => ({ id: '1' }),
  wait: async () => {},
  until: (turn) => turn,
  sentAt: () => performance.now(),
  intercomTime: (at) => at,
}

function clientState() {
  const policy = { onUnknown: 'report', settleMs: [] } as const
  const mutex = new KeyedMutex()
  const redact = (text: string) => text.replaceAll('secret', '[removed]')
  return { policy, mutex, claims: new Claims(), memory: new Memory(), redact }
}

function action(run: (intercom: Port) => Promise<void>, parts: Partial<AnyAction> = {}): AnyAction {
  const made = defineAction({
    name: 'try_it',
    title: 'Try it',
    description: 'For tests.',
    effect: 'update',
    input: z.strictObject({}),
    output: oneResult<object>(),
    verify: {
      proof: 'none',
      risk: 'It may be.',
      key: () => 'k',
      made: () => [],
      look: async () => ({ items: [] }),
      whereToLook: () => '',
    },
    run: async (intercom) => {
      await run(intercom)
      return { result: {} }
    },
  })
  return { ...(made as AnyAction), ...parts }
}

const here = path`/x`
const get = (intercom: Port) => intercom.get(here)
const put = (intercom: Port) => intercom.put(here, {})
const post = (intercom: Port) => intercom.post(here, {})
const defect = () => {
  throw new TypeError('a defect')
}

test('a defect of ours is unknown once a write was begun, whatever was read before and after it', async () => {
  const steps: [((intercom: Port) => Promise<unknown>)[], string, boolean][] = [
    [[], 'not_sent', false],
    [[get], 'rejected', false],
    [[put], 'unknown', true],
    [[post], 'unknown', true],
    [[get, put], 'unknown', true],
    [[post, get], 'unknown', true],
    [[get, put, get, get], 'unknown', true],
  ]
  for (const [done, outcome, wrote] of steps) {
    const run = action(async (intercom) => {
      for (const step of done) await step(intercom)
      defect()
    })
    const result = await runAction(run, {}, call, clientState())
    const names = done.map(({ name }) => name).join()
    assert.deepEqual(
      [result.failure?.code, result.failure?.outcome, result.wrote],
      ['internal', outcome, wrote],
      names,
    )
  }
})

test('a turn is given back after a defect, a refusal and a wait that ended: the next call runs', async () => {
  const shared = clientState()
  const run = (act: () => void, until = call.until) =>
    runAction(
      action(async () => act()),
      {},
      { ...call, until },
      shared,
    )
  const gone = async () => {
    throw new IntercomError('late', { code: 'deadline_exceeded' })
  }
  const refused = () => {
    throw new IntercomError('no', { code: 'x' })
  }
  const codes = await Promise.all([run(defect), run(() => {}, gone), run(refused), run(() => {})])
  assert.deepEqual(
    codes.map(({ failure }) => failure?.code),
    ['internal', 'deadline_exceeded', 'x', undefined],
  )
  assert.equal((await run(() => {})).failure, null)
  await new Promise(setImmediate)
  assert.equal(shared.mutex.size, 0)
})

test('the hint of a status is given where the failure has none of its own', async () => {
  const hints = { 404: 'Look for it.' }
  for (const [status, hint, shown] of [
    [404, null, 'Look for it.'],
    [404, 'Its own.', 'Its own.'],
    [422, null, null],
    [null, null, null],
  ] as const) {
    const failing = action(
      async () => {
        throw new IntercomError('no', { code: 'x', status, hint })
      },
      { hints },
    )
    assert.equal((await runAction(failing, {}, call, clientState())).failure?.hint, shown)
  }
})

test('the secret is removed from every part of a failure', async () => {
  const failing = action(async () => {
    const texts = { code: 'secret_code', field: 'a secret', request_id: 'secret-1', hint: 'No secret.' }
    throw new IntercomError('the secret', texts)
  })
  assert.doesNotMatch(JSON.stringify(await runAction(failing, {}, call, clientState())), /secret/)
})

test('the text of an error ends its sentence once', () => {
  const text = (message: string, more: { request_id?: string; hint?: string } = {}) =>
    errorText(new IntercomError(message, { code: 'x', ...more }))
  assert.equal(text('No.'), 'x: No.')
  assert.equal(text('Did you mean "a"?'), 'x: Did you mean "a"?')
  assert.equal(text('Did you mean "a"?', { request_id: 'r' }), 'x: Did you mean "a"? (request r).')
  assert.equal(text('No... ', { hint: 'Do.' }), 'x: No. Do.')
})

const schema = z.strictObject({
  external: z.string(),
  size: z.int(),
  kind: z.enum(['a', 'b']),
  on: z.boolean(),
})

function problemOf(input: unknown): { message: string; field: string | null } {
  const { error } = schema.safeParse(input, { reportInput: true })
  assert.ok(error)
  return inputProblem(error.issues, { input: schema })
}

test('three problems are told, the rest are counted, and the first names the field', () => {
  const { message, field } = problemOf({ size: 1.5, kind: 'c', on: 1 })
  assert.equal(
    message,
    'external is required; size must be a whole number, not this number; kind must be "a" or "b"; and 1 more',
  )
  assert.equal(field, 'external')
  const unknown = { external: '', size: 1, kind: 'a', on: true, extrenal: 1, y: 2, z: 3, q: 4 }
  assert.equal(
    problemOf(unknown).message,
    'unknown parameter "extrenal"; unknown parameter "y"; unknown parameter "z"; and 1 more. Did you mean "external"? It takes external, size, kind, on',
  )
})

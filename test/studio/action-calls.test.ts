import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { call, formOf } from '../../src/studio/actions/calls.ts'
import type { Action } from '../../src/studio/actions/fields.ts'

// Calls of the studio's forms, whose browser is played here.
const action = { name: 'create_note', effect: 'create' } as Action
const input = { contact_id: '1', body: 'Once' }
const form = formOf(action.name)
const kept = new Map<string, string>()
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => void kept.set(key, text),
  removeItem: (key: string) => void kept.delete(key),
}
Object.assign(globalThis, { sessionStorage: storage, localStorage: storage })
const transmitted = mock.method(globalThis, 'fetch')

beforeEach(() => {
  transmitted.mock.resetCalls()
  kept.clear()
})

test('a call that the browser cannot keep is not sent, and the form goes on', async (t) => {
  const full = t.mock.method(storage, 'setItem', () => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await call(action, input, false)
  assert.equal(transmitted.mock.callCount(), 0)
  assert.match(form.called.peek()?.problem ?? '', /storage is full.*new tab.*Nothing was sent\.$/)
  assert.deepEqual([form.running.peek(), form.open.peek()], [null, []])

  full.mock.restore()
  transmitted.mock.mockImplementationOnce(async () =>
    Response.json({ envelope: {}, requests: [], outcome: 'success' }),
  )
  await call(action, input, false)
  assert.equal(transmitted.mock.callCount(), 1)
  assert.equal(form.called.peek()?.problem, null)
})

test('a call whose answer is lost is open, and kept until it is known', async () => {
  transmitted.mock.mockImplementationOnce(async () => {
    throw new TypeError('fetch failed')
  })
  await call(action, input, false)
  assert.match(form.called.peek()?.problem ?? '', /Whether the call has reached it is unknown\.$/)
  assert.equal(form.open.peek()[0]?.input, JSON.stringify(input))
  assert.equal(kept.size, 1)
})

test('what is open of one input stays while another is called, and a call under way is not mixed with another', async () => {
  const other = { ...input, body: 'Something else' }
  const gate = Promise.withResolvers<Response>()
  transmitted.mock.mockImplementationOnce(() => gate.promise)
  const going = call(action, other, false)
  assert.equal(await call(action, other, false), true, 'pressed twice')
  assert.equal(await call(action, other, true), false, 'a dry run is something else')
  assert.equal(await call(action, input, false), false)
  assert.deepEqual(
    form.open.peek().map((one) => one.input),
    [input, other].map((one) => JSON.stringify(one)),
  )
  gate.resolve(Response.json({ envelope: {}, requests: [], outcome: 'success' }))
  assert.equal(await going, true)
  assert.equal(transmitted.mock.callCount(), 1)
  assert.deepEqual(
    form.open.peek().map((one) => one.input),
    [JSON.stringify(input)],
  )
})

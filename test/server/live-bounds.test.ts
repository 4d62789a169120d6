// Live lists hold no slot of their caller, and must not be without bounds for that.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveCaller } from '../../src/server/caller.ts'
import { liveCallers } from '../../src/server/live-callers.ts'
import { asLive, liveOf } from '../../src/server/rest/live.ts'
import type { Grant } from '../../src/tools/grant.ts'
import { caller } from '../support/served.ts'

const asked = new Request('http://localhost/sends')

const ends = { until: new AbortController().signal }
const handler = () => ({ fetch: () => asLive(new Response('data: {}\n\n'), ends) })
/** Every answer is a live list. */
const mounts = ['/sends', '/traffic'].map((path) => ({ path, handler }))
const served = () => serveCaller(caller(null), mounts, new Map())

test('a caller has so many live lists at once, over all paths, and others once those are over', async () => {
  const { handler } = served()
  const open = async (path: string) => await handler(path)?.fetch(asked)
  const first = await open('/traffic')
  for (let count = 1; count < 100; count += 1) assert.equal((await open('/sends'))?.status, 200)
  const refused = await open('/sends')
  assert.ok(first && refused)
  assert.equal(refused.status, 429)
  assert.equal(((await refused.json()) as { code: string }).code, 'too_many_lists')
  liveOf(first)?.over?.()
  assert.equal((await open('/sends'))?.status, 200)
  assert.equal((await served().handler('/sends')?.fetch(asked))?.status, 200, 'another caller')
})

test('a live list that was asked for with a token ends by itself', async (t) => {
  const over = new AbortController()
  const timeout = t.mock.method(AbortSignal, 'timeout', () => over.signal)
  const { handler } = served()
  const grant = {} as Grant
  for (const [given, ends] of [
    [undefined, false],
    [grant, true],
  ] as const) {
    const answer = await handler('/sends', given)?.fetch(asked)
    assert.ok(answer)
    over.signal.aborted || (given && over.abort())
    assert.equal(liveOf(answer)?.until?.aborted, ends)
  }
  assert.deepEqual(timeout.mock.calls[0]?.arguments, [300_000])
})

test('the live lists of a caller that gives way to another end: it would hear of nothing any more', async () => {
  const { of } = liveCallers(1)
  const named = (name: string) => () => serveCaller(caller(null, { name }), mounts, new Map())
  const one = of('one', named('one'))
  assert.ok('handler' in one)
  const answer = await one.handler('/sends')?.fetch(asked)
  assert.ok(answer)
  const { until } = liveOf(answer) ?? {}
  assert.equal(until?.aborted, false)
  assert.equal(of('one', named('one')), one)
  assert.equal(until?.aborted, false)
  assert.ok('handler' in of('other', named('other')))
  assert.equal(until?.aborted, true)
})

// Live lists hold no slot of their caller, and must not be without bounds for that.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveCaller } from '../../src/server/caller.ts'
import { asLive, liveOf } from '../../src/server/rest/live.ts'
import type { Grant } from '../../src/tools/grant.ts'
import { caller } from '../support/served.ts'

const asked = new Request('http://localhost/sends')

/** A caller whose every answer is a live list, over two paths. */
function served() {
  const ends = { until: new AbortController().signal }
  const handler = () => ({ fetch: () => asLive(new Response('data: {}\n\n'), ends) })
  const mounts = ['/sends', '/traffic'].map((path) => ({ path, handler }))
  return serveCaller(caller(null), mounts, new Map())
}

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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compactOutput, compactOutputInTurns } from './format.ts'
import { inTurns, type Steps } from './steps.ts'

test('others go on between the steps of long work, and short work is done at once', async (t) => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  function* work(ms: number): Steps<string> {
    for (let step = 0; step < 10; step += 1) {
      now += ms
      yield
    }
    return 'done'
  }
  const turnsOf = async (ms: number) => {
    let turns = 0
    let ended = false
    const count = () => {
      if (ended) return
      turns += 1
      setImmediate(count)
    }
    setImmediate(count)
    assert.equal(await inTurns(work(ms)), 'done')
    ended = true
    return turns
  }
  assert.equal(await turnsOf(1), 0)
  assert.ok((await turnsOf(15)) >= 4)
  assert.ok((await turnsOf(30)) >= 9)
})

const author = { type: 'user', id: '1', name: 'Ann' }
const body = '<'.repeat(1000)
const source = { type: 'conversation', body, author }
const parts = Array.from({ length: 10 }, (_, id) => ({
  type: 'conversation_part',
  id: `${id}`,
  body,
  author,
}))
const conversations = parts.map(({ id }) => ({ type: 'conversation', id, created_at: 1, source }))
const thread = { type: 'conversation', id: '1', source, conversation_parts: { conversation_parts: parts } }

for (const [what, own] of Object.entries({
  list: { conversations, pages: null },
  thread: { result: thread },
})) {
  test(`a ${what} lets others go on between two of its messages, and comes out the same`, async (t) => {
    const output = { success: true as const, error: null, ...own } as Parameters<typeof compactOutput>[0]
    let now = 0
    t.mock.method(performance, 'now', () => (now += 100)) // every look at the clock finds that it took long
    let turns = 0
    let ended = false
    const count = () => {
      if (ended) return
      turns += 1
      setImmediate(count)
    }
    setImmediate(count)
    const shaped = await compactOutputInTurns(output)
    ended = true
    assert.deepEqual(shaped, compactOutput(output))
    assert.ok(turns >= 10, `${turns}`)
  })
}

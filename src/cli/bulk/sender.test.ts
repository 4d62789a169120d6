import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { throttle } from './sender.ts'

test('a rate lets the first pass at once and the others one by one, in their order', async (t) => {
  let now = 1000
  t.mock.method(performance, 'now', () => now)
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const turn = throttle(4)
  const passed: number[] = []
  const all = [1, 2, 3].map((n) => turn().then(() => passed.push(n)))
  const seen: number[][] = []
  for (let step = 0; step < 5; step++) {
    await new Promise((resolve) => setImmediate(resolve))
    seen.push([...passed])
    now += 125
    mock.timers.tick(125)
  }
  await Promise.all(all)
  assert.deepEqual(seen, [[1], [1], [1, 2], [1, 2], [1, 2, 3]])
})

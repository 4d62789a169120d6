import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressBar } from './progress.ts'

/** A stream that keeps what it is told. */
function terminal(isTTY: boolean) {
  const written: string[] = []
  const write = (text: string) => written.push(text)
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream }
}

test('a bar is drawn on a terminal alone, after a second, and is gone at the end', (t) => {
  t.mock.method(performance, 'now', () => now)
  let now = 0
  assert.equal(progressBar('Seeding', terminal(false).stream), undefined)
  const { written, stream } = terminal(true)
  const draw = progressBar('Seeding', stream)
  now = 500
  draw?.(0.1)
  assert.deepEqual(written, [])
  now = 5000
  draw?.(0.5)
  draw?.(0.5)
  assert.equal(written.length, 1)
  assert.match(written[0] ?? '', /Seeding █{15}░{15} 50 %, 5 s left$/)
  draw?.(1)
  assert.equal(written.at(-1), '\r\x1b[K')
})

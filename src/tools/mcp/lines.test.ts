import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { boundedLines } from './lines.ts'

/** What is passed on of some lines, which arrive in pieces of a size, and what is said to the others. */
async function through(lines: (string | Buffer)[], size = 1 << 16) {
  const answers: unknown[] = []
  const stream = boundedLines((line) => answers.push(JSON.parse(line)))
  const passed = text(stream)
  const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]))
  for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size))
  stream.end()
  return {
    passed: (await passed).split('\n').slice(0, -1),
    answers: answers as { id: unknown; error: { message: string } }[],
  }
}

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

test('ordinary lines pass unchanged, in whatever pieces they arrive', async () => {
  const lines = [ping, '', 'no JSON', `{"text":"${'{,"'.repeat(9).replaceAll('"', '\\"')}ü"}`, `${ping}\r`]
  for (const size of [1, 7, 1000])
    assert.deepEqual(await through(lines, size), { passed: lines, answers: [] })
})

const wide = `[${'1,'.repeat(10_001)}1]`
const deep = `${'['.repeat(65)}${']'.repeat(65)}`
const long = JSON.stringify('x'.repeat(10 * 1024 * 1024))

for (const [name, value, reason] of [
  ['wide', wide, /10000 values/],
  ['deep', deep, /deeper than 64/],
  ['long', long, /longer than/],
] as const) {
  test(`a ${name} message is answered under its id, and those around it pass`, async () => {
    const call = `"method":"tools/call","params":{"id":9,"arguments":${value}}`
    const cases: [line: string, id: unknown][] = [
      [`{"jsonrpc":"2.0","id":7,${call}}`, 7],
      [`{${call},"jsonrpc":"2.0","id":"a-7"}`, 'a-7'],
      [`{${call}}`, null],
      [value, null],
    ]
    for (const [line, id] of cases) {
      const { passed, answers } = await through([ping, line, ping])
      assert.deepEqual(passed, [ping, ping])
      assert.deepEqual(
        answers.map((answer) => answer.id),
        [id],
      )
      assert.match(String(answers[0]?.error.message), reason)
    }
  })
}

test('a message in another encoding is answered, rather than passed on with letters lost', async () => {
  const line = Buffer.from('{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"body":"é"}}', 'latin1')
  const { passed, answers } = await through([ping, line, ping])
  assert.deepEqual(passed, [ping, ping])
  assert.deepEqual(
    answers.map(({ id, error }) => [id, error.message]),
    [[7, 'The message is not UTF-8. Nothing was done; encode its text so.']],
  )
})

test('of a message that is too long nothing is kept', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const stream = boundedLines(() => {})
  const held = Array.from({ length: 12 }, () => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    stream.write(piece)
    return new WeakRef(piece.buffer)
  })
  await setImmediate()
  collect()
  // The newest one may still be in somebody's hands.
  assert.deepEqual(
    held.slice(0, -2).filter((one) => one.deref() !== undefined),
    [],
  )
  stream.destroy()
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { catalogue } from '../../src/actions/toolsets.ts'
import { createIntercom } from '../../src/index.ts'
import { anyText } from '../support/any-text.ts'
import { type Fuzzed, fuzzed, fuzzedActions } from '../support/fuzzed.ts'
import { goodCalls } from '../support/good-calls.ts'
import { steps } from '../support/hostile-answers.ts'
import { calls, longPatterns, textParameters, toolsetTextParameters } from '../support/hostile-calls.ts'

// A few hundred of what `npm run campaign:fuzz` tries by the hundred thousand.
let target: Fuzzed

before(async () => {
  target = await fuzzed()
})
after(() => target.close())

test('no input makes a call throw, reach a foreign path, or show the token', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async ([name, input]) => void (await target.call(name, input))),
    { numRuns: 1100, seed: 20261122 },
  )
  assert.deepEqual([...target.reached].sort(), catalogue.map(({ name }) => name).sort())
})

for (const onUnknown of ['verify', 'verify-then-resend'] as const) {
  test(`no answer makes a call throw, turns a yes into a no, or shows the token, with "${onUnknown}"`, async () => {
    const own = await fuzzed({ onUnknown })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...goodCalls),
        steps,
        async ([name, input], script) => void (await own.call(name, input, script)),
      ),
      { numRuns: 150, seed: 20261123 },
    )
    await own.close()
  })
}

test('every text parameter takes or refuses a hundred thousand characters of any kind, within two seconds of work', async () => {
  const taken = new Set<string>()
  // Each parameter with a few patterns, and those of the thirteen with every fourth besides, each beginning with
  // another: the campaign tries all patterns in all parameters.
  const few = ['letters', 'tags', 'brackets', 'combining marks']
  for (const [n, [name, key, make]] of [...textParameters, ...toolsetTextParameters].entries()) {
    const isPlain = n < textParameters.length
    for (const [at, [what, pattern]] of Object.entries(longPatterns).entries()) {
      if (!few.includes(what) && !(isPlain && (n + at) % 4 === 0)) continue
      const { failure, cpuMs } = await target.call(name, make(pattern.repeat(100_000 / pattern.length)))
      const said = `${name} ${key} ${what}: ${failure?.code}, ${cpuMs} ms`
      assert.ok(failure?.outcome !== 'unknown' && cpuMs < 2000, said)
      if (failure === null) taken.add(key)
    }
  }
  assert.deepEqual(
    [...taken].sort(),
    'avatar body description event_name industry name name_contains plan query_value subject title website'.split(
      ' ',
    ),
  )
})

test('an unknown name is an envelope too', async () => {
  await fc.assert(
    fc.asyncProperty(anyText(), async (name) => {
      fc.pre(!fuzzedActions.includes(name))
      const { output } = await target.call(name, {})
      assert.deepEqual([output.success, typeof output.error], [false, 'string'])
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('a client with no token or a wrong host is refused when it is made', () => {
  for (const accessToken of ['', ' ', 'a b', 'tok\u0000en', 'ключ']) {
    assert.throws(() => createIntercom({ accessToken }), { name: 'IntercomError' })
  }
})

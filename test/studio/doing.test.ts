import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doings, doingsOfMany } from '../../src/studio/shell/doing.ts'

const sentence = (error: unknown) => (error as Error).message
const asked = (key: string) => ({ key, what: key })

test('what is asked for meanwhile is done in turn, and the same thing asked twice is one', async () => {
  const { ask, pending } = doings()
  const gate = Promise.withResolvers<void>()
  const done: string[] = []
  const first = ask(asked('assign'), () => gate.promise.then(() => done.push('assign')), sentence)
  const both = [ask(asked('tag A'), async () => done.push('tag A'), sentence)]
  both.push(ask(asked('tag B'), async () => done.push('tag B'), sentence))
  const again = ask(asked('tag A'), async () => done.push('tag A again'), sentence)
  assert.deepEqual(
    pending.value.map(({ key }) => key),
    ['assign', 'tag A', 'tag B'],
  )
  gate.resolve()
  assert.deepEqual(await Promise.all([first, ...both, again]), [true, true, true, true])
  assert.deepEqual(done, ['assign', 'tag A', 'tag B'])
  assert.deepEqual(pending.value, [])
  assert.equal(await ask(asked('tag A'), async () => done.push('tag A'), sentence), true, 'now it is another')
  assert.equal(done.length, 4)
})

test('two that go wrong are both told, until each is hidden or tried again', async () => {
  const { ask, problems, hide } = doings()
  const fails = async () => {
    throw new Error('no')
  }
  const told = () => problems.value.map(({ slot }) => slot)
  const one = ask({ ...asked('reply a'), slot: 'reply' }, fails, sentence)
  const two = ask({ ...asked('reply b'), slot: 'reply' }, fails, sentence)
  const three = ask(asked('close'), fails, sentence)
  assert.deepEqual(await Promise.all([one, two, three]), [false, false, false])
  assert.deepEqual(told(), ['reply', 'reply', 'close'])
  await ask(asked('tag'), async () => {}, sentence)
  assert.deepEqual(told(), ['reply', 'reply', 'close'])
  await ask({ ...asked('reply c'), slot: 'reply' }, async () => {}, sentence)
  assert.deepEqual(told(), ['close'])
  for (const problem of problems.value) hide(problem)
  assert.deepEqual(told(), [])
})

test('of what nobody looks at only what is under way, or went wrong, is remembered', async () => {
  const many = doingsOfMany()
  const leave = many.look('a')
  const before = many.of('a')
  const gate = Promise.withResolvers<void>()
  const done = before.ask(asked('close'), () => gate.promise, sentence)
  leave()
  assert.deepEqual([many.isLookedAt('a'), many.of('a')], [false, before])
  gate.resolve()
  await done
  many.forget('a')
  assert.notEqual(many.of('a'), before)
  await many.of('a').ask(asked('tag'), () => Promise.reject(new Error('no')), sentence)
  many.look('a')()
  assert.equal(many.of('a').problems.value.length, 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { actions, describe } from '../../src/index.ts'
import { assertGolden, goldenNames } from '../support/golden.ts'

/** What a model sees of each tool before it calls one. */
const tools = actions.map((action) => {
  const { name, description, input_schema } = describe(action)
  const tool = { name, description, input_schema }
  return { name, tool, tokens: encode(JSON.stringify(tool)).length }
})

test('the thirteen tools cost a model at most 2,600 tokens, and none more than 450', () => {
  const list = tools.map(({ tool }) => tool)
  assert.ok(encode(JSON.stringify(list)).length <= 2_600)
  for (const { name, tokens } of tools) assert.ok(tokens <= 450, `${name}: ${tokens}`)
})

for (const { name, tool, tokens } of tools) {
  test(`${name} reads as its golden file says`, () => {
    assertGolden(`tools/${name}.txt`, `${tokens} tokens\n${JSON.stringify(tool, null, 2)}\n`)
  })
}

test('there is a golden file for each tool and for nothing else', () => {
  assert.deepEqual(goldenNames('tools'), tools.map(({ name }) => `${name}.txt`).sort())
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { catalogue } from '../../src/actions/toolsets.ts'
import { actions, describe } from '../../src/index.ts'
import { assertGolden, goldenNames } from '../support/golden.ts'

/** What a model sees of each tool before it calls one. */
const tools = catalogue.map((action) => {
  const { name, description, input_schema } = describe(action)
  const tool = { name, description, input_schema }
  return { name, tool, tokens: encode(JSON.stringify(tool)).length }
})

test('the thirteen tools cost a model at most 2,750 tokens, and none more than 450', () => {
  const thirteen = tools.slice(0, actions.length)
  assert.ok(encode(JSON.stringify(thirteen.map(({ tool }) => tool))).length <= 2_750)
  for (const { name, tokens } of thirteen) assert.ok(tokens <= 450, `${name}: ${tokens}`)
})

test('a tool of a toolset costs at most 140 tokens on average, and none more than 300', () => {
  const further = tools.slice(actions.length)
  for (const { name, tokens } of further) assert.ok(tokens <= 300, `${name}: ${tokens}`)
  const sum = further.reduce((all, { tokens }) => all + tokens, 0)
  assert.ok(sum <= 140 * further.length, `${sum / further.length} tokens on average`)
})

for (const { name, tool, tokens } of tools) {
  test(`${name} reads as its golden file says`, () => {
    assertGolden(`tools/${name}.txt`, `${tokens} tokens\n${JSON.stringify(tool, null, 2)}\n`)
  })
}

test('there is a golden file for each tool and for nothing else', () => {
  assert.deepEqual(goldenNames('tools'), tools.map(({ name }) => `${name}.txt`).sort())
})

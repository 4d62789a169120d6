import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { catalogue } from '../../src/actions/toolsets.ts'
import { describe } from '../../src/index.ts'
import { compactOutput, type FormattedOutput } from '../../src/tools/compact/format.ts'
import { estimateTokens, maxResultTokens } from '../../src/tools/compact/token-budget.ts'

/** An envelope of any action. */
export type Envelope = Parameters<typeof compactOutput>[0]

/** What a model reads of an envelope, whatever it holds. */
export const compact = (output: object): FormattedOutput => compactOutput(output as Envelope)
/** The envelope of a success. */
export const success = (own: object) => ({ success: true, error: null, ...own })

const ajv = new Ajv2020({ strict: false })
const validators = new Map(catalogue.map((one) => [one.name, ajv.compile(describe(one).output_schema)]))

/** The compact output, once it fits the budget and the action's own output schema. */
export function assertFits(name: string, output: object): FormattedOutput {
  const result = compact(output)
  const validate = validators.get(name)
  assert.ok(validate?.(JSON.parse(JSON.stringify(result.structured))), JSON.stringify(validate?.errors))
  assert.ok(estimateTokens(result.text) <= maxResultTokens, `${name}: text ${estimateTokens(result.text)}`)
  const structured = estimateTokens(JSON.stringify(result.structured))
  assert.ok(structured <= maxResultTokens, `${name}: structured ${structured}`)
  return result
}

/** A conversation of one first message and these parts. */
export const thread = (parts: object[], own: object = {}) =>
  success({
    result: {
      type: 'conversation',
      id: '9',
      state: 'open',
      created_at: 1_767_225_600,
      source: { body: '<p>First</p>', author: { type: 'user', id: 'a', name: 'Ann' } },
      contacts: { contacts: [{ id: 'a' }] },
      conversation_parts: { conversation_parts: parts, total_count: parts.length },
      ...own,
    },
  })
/** A part of a teammate, some seconds after the first message. */
export const part = (at: number, own: object) => ({
  created_at: 1_767_225_600 + at,
  author: { type: 'admin', id: '1', name: 'Bo' },
  ...own,
})

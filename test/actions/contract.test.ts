import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { actions, describe } from '../../src/index.ts'

type Parameter = { type: string; required: boolean; description: string; default?: unknown }
type Contract = {
  actions: { name: string; parameters: Record<string, Parameter>; output_schema: Record<string, unknown> }[]
}

const contract: Contract = JSON.parse(
  readFileSync(new URL('../contract/actions.json', import.meta.url), 'utf8'),
)
const extra: Record<string, string[]> = {
  upsert_contact: ['clear', 'contact_id'],
  search_contacts: ['starting_after', 'sort_field', 'sort_order', 'count_only'],
  list_tags: ['name_contains'],
  list_admins: ['name_contains'],
  get_conversation: ['parts_before'],
  search_conversations: ['starting_after', 'sort_field', 'sort_order', 'count_only'],
}

test('the actions of the contract are there, in its order', () => {
  const names = contract.actions.map(({ name }) => name)
  const found = actions.map(({ name }) => String(name)).filter((name) => names.includes(name))
  assert.deepEqual(found, names)
})

for (const { name, parameters, output_schema } of contract.actions) {
  const action = actions.find((one) => one.name === name)
  assert.ok(action, `${name} is missing`)
  const described = describe(action)

  test(`${name} answers exactly what the contract says, key for key`, () => {
    assert.deepEqual(described.output_schema, output_schema)
  })

  test(`${name} takes the contract's parameters, and extra ones only where they are optional`, () => {
    const added = Object.keys(described.parameters).filter((key) => !(key in parameters))
    assert.deepEqual(added, extra[name] ?? [])
    for (const key of added) assert.equal(described.parameters[key]?.required, false)
    for (const [key, wanted] of Object.entries(parameters)) {
      const { description, ...shape } = wanted
      const { description: ours, ...own } = described.parameters[key] ?? { description: '' }
      assert.deepEqual(own, shape, key)
      assert.ok(ours.startsWith(description), `${key}: ${ours}`)
    }
  })

  test(`${name} has an input schema every host takes`, () => {
    const { type, properties, required, additionalProperties, ...rest } = described.input_schema
    assert.deepEqual(rest, {})
    assert.equal(type, 'object')
    assert.equal(additionalProperties, false)
    const needed = Object.keys(parameters).filter((key) => parameters[key]?.required)
    assert.deepEqual(required ?? [], needed)
    for (const [key, schema] of Object.entries(properties as Record<string, Record<string, unknown>>)) {
      const allowed = [
        'type',
        'description',
        'default',
        'enum',
        ...(schema['type'] === 'array' ? ['items'] : []),
      ]
      const object = schema['type'] === 'object' ? ['additionalProperties'] : []
      assert.deepEqual(
        Object.keys(schema).filter((word) => ![...allowed, ...object].includes(word)),
        [],
        key,
      )
      if (schema['type'] === 'array') assert.deepEqual(schema['items'], { type: 'string' })
    }
  })
}

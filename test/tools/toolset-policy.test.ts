// What an operator may set, of every action: parameters, lists of actions, sends, and a key of its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue, toolsetNames, withToolsets } from '../../src/actions/toolsets.ts'
import { type Access, toolsOf } from '../../src/tools/policy.ts'
import { fullCalls } from '../input/forms.ts'

const all = ['all'] as const
const offered = (access: Access) => toolsOf({ toolsets: all, ...access }).map(({ action }) => action.name)
const toolOf = (name: string, access: Access) => {
  const [tool] = toolsOf({ toolsets: all, only: [name], ...access })
  assert.ok(tool)
  return tool
}

const values = new Map(
  fullCalls.flatMap(([name, input]) =>
    Object.entries(input).map(
      ([parameter, value]) => [`${name}.${parameter}`, { name, parameter, value, input }] as const,
    ),
  ),
)

test('every parameter of every action can be set, and is then neither offered nor taken', () => {
  for (const { name, parameter, value, input } of values.values()) {
    const said = `${name} ${parameter}`
    const tool = toolOf(name, { parameterOverrides: { [name]: { [parameter]: value } } })
    const { properties, required = [] } = tool.description.input_schema
    assert.ok(!Object.hasOwn(properties as object, parameter), said)
    assert.ok(!(required as string[]).includes(parameter), said)
    assert.ok(!Object.hasOwn(tool.description.parameters, parameter), said)
    const { [parameter]: _, ...rest } = input
    assert.deepEqual(tool.input(rest), input, said)
    assert.throws(() => tool.input(input), /is set by the operator of this server; leave it out/, said)
  }
})

test('every parameter of every action can have a default, which a caller may overrule', () => {
  for (const { name, parameter, value, input } of values.values()) {
    const said = `${name} ${parameter}`
    const tool = toolOf(name, { parameterDefaults: { [name]: { [parameter]: value } } })
    const { properties, required = [] } = tool.description.input_schema
    assert.deepEqual((properties as Record<string, { default?: unknown }>)[parameter]?.default, value, said)
    assert.ok(!(required as string[]).includes(parameter), said)
    const { [parameter]: _, ...rest } = input
    for (const left of [rest, { ...rest, [parameter]: null }]) assert.deepEqual(tool.input(left), input, said)
    assert.deepEqual(tool.input(input), input, said)
  }
})

test('every parameter of every action can be forbidden', () => {
  for (const { name, parameter, input } of values.values()) {
    const tool = toolOf(name, { parameterOverrides: { [name]: { [parameter]: null } } })
    const { [parameter]: _, ...rest } = input
    assert.deepEqual(tool.input(rest), rest, `${name} ${parameter}`)
    assert.throws(() => tool.input(input), /leave it out/, `${name} ${parameter}`)
  }
})

test('a parameter or a value that an action does not take is refused when the policy is read', () => {
  for (const { name } of catalogue)
    for (const option of ['parameterDefaults', 'parameterOverrides'] as const)
      assert.throws(
        () => toolOf(name, { [option]: { [name]: { nickname: 'x' } } }),
        new RegExp(`${option}: ${name}: unknown parameter "nickname"`),
      )
  for (const { name, parameter, value } of values.values()) {
    if (typeof value !== 'string') continue
    const wrong = { parameterOverrides: { [name]: { [parameter]: true } } }
    assert.throws(
      () => toolOf(name, wrong),
      new RegExp(`${name}: ${parameter} must be`),
      `${name} ${parameter}`,
    )
  }
})

test('each action can be the only one, and each can be left out', () => {
  const names = catalogue.map(({ name }) => name)
  for (const name of names) {
    assert.deepEqual(offered({ only: [name] }), [name])
    assert.deepEqual(
      offered({ deny: [name] }),
      names.filter((one) => one !== name),
    )
  }
})

test('every choice of toolsets goes with readOnly and sends', () => {
  for (const toolsets of [[], ...toolsetNames.map((set) => [set]), ['all'] as const]) {
    const chosen = withToolsets(toolsets)
    const names = (access: Access) => toolsOf({ toolsets, ...access }).map(({ action }) => action)
    assert.deepEqual(
      names({ readOnly: true }),
      chosen.filter(({ effect }) => effect === 'read'),
    )
    const asked = toolsOf({ toolsets, sends: 'confirm' }).flatMap(({ action, mayNeedApproval }) =>
      mayNeedApproval ? [action] : [],
    )
    assert.deepEqual(
      asked,
      chosen.filter(({ effect, destructive }) => effect === 'send' || destructive),
    )
    assert.deepEqual(
      names({ sends: 'off' }),
      chosen.filter((action) => !asked.includes(action)),
    )
  }
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { amend, schemaAt } from './amend.ts'
import { DEVIATIONS } from './deviations.ts'
import { HOW_TO_GET_THE_DESCRIPTION } from './index.ts'
import { type Description, readDescription } from './openapi.ts'
import { routesOf } from './operations.ts'
import { REQUIRED_KEYS } from './required-keys.ts'
import { createSchemaValidator } from './schema-validator.ts'
import { EXTRA_STATUSES } from './statuses.ts'

const file = process.env['INTERCOM_OPENAPI']
const skip = file ? false : HOW_TO_GET_THE_DESCRIPTION

/** The families a workspace answers for; the rest of the API is not checked. */
const FAMILIES =
  /^\/(me|admins|contacts|notes|tags|conversations|messages|companies|segments|teams|subscription_types|data_attributes|events|articles|help_center|ai|news|export|download)\b/

async function description(): Promise<Description> {
  return readDescription(file ?? '')
}

test('every example of the description is valid, but for missing keys', { skip }, async () => {
  const amended = amend(await description(), { requiredKeys: false })
  const validate = createSchemaValidator(amended)
  const failures: string[] = []
  let examples = 0
  for (const { name, template, operation } of routesOf(amended)) {
    if (!FAMILIES.test(template)) continue
    for (const [status, response] of Object.entries(operation.responses)) {
      const content = response.content?.['application/json']
      for (const [title, { value }] of Object.entries(content?.examples ?? {})) {
        examples += 1
        const violations = content?.schema ? validate(content.schema, value) : ['no schema']
        failures.push(...violations.map((violation) => `${name} ${status} (${title}): ${violation}`))
      }
    }
  }
  assert.deepEqual(failures, [])
  assert.ok(examples > 150, `only ${examples} examples were found`)
})

test('every listed deviation still deviates from the description', { skip }, async () => {
  const original = await description()
  const stale = DEVIATIONS.filter(({ at, schema }) => {
    const stated = schemaAt(original, at)
    return stated !== undefined && isDeepStrictEqual(withoutWords(stated), schema)
  })
  assert.deepEqual(stale, [])
})

test('every status listed for an operation is one that its description lacks', { skip }, async () => {
  const routes = routesOf(await description())
  for (const { status, operations } of EXTRA_STATUSES) {
    if (operations === 'every') continue
    for (const name of operations) {
      const route = routes.find((one) => one.name === name)
      assert.ok(route, `${name} is no operation`)
      assert.ok(!(status in route.operation.responses), `${name} ${status} is in the description`)
    }
  }
})

test('no deviation and no table row is without its section, and none is listed twice', () => {
  const places = DEVIATIONS.map(({ at }) => at)
  assert.deepEqual(
    places.filter((place, index) => places.indexOf(place) !== index),
    [],
  )
  for (const { at, section, reason } of DEVIATIONS) assert.ok(section && reason, at)
  for (const [at, { section }] of Object.entries(REQUIRED_KEYS)) assert.ok(section, at)
})

test('every object an answer can hold has a row of required keys', { skip }, async () => {
  const amended = amend(await description(), { requiredKeys: false })
  const reached = new Set<string>()
  for (const { template, operation } of routesOf(amended)) {
    // docs/intercom-api.md 2.13 does not list all keys of tickets.
    if (!FAMILIES.test(template) || template.endsWith('/convert')) continue
    for (const response of Object.values(operation.responses)) {
      collectNames(response.content?.['application/json']?.schema, amended, reached)
    }
  }
  const withoutRow = [...reached].filter((name) => !(name in REQUIRED_KEYS) && !OPEN_OBJECTS.includes(name))
  assert.deepEqual(withoutRow, [])
})

/** Objects whose keys docs/intercom-api.md leaves open, or marks optional throughout. */
const OPEN_OBJECTS = [
  'activity_log_metadata',
  'admin_priority_level',
  'ai_agent',
  'content_source',
  'content_sources_list',
  'conversation_response_time',
  'team_priority_level',
]

function collectNames(schema: unknown, within: Description, names: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return
  const name = '$ref' in schema ? String(schema.$ref).replace('#/components/schemas/', '') : undefined
  if (name !== undefined && !names.has(name)) {
    names.add(name)
    collectNames(within.components.schemas[name], within, names)
  }
  for (const child of Object.values(schema)) collectNames(child, within, names)
}

function withoutWords(schema: object): unknown {
  const words = new Set(['description', 'example', 'title', 'x-tags'])
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (words.has(key) ? undefined : value)))
}

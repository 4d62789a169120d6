import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { catalogue, toolsetNames, withToolsets } from '../../src/actions/toolsets.ts'
import { createIntercom, describe } from '../../src/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { intercomTools as aiSdk } from '../../src/tools/ai-sdk.ts'
import { intercomTools as functions } from '../../src/tools/functions.ts'
import { intercomTools as langchain } from '../../src/tools/langchain.ts'
import { mcpServers } from '../../src/tools/mcp/index.ts'
import { intercomTools as openaiAgents } from '../../src/tools/openai-agents.ts'

type Schema = { [key: string]: unknown }
type Offered = { name: string; description: string; schema: Schema }

const intercom = createIntercom({ accessToken: 'dG9rOmFfdG9rZW5fb2ZfdGhlX3Rlc3Q=', toolsets: ['all'] })

const server = mcpServers(intercom)()
const client = new Client({ name: 'test', version: '1' })
const [near, far] = InMemoryTransport.createLinkedPair()
await Promise.all([server.connect(far), client.connect(near)])
after(() => client.close())

const text = (value: unknown) => String(value ?? '')
const { tools: mcp } = await client.listTools()
const page = await httpHandler(intercom).fetch(new Request('http://localhost/openapi.json'))
const { components } = (await page.json()) as { components: { schemas: Record<string, Schema> } }

const adapters: Record<string, Offered[]> = {
  MCP: mcp.map(({ name, description, inputSchema }) => ({
    name,
    description: text(description),
    schema: inputSchema,
  })),
  functions: functions(intercom).tools.map(({ name, description, parameters }) => ({
    name,
    description,
    schema: parameters,
  })),
  'AI SDK': Object.entries(aiSdk(intercom)).map(([name, { description, inputSchema }]) => ({
    name,
    description: text(description),
    schema: (inputSchema as { jsonSchema: Schema }).jsonSchema,
  })),
  LangChain: langchain(intercom).tools.map(({ name, description, schema }) => ({
    name,
    description,
    schema: schema as Schema,
  })),
  'OpenAI Agents': openaiAgents(intercom).map(({ name, description, parameters }) => ({
    name,
    description,
    schema: parameters as unknown as Schema,
  })),
  OpenAPI: catalogue.map(({ name, description }) => {
    const output = String(describe(actionOf(name)).output_schema['title'])
    return { name, description, schema: components.schemas[output.replace(/Output$/, 'Input')] ?? {} }
  }),
}

function actionOf(name: string) {
  const action = catalogue.find((one) => one.name === name)
  assert.ok(action)
  return action
}

/** What every host takes: no composition, no references, no bounds or formats, one type each. */
const words = {
  string: ['enum', 'default'],
  integer: ['default'],
  boolean: ['default'],
  array: ['items', 'default'],
  object: ['properties', 'required', 'additionalProperties', 'default'],
}

/** Why a schema is not portable. */
function problemsOf(schema: unknown, where: string): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [`${where} is no schema`]
  const { type, description, ...rest } = schema as Schema
  const own = words[type as keyof typeof words]
  if (own === undefined) return [`${where} has the type ${JSON.stringify(type)}`] // Gemini takes one type, as a text
  const problems = Object.keys(rest)
    .filter((word) => !own.includes(word))
    .map((word) => `${where} has ${word}`)
  if (description !== undefined && (typeof description !== 'string' || description.length > 1024))
    problems.push(`${where} has a description of the wrong kind or length`)
  if ('enum' in rest) problems.push(...enumProblems(rest['enum'], where))
  if (type === 'array') problems.push(...problemsOf(rest['items'], `${where}[]`))
  if (type === 'object') problems.push(...objectProblems(rest, where))
  return problems
}

/** Gemini takes texts only, and neither none nor an empty one. */
function enumProblems(values: unknown, where: string): string[] {
  const fits =
    Array.isArray(values) && values.length > 0 && values.every((one) => typeof one === 'string' && one !== '')
  return fits ? [] : [`${where} has an enum of ${JSON.stringify(values)}`]
}

/** Gemini refuses an object without properties (https://github.com/MarkusPfundstein/mcp-obsidian/issues/21). */
function objectProblems({ properties, required }: Schema, where: string): string[] {
  if (typeof properties !== 'object' || properties === null) return [`${where} names no properties`]
  const names = Object.keys(properties)
  const wrong = [required ?? []].flat().filter((name) => !names.includes(String(name)))
  return [
    ...wrong.map((name) => `${where} requires ${name}, which it does not have`),
    ...(Array.isArray(required) && required.length === 0 ? [`${where} requires nothing, in a list`] : []),
    // Anthropic's pattern of a property's name.
    ...names.filter((name) => !/^[\w.-]{1,64}$/.test(name)).map((name) => `${where} has the name ${name}`),
    ...Object.entries(properties).flatMap(([name, one]) => problemsOf(one, `${where}.${name}`)),
  ]
}

for (const [adapter, offered] of Object.entries(adapters)) {
  test(`${adapter}: every tool is one that every host takes`, () => {
    assert.equal(offered.length, catalogue.length)
    // Vertex AI takes 64 functions
    // (https://cloud.google.com/vertex-ai/generative-ai/docs/reference/java/0.4.0/com.google.cloud.vertexai.api.ToolOrBuilder).
    assert.ok(offered.length <= 64)
    for (const { name, description, schema } of offered) {
      // Cursor counts the server's name and the tool's, at most 60 together, Claude 64 with its own prefix
      // (https://github.com/sparfenyuk/mcp-proxy/issues/45); a function of Gemini's begins with a letter.
      assert.match(name, /^[a-z][a-z0-9_]*$/)
      assert.ok(`mcp__modulex-intercom__${name}`.length <= 60, name)
      // OpenAI's limit of a function's description.
      assert.ok(description.length > 0 && description.length <= 1024, name)
      assert.equal(schema['type'], 'object')
      assert.deepEqual(problemsOf(schema, name), [])
    }
  })
}

test('the thirteen and any one toolset are as many as every host hands on', () => {
  // Cursor's forty (https://github.com/anyproto/anytype-mcp/issues/5); docs/toolsets.md says so of `all`.
  for (const set of toolsetNames) assert.ok(withToolsets([set]).length <= 40, set)
})

test('what no host takes is found', () => {
  for (const [schema, says] of [
    [{ type: 'object' }, 'x names no properties'],
    [{ type: 'object', properties: { a: { type: 'object' } } }, 'x.a names no properties'],
    [{ type: 'array' }, 'x[] is no schema'],
    [{ type: 'array', items: {} }, 'x[] has the type undefined'],
    [{ type: ['string', 'null'] }, 'x has the type ["string","null"]'],
    [{ type: 'string', enum: [] }, 'x has an enum of []'],
    [{ type: 'string', enum: [''] }, 'x has an enum of [""]'],
    [{ type: 'string', const: 'a' }, 'x has const'],
    [{ type: 'string', format: 'uri' }, 'x has format'],
    [{ anyOf: [{ type: 'string' }] }, 'x has the type undefined'],
    [{ type: 'object', properties: {}, required: ['a'] }, 'x requires a, which it does not have'],
  ] as const) {
    assert.deepEqual(problemsOf(schema, 'x'), [says])
  }
})

test('an operator who sets parameters leaves a schema that every host takes', () => {
  const set = {
    parameterOverrides: { list_tags: { name_contains: 'x' }, upsert_contact: { email: 'a@b.c' } },
  }
  const defaults = { parameterDefaults: { upsert_contact: { custom_attributes: { plan: 'pro' } } } }
  for (const options of [set, defaults]) {
    for (const { name, parameters } of functions(intercom, options).tools) {
      assert.deepEqual(problemsOf(parameters, name), [])
    }
  }
})

test('strict mode has no open object, no default, and requires every property', () => {
  const strict = functions(intercom, { strict: true }).tools
  assert.ok(strict.some((tool) => tool.strict))
  for (const { name, parameters, strict: isStrict } of strict) {
    if (!isStrict) {
      assert.deepEqual(problemsOf(parameters, name), [])
      continue
    }
    const properties = parameters['properties'] as Record<string, Schema>
    assert.deepEqual(parameters['required'], Object.keys(properties))
    assert.equal(parameters['additionalProperties'], false)
    for (const property of Object.values(properties)) assert.ok(!('default' in property), name)
  }
})

test('what the tools answer is described to the letter of the contract', () => {
  for (const { name, outputSchema } of mcp)
    assert.deepEqual(outputSchema, describe(actionOf(name)).output_schema)
})

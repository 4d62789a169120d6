import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { withToolsets } from '../../src/actions/toolsets.ts'
import { actions, createIntercom } from '../../src/index.ts'
import type { HttpOptions } from '../../src/server/rest/index.ts'
import { manifestOf } from '../../src/tools/manifest.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { actionExamples, subjects } from '../support/action-examples.ts'
import { rest } from '../support/rest.ts'

const workspace = await createWorkspace({ seed: 'small' })
const { url, accessToken } = await workspace.listen()
const all = createIntercom({ accessToken, baseUrl: url, toolsets: ['all'] })
const intercom = createIntercom({ accessToken, baseUrl: url })
after(() => workspace.close())

// biome-ignore lint/suspicious/noExplicitAny: documents are read as their readers read them
type Json = any

async function page(path: string, options: HttpOptions = {}, headers: Record<string, string> = {}) {
  return await rest(options.toolsets ? all : intercom, options).send(path, { headers })
}

const document = async (options: HttpOptions = {}): Promise<Json> =>
  await (await page('/openapi.json', options)).json()

/** Every schema in a document, with the place it stands at. */
function schemasIn(node: Json, place = '#'): [place: string, schema: Json][] {
  if (typeof node !== 'object' || node === null) return []
  const here: [string, Json][] = 'type' in node ? [[place, node]] : []
  return [...here, ...Object.entries(node).flatMap(([key, value]) => schemasIn(value, `${place}/${key}`))]
}

/** Of the actions: all else that is served only reads. */
function actionPaths(api: Json): [string, Json][] {
  return Object.entries<Json>(api.paths).filter(([path]) => path.startsWith('/actions/'))
}

const offers: [string, HttpOptions][] = [
  ['everything', {}],
  ['everything, with a journal', { idempotencyScope: 'agent' }],
  ['compact answers', { output: 'compact' }],
  ['reads', { readOnly: true }],
  ['one action', { only: ['list_tags'] }],
  ['all toolsets', { toolsets: ['all'] }],
  ['pinned parameters', { parameterOverrides: { reply_to_conversation: { admin_id: '1', body: 'x' } } }],
]

for (const [what, options] of offers) {
  test(`the document of ${what} is valid OpenAPI 3.1`, async () => {
    const { valid, errors } = await new Validator().validate(await document(options))
    assert.ok(valid, JSON.stringify(errors))
  })
}

for (const toolsets of [[], ['all']] as const)
  test(`the document names every action of ${JSON.stringify(toolsets)} once, and keeps to the limits of GPT Actions`, async () => {
    // https://developers.openai.com/api/docs/actions/production
    const api = await document({ idempotencyScope: 'agent', toolsets })
    const actions = withToolsets(toolsets)
    assert.deepEqual(
      actionPaths(api).map(([path, { post }]) => [path, post.operationId]),
      actions.map(({ name }) => [`/actions/${name}`, name]),
    )
    for (const [, { post }] of actionPaths(api)) {
      const { effect, title, description } = actions.find(({ name }) => name === post.operationId) ?? {}
      assert.equal(post['x-openai-isConsequential'], effect !== 'read')
      assert.equal(post.summary, title)
      assert.ok(post.description.length <= 300 && post.description.length > 30, post.operationId)
      assert.ok(description?.startsWith(post.description) && post.description.endsWith('.'), post.operationId)
      assert.equal(post.parameters !== undefined, effect !== 'read')
    }
    for (const [place, { type, properties, description = '' }] of schemasIn(api.components.schemas)) {
      assert.ok(type !== 'object' || properties !== undefined, `${place} names no properties`)
      assert.ok(String(description).length <= 700, place)
    }
  })

test('a key sees what it may do, and nothing that its operator has set', async () => {
  const names = async (options: HttpOptions) => actionPaths(await document(options)).map(([path]) => path)
  const listed = async (options: HttpOptions) => {
    const { actions } = (await (await page('/actions', options)).json()) as Json
    return actions.map(({ name }: Json) => `/actions/${name}`)
  }
  for (const [options, expected] of [
    [{ readOnly: true }, actions.filter(({ effect }) => effect === 'read')],
    [{ sends: 'confirm' }, actions.filter(({ effect }) => effect !== 'send')],
    [{ deny: ['create_note'] }, actions.filter(({ name }) => name !== 'create_note')],
  ] as const) {
    const paths = expected.map(({ name }) => `/actions/${name}`)
    assert.deepEqual([await names(options), await listed(options)], [paths, paths])
  }
  const pinned = { parameterOverrides: { reply_to_conversation: { admin_id: 'canary-7' } } }
  for (const path of ['/openapi.json', '/manifest.json', '/docs', '/actions']) {
    assert.ok(!(await (await page(path, pinned)).text()).includes('canary-7'), path)
  }
  const { ReplyToConversationInput } = (await document(pinned)).components.schemas
  assert.equal('admin_id' in ReplyToConversationInput.properties, false)
})

/** Checks values against the schemas of a document, by name. */
function checker(api: Json) {
  const ajv = new Ajv2020({ strict: false })
  ajv.addSchema(api, 'api')
  const problem = (name: string, value: unknown) =>
    ajv.validate({ $ref: `api#/components/schemas/${name}` }, value) ? null : ajv.errorsText()
  return {
    problem,
    fits: (name: string, value: unknown) => assert.equal(problem(name, value), null, name),
  }
}

const outputOf = (api: Json, name: string): string =>
  api.paths[`/actions/${name}`].post.responses[200].content['application/json'].schema.$ref.split('/').at(-1)

test('answers are what the document says of them', async () => {
  const api = await document()
  const { fits, problem } = checker(api)
  const { call } = rest(intercom)
  for (const { name } of actions) {
    const { body } = await call(name, { no_such_parameter: true })
    fits('Failure', body)
    const output = outputOf(api, name)
    assert.deepEqual(Object.keys(body), api.components.schemas[output].required)
    assert.notEqual(problem(output, body), null, 'a failure does not answer 200')
  }
  fits('ListConversationsInput', { per_page: 3 })
  assert.notEqual(problem('ListConversationsInput', { per_pages: 3 }), null)
})

test('full answers of every action are Intercom’s objects as the document describes them', async () => {
  const api = await document()
  const { fits, problem } = checker(api)
  const { call } = rest(intercom)
  const of = await subjects(intercom)
  const answer = async (name: string, input: object) => {
    const { body } = await call(name, input)
    assert.equal(body.error, null, name)
    fits(outputOf(api, name), body)
    return body
  }
  for (const { name } of actions) await answer(name, actionExamples[name](of))

  const { contact } = await answer('upsert_contact', { email: 'desk@example.com' })
  const good = await answer('get_contact', { contact_id: contact.id })
  const bare = good.result
  assert.deepEqual([bare.name, bare.phone, bare.last_seen_at], [null, null, null])
  for (const query_value of ['user', 'lead'])
    await answer('search_contacts', { query_field: 'role', query_value, per_page: 150 })
  await answer('search_contacts', { query_value: 'nobody@example.com' })
  await answer('search_conversations', { query_value: '1', per_page: 150 })
  assert.equal((await answer('list_conversations', { per_page: 1 })).pages.next.page, 2)
  const { conversations } = await answer('list_conversations', { per_page: 150 })
  for (const { id } of conversations) await answer('get_conversation', { conversation_id: id })

  const wrong = { ...good, result: { ...bare, email: 7 } }
  assert.match(String(problem('GetContactOutput', wrong)), /email must be string/)
  assert.match(String(problem('GetContactOutput', { ...good, result: null })), /result must be object/)
  fits('GetContactOutput', { ...good, result: { ...bare, added_by_intercom_tomorrow: 1 } })
})

test('the document names the fields of full answers, and only what its actions answer', async () => {
  const { schemas } = (await document()).components
  assert.deepEqual(schemas.GetContactOutput.properties.result, { $ref: '#/components/schemas/Contact' })
  assert.deepEqual(schemas.Contact.properties.email, {
    description: 'Leads may share one, or have none.',
    anyOf: [{ type: 'string' }, { type: 'null' }],
  })
  assert.doesNotMatch(JSON.stringify(schemas), /docs\/|intercom-api/)
  assert.deepEqual(Object.keys((await document({ only: ['list_tags'] })).components.schemas), [
    'ListTagsInput',
    'ListTagsOutput',
    'TagList',
    'Tag',
    'Failure',
    'Explanation',
  ])
  const compact = await document({ output: 'compact' })
  const { properties } = compact.components.schemas.GetContactOutput
  assert.deepEqual(properties.result.anyOf[0], { type: 'object', properties: {}, additionalProperties: true })
  assert.equal(compact.components.schemas.Contact, undefined)
})

test('the document names the address that its reader has used, behind TLS too', async () => {
  const servers = async (headers: Record<string, string>) =>
    ((await (await page('/openapi.json', {}, headers)).json()) as Json).servers
  assert.deepEqual(await servers({}), [{ url: 'http://localhost' }])
  assert.deepEqual(await servers({ 'X-Forwarded-Proto': 'https' }), [{ url: 'https://localhost' }])
  assert.deepEqual(await servers({ 'X-Forwarded-Proto': 'javascript' }), [{ url: 'http://localhost' }])
})

test('the manifest is that of the command line, with forms for credentials and a test that works', async () => {
  const { version, auth_schemas, ...rest } = (await (await page('/manifest.json')).json()) as Json
  assert.deepEqual(rest, JSON.parse(JSON.stringify(manifestOf())))
  assert.match(version, /^\d+\.\d+\.\d+$/)
  const [{ environment_variables, test_endpoint }] = auth_schemas
  assert.deepEqual(
    environment_variables.map(({ name, required, sensitive }: Json) => [name, required, sensitive]),
    [
      ['INTERCOM_ACCESS_TOKEN', true, true],
      ['INTERCOM_API_BASE_URL', false, false],
    ],
  )
  const { method, path, headers, success_status } = test_endpoint
  const tried = async (token: string) => {
    const filled = Object.entries<string>(headers).map(
      ([name, value]) => [name, value.replace('{INTERCOM_ACCESS_TOKEN}', token)] as [string, string],
    )
    return (await fetch(url + path, { method, headers: filled })).status
  }
  assert.equal(await tried(accessToken), success_status)
  assert.notEqual(await tried('wrong'), success_status)
})

test('the reference shows every action and parameter, runs nothing and loads nothing', async () => {
  const response = await page('/docs')
  const html = await response.text()
  for (const { name, title } of actions) assert.ok(html.includes(`id="${name}"><h2>${title} `), name)
  for (const { parameters } of manifestOf().actions) {
    for (const name of Object.keys(parameters)) assert.ok(html.includes(`<code>${name}</code>`), name)
  }
  assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none';/)
  assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
  assert.doesNotMatch(html, /<script|<link|<img|<iframe|url\(|@import| on\w+=|javascript:/i)
  assert.ok(html.includes('custom_attributes.&lt;name&gt;'))
})

test('envelopes have all their keys, bodies are required where a parameter is, refusals say when to come again', async () => {
  const api = await document()
  for (const [, { post }] of actionPaths(api)) {
    const schema = (place: Json) =>
      api.components.schemas[place.content['application/json'].schema.$ref.split('/').at(-1)]
    const [input, output] = [schema(post.requestBody), schema(post.responses[200])]
    assert.deepEqual(output.required, Object.keys(output.properties), post.operationId)
    assert.equal(post.requestBody.required, input.required !== undefined, post.operationId)
  }
  const telling = Object.entries<Json>(api.components.responses).filter(
    ([, { headers }]) => 'Retry-After' in headers,
  )
  assert.deepEqual(
    telling.map(([name]) => name),
    ['TooManyCalls', 'NotSent'],
  )
})

test('no page is kept by a cache, run as a script or framed', async () => {
  for (const path of ['/actions', '/openapi.json', '/docs', '/manifest.json', '/metrics']) {
    const { headers } = await page(path)
    assert.equal(headers.get('cache-control'), 'no-store', path)
    assert.match(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'/,
      path,
    )
  }
})

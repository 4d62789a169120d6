import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { createWorkspace } from '../../src/workspace/index.ts'
import { HOW_TO_GET_THE_DESCRIPTION, loadValidator } from '../openapi-validator/index.ts'
import { driveAdmins } from './conformance/admins.ts'
import { driveAudience } from './conformance/audience.ts'
import { driveCompanies } from './conformance/companies.ts'
import { driveContacts } from './conformance/contacts.ts'
import { driveContent } from './conformance/content.ts'
import { conversationActErrors } from './conformance/conversation-act-errors.ts'
import { driveConversationActs } from './conformance/conversation-acts.ts'
import { driveConversations } from './conformance/conversations.ts'
import {
  contactErrors,
  conversationErrors,
  pageErrors,
  type Refused,
  searchErrors,
} from './conformance/errors.ts'
import { driveKnowledge } from './conformance/knowledge.ts'
import { driveOddities } from './conformance/oddities.ts'
import { driveProtocol } from './conformance/protocol.ts'
import { driveTickets } from './conformance/tickets.ts'
import { driveVisitors } from './conformance/visitors.ts'
import { openWorld } from './conformance/world.ts'

const validator = await loadValidator()
const skip = validator ? false : HOW_TO_GET_THE_DESCRIPTION
const world = await openWorld()
after(() => world.close())

driveAdmins(world)
driveContacts(world)
driveCompanies(world)
driveAudience(world)
driveConversations(world)
driveConversationActs(world)
driveTickets(world)
driveVisitors(world)
driveKnowledge(world)
driveContent(world)
driveProtocol(world)
driveOddities(world)

const refusals: Refused[] = [
  ...contactErrors(world),
  ...conversationErrors(world),
  ...conversationActErrors(world),
  ...pageErrors(world),
  ...searchErrors('contacts'),
  ...searchErrors('conversations'),
]
for (const { what, send, status, code, message } of refusals) {
  test(`${what} is refused with ${status}`, async () => {
    const [method, path, body] = send
    const got = await world.refused(method, path, { body })
    assert.equal(got.status, status, got.message)
    assertText(got.code, code)
    assertText(got.message, message)
  })
}

test('every operation that the workspace has was asked for with success above', { skip }, async () => {
  const succeeded = new Set(
    world.exchanges
      .filter(({ status }) => status < 300)
      .map(({ method, path }) => validator?.operationOf(method, path)),
  )
  const emulated = await operations(true)
  assert.ok(emulated.length > 20, `only ${emulated.length} operations are emulated`)
  assert.deepEqual(
    emulated.filter((operation) => !succeeded.has(operation)),
    [],
  )
})

test('operations of 2.12 that the workspace lacks say so', { skip }, async () => {
  for (const operation of await operations(false)) {
    const [method = '', template = ''] = operation.split(' ')
    const { code, message } = await world.refused(
      method,
      someId(template),
      method === 'GET' ? {} : { body: {} },
    )
    assert.equal(code, 'not_emulated')
    assert.ok(message?.includes(template), `${operation}: ${message}`)
  }
})

test('every operation that the workspace has wants a token', { skip }, async () => {
  for (const operation of await operations(true)) {
    const [method = '', template = ''] = operation.split(' ')
    const { status } = await world.refused(method, someId(template), { headers: { authorization: null } })
    assert.equal(status, 401, operation)
  }
})

test("the workspace's own server answers as described, too", { skip }, async () => {
  const workspace = await createWorkspace({ seed: 'empty' })
  const { url } = await workspace.listen()
  const requestHeaders = new Headers({
    authorization: `Bearer ${workspace.accessToken}`,
    'intercom-version': '2.12',
  })
  for (const [method, path, body] of [
    ['GET', '/me', undefined],
    ['GET', '/nowhere', undefined],
    ['POST', '/tags', '{"name":"Served"}'],
    ['POST', '/tags', '{"name":'],
  ] as const) {
    const response = await fetch(url + path, { method, headers: requestHeaders, ...(body && { body }) })
    const { status, headers } = response
    const answer = { method, path, status, headers, body: await response.json(), requestHeaders }
    assert.deepEqual(validator?.checkResponse(answer), [])
  }
  await workspace.close()
})

test('every answer above is one that the description and docs/intercom-api.md allow', { skip }, async () => {
  assert.ok(world.exchanges.length > 250, `only ${world.exchanges.length} answers were validated`)
  await world.close()
})

/** The operations of the description that the workspace answers, or those that it says it lacks. */
async function operations(emulated: boolean): Promise<string[]> {
  const answers = await Promise.all(
    (validator?.operations ?? []).map(async (operation) => {
      const [method = '', template = ''] = operation.split(' ')
      const response = await fetch(world.url + someId(template), {
        method,
        headers: { authorization: `Bearer ${world.accessToken}`, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: '{}' }),
      })
      await response.arrayBuffer()
      return { operation, isEmulated: response.status !== 501 }
    }),
  )
  return answers.filter(({ isEmulated }) => isEmulated === emulated).map(({ operation }) => operation)
}

/** The path with an id that nothing has. */
function someId(template: string): string {
  return template.replaceAll(/\{[^}]+\}/g, '0')
}

function assertText(text: string | undefined, expected: string | RegExp): void {
  if (typeof expected === 'string') assert.equal(text, expected)
  else assert.match(text ?? '', expected)
}

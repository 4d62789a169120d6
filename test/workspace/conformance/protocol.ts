import assert from 'node:assert/strict'
import test from 'node:test'
import type { Call, World } from './world.ts'

/**
 * Errors that no resource decides: tokens, versions, media types, paths, broken bodies
 * (docs/intercom-api.md 1.1 to 1.4).
 */
export function driveProtocol(world: World): void {
  const { ask, refused, user, conversation } = world
  const without = (header: string): Call => ({ headers: { [header]: null } })
  const having = (header: string, value: string): Call => ({ headers: { [header]: value } })
  const unauthorized = { status: 401, code: 'unauthorized', message: 'Access Token Invalid' }
  const notInVersion = {
    status: 400,
    code: 'intercom_version_invalid',
    message: 'Requested resource is not available in current API version',
  }

  test('no token, a wrong one and another scheme are all the same 401', async () => {
    for (const call of [
      without('authorization'),
      having('authorization', 'Bearer nonsense'),
      having('authorization', world.accessToken),
      having('authorization', `Basic ${world.accessToken}`),
    ]) {
      assert.deepEqual(await refused('GET', '/me', call), unauthorized)
    }
  })

  test('versions around 2.12 are answered, and so is none', async () => {
    for (const version of ['2.0', '2.11', '2.12', '2.13', '2.14', '2.17', 'Preview', 'Unstable'])
      await ask('GET', '/me', having('intercom-version', version))
    await ask('GET', '/me', without('intercom-version'))
  })

  test('a version that does not exist is refused', async () => {
    assert.deepEqual(await refused('GET', '/me', having('intercom-version', '9.9')), {
      status: 400,
      code: 'intercom_version_invalid',
      message: 'The requested version could not be found',
    })
  })

  test('operations that 2.12 does not have are refused as such', async () => {
    for (const [method, path] of [
      ['POST', `/contacts/${user.id}/block`],
      ['GET', '/contacts/find_by_external_id/1'],
      ['DELETE', `/conversations/${conversation.id}`],
      ['GET', '/away_status_reasons'],
      ['GET', '/calls'],
      ['POST', `/conversations/${conversation.id}/run_assignment_rules`],
    ] as const) {
      assert.deepEqual(await refused(method, path), notInVersion, `${method} ${path}`)
    }
  })

  test('paths that no version has, and methods that a path does not take, are not found', async () => {
    for (const [method, path] of [
      ['GET', '/inboxes'],
      ['GET', '/'],
      ['GET', '/contacts/1/2/3/4'],
      ['PATCH', `/contacts/${user.id}`],
      ['DELETE', '/me'],
      ['PUT', '/tags'],
    ] as const) {
      const { status, code } = await refused(method, path)
      assert.deepEqual([status, code], [404, 'not_found'], `${method} ${path}`)
    }
  })

  test('an Accept header without JSON is refused, a wildcard is not', async () => {
    assert.deepEqual(await refused('GET', '/me', having('accept', 'text/html')), {
      status: 406,
      code: 'media_type_not_acceptable',
      message: 'The Accept header should send a media type of application/json',
    })
    for (const accept of ['*/*', 'application/*', 'text/html, application/json;q=0.5']) {
      await ask('GET', '/me', having('accept', accept))
    }
  })

  test('a body that is not JSON is refused wherever one is read', async () => {
    for (const [method, path] of [
      ['POST', '/contacts'],
      ['PUT', `/contacts/${user.id}`],
      ['POST', '/contacts/search'],
      ['POST', `/contacts/${user.id}/notes`],
      ['POST', `/contacts/${user.id}/tags`],
      ['POST', '/tags'],
      ['POST', '/conversations'],
      ['POST', '/conversations/search'],
      ['POST', `/conversations/${conversation.id}/reply`],
      ['POST', '/messages'],
    ] as const) {
      for (const text of ['{"body": "Hel', '[]', '"text"', 'null']) {
        const { status } = await refused(method, path, { text })
        assert.equal(status, 400, `${method} ${path} ${text}`)
      }
      const { code } = await refused(method, path, { text: '{' })
      assert.equal(code, 'parameter_invalid', `${method} ${path}`)
    }
  })

  test('values of the wrong JSON type never reach the database', async () => {
    for (const [method, path, body] of [
      ['POST', '/contacts', { email: { nested: true } }],
      ['POST', '/contacts', { email: 'a@example.com', custom_attributes: 'none' }],
      ['PUT', `/contacts/${user.id}`, { name: ['a', 'list'] }],
      ['POST', `/contacts/${user.id}/notes`, { body: { html: true } }],
      ['POST', `/contacts/${user.id}/tags`, { id: {} }],
      ['POST', '/tags', { name: [] }],
      ['POST', '/conversations', { from: 'me', body: 'Hello' }],
      ['POST', `/conversations/${conversation.id}/reply`, { message_type: 1, type: 'admin', body: 'Hello' }],
      ['POST', '/messages', { message_type: 'inapp', body: 'Hello', from: [], to: [] }],
    ] as const) {
      const { status } = await refused(method, path, { body })
      assert.equal(status, 400, `${method} ${path} ${JSON.stringify(body)}`)
    }
  })
}

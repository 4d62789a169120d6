import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unvalidated } from '../../../test/openapi-validator/unvalidated.ts'
import { systemClock } from '../clock.ts'
import { openDesk } from '../desk.test.ts'
import { routes } from '../routes/all.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import { buildAnswer } from './answer.ts'
import { ApiError } from './api-error.ts'

const absent = '6745a1b2c3d4e5f601234567'

test('every answer carries the headers of Intercom, errors included', () => {
  const { call } = openDesk()
  for (const { status, headers } of [call('GET', '/me'), call('GET', `/contacts/${absent}`)]) {
    assert.match(headers['X-Request-Id'] ?? '', /^[0-9a-v]{20}$/)
    assert.match(headers['X-Intercom-Version'] ?? '', /^[0-9a-f]{40}$/)
    assert.match(headers['ETag'] ?? '', /^W\/"[0-9a-f]{32}"$/)
    assert.match(headers['X-Runtime'] ?? '', /^\d+\.\d{6}$/)
    assert.equal(headers['Content-Type'], 'application/json; charset=utf-8')
    assert.equal(headers['Cache-Control'], 'max-age=0, private, must-revalidate')
    assert.equal(headers['Vary'], 'Accept-Encoding')
    assert.equal(headers['Intercom-Version'], '2.12')
    assert.ok(headers['Status']?.startsWith(String(status)))
  }
})

test('the request id of an error is the one of its header, and null for search errors', () => {
  const { call } = openDesk()
  const missing = call('GET', `/contacts/${absent}`)
  assert.equal(missing.json.request_id, missing.headers['X-Request-Id'])
  const search = call('POST', '/contacts/search', {})
  assert.equal(search.json.request_id, null)
  assert.match(search.headers['X-Request-Id'] ?? '', /^[0-9a-v]{20}$/)
})

test('a missing, malformed or unknown token is 401 and counts against no rate limit', () => {
  const { call } = openDesk()
  for (const authorization of ['', 'Bearer', 'Bearer nope', 'Basic YTpi', 'Bearer a b']) {
    const { status, headers, json } = call('GET', '/nowhere', undefined, { authorization })
    assert.equal(status, 401)
    assert.deepEqual(json.errors, [{ code: 'unauthorized', message: 'Access Token Invalid' }])
    assert.equal(headers['X-RateLimit-Limit'], undefined)
  }
  assert.equal(call('GET', '/me').headers['X-RateLimit-Remaining'], '1665')
})

test('HTTP Basic is taken with the token as user name and no password', () => {
  const { call, token } = openDesk()
  const status = (credentials: string, scheme = 'Basic') => {
    const authorization = `${scheme} ${Buffer.from(credentials).toString('base64')}`
    return call('GET', '/me', undefined, { authorization }).status
  }
  assert.deepEqual([status(`${token}:`), status(`${token}:`, 'basic')], [200, 200])
  for (const wrong of [`${token}:secret`, `:${token}`, token, `x${token}:`, ':', '', `${token}::`]) {
    assert.equal(status(wrong), 401, wrong)
  }
})

test('the rate window is ten seconds long, starts full again, and ends on the same second of every ten', () => {
  const { call, clock } = openDesk()
  const first = call('GET', '/me').headers
  const second = call('GET', '/me').headers
  assert.equal(Number(first['X-RateLimit-Remaining']) - Number(second['X-RateLimit-Remaining']), 1)
  const end = Number(second['X-RateLimit-Reset'])
  assert.ok(end > clock.seconds && end <= clock.seconds + 10)
  clock.seconds = end
  const next = call('GET', '/me').headers
  assert.equal(next['X-RateLimit-Remaining'], String(Number(next['X-RateLimit-Limit']) - 1))
  assert.equal(Number(next['X-RateLimit-Reset']), end + 10)
})

test('every version of 2.x, Preview and Unstable are taken and echoed, others are refused', () => {
  const { call, refused } = openDesk()
  const minor = Array.from({ length: 18 }, (_, number) => `2.${number}`)
  for (const version of [...minor, 'Preview', 'Unstable']) {
    const { status, headers } = call('GET', '/me', undefined, { 'intercom-version': version })
    assert.deepEqual([status, headers['Intercom-Version']], [200, version])
  }
  const message = '400 intercom_version_invalid: The requested version could not be found'
  for (const version of ['2.18', '2.100', '1.4', '2', '3', '2.012', ' 2.12x', 'x', '0']) {
    assert.equal(refused('GET', '/me', undefined, { 'intercom-version': version }), message)
  }
})

test('a refusal before the version is looked at echoes the version that was asked for', () => {
  const { call } = openDesk()
  const echoed = (headers: Record<string, string>) => {
    const { status, headers: got } = call('GET', '/me', undefined, {
      authorization: 'Bearer nope',
      ...headers,
    })
    assert.equal(status, 401)
    return got['Intercom-Version']
  }
  assert.equal(echoed({ 'intercom-version': '2.14' }), '2.14')
  assert.equal(echoed({ 'intercom-version': '9.9' }), '2.12')
  assert.equal(echoed({}), '2.12')
})

test('a path is unknown, not in this version, not emulated, or takes another method: four answers', () => {
  const { call, refused } = openDesk()
  const elsewhere = '400 intercom_version_invalid: Requested resource is not available in current API version'
  const unknown = '404 not_found: The requested resource does not exist. Please check the path.'
  assert.equal(refused('GET', '/inboxes'), unknown)
  assert.equal(refused('PATCH', '/contacts'), unknown)
  assert.equal('request_id' in call('GET', '/inboxes').json, false)
  assert.equal(refused('GET', '/macros'), elsewhere)
  assert.equal(refused('DELETE', '/conversations/1'), elsewhere)
  assert.equal(refused('GET', '/away_status_reasons'), elsewhere)
  assert.equal(
    refused('GET', '/calls/1', undefined, { 'intercom-version': '2.14' }),
    '501 not_emulated: This workspace does not emulate GET /calls/{id} yet',
  )
})

test('an operation is not in the versions before it came and after it went; in the others it is emulated or 501', () => {
  const { call } = openDesk()
  const answer = (operation: string, version: string) => {
    const [method = '', path = ''] = operation.split(' ')
    const { status, json } = call(method, path, undefined, { 'intercom-version': version })
    return status === 400 || status === 501 ? `${status} ${json.errors[0].code}` : status
  }
  const elsewhere = '400 intercom_version_invalid'
  const lacking = '501 not_emulated'
  for (const [operation, version, expected] of [
    ['GET /away_status_reasons', '2.13', elsewhere],
    ['GET /away_status_reasons', '2.14', 200],
    ['GET /away_status_reasons', 'Preview', 200],
    ['GET /calls', '2.15', lacking],
    ['GET /brands', '2.14', elsewhere],
    ['GET /brands/1', '2.15', lacking],
    ['PATCH /data_connectors/1', '2.12', elsewhere],
    ['PATCH /data_connectors/1', '2.16', lacking],
    ['POST /articles/1/draft/publish', '2.15', elsewhere],
    ['GET /macros', '2.13', elsewhere],
    ['GET /macros', '2.16', lacking],
    ['POST /companies/search', '2.16', elsewhere],
    ['POST /companies/search', 'Unstable', lacking],
    ['GET /internal_articles/search', '2.12', elsewhere],
    ['GET /custom_object_instances/Order/5', '2.12', elsewhere],
    ['GET /export/reporting_data/get_datasets', '2.14', lacking],
    ['POST /conversations/1/run_assignment_rules', '2.0', 404],
    ['POST /conversations/1/run_assignment_rules', '2.12', elsewhere],
    ['GET /ticket_types', '2.8', elsewhere],
    ['GET /ticket_types', '2.9', 200],
    ['POST /conversations/1/convert', '2.9', elsewhere],
    ['GET /help_center/sections', '2.9', lacking],
    ['GET /help_center/sections/1', '2.12', elsewhere],
    ['GET /tags', '2.0', 200],
  ] as const) {
    assert.equal(answer(operation, version), expected, `${operation} under ${version}`)
  }
})

test('paths of 1.x are in no version of 2.x, whatever the method', () => {
  const { refused } = openDesk()
  for (const operation of [
    ...['GET /users', 'POST /users', 'DELETE /users/5', 'GET /users/scroll', 'GET /users?email=a@b.example'],
    ...['GET /leads', 'POST /leads/convert', 'GET /counts', 'GET /counts/', 'POST /bulk/users'],
    ...['GET /companies/5/users', 'GET /help_center/sections', 'POST /subscriptions', 'PUT /users'],
  ]) {
    const [method = '', path = ''] = operation.split(' ')
    for (const version of ['2.12', '2.17']) {
      assert.equal(
        refused(method, path, undefined, { 'intercom-version': version }),
        '400 intercom_version_invalid: Requested resource is not available in current API version',
        operation,
      )
    }
  }
  for (const path of ['/usersx', '/companies/5/users/6', '/user']) {
    assert.match(refused('GET', path), /^404 not_found: The requested resource/, path)
  }
})

test('only JSON is served, as itself, as the vendor type, or to whoever takes anything', () => {
  const { call } = openDesk()
  for (const accept of [
    ...['*/*', 'application/json', 'text/html, application/*;q=0.8', 'application/json; charset=utf-8', ' '],
    ...['application/vnd.intercom.3+json', 'application/vnd.intercom.2.12+json', 'APPLICATION/JSON'],
    ...['application/vnd.intercom.10+json;q=0.5, text/plain', 'text/html,application/vnd.intercom+json'],
  ]) {
    assert.equal(call('GET', '/me', undefined, { accept }).status, 200, accept)
  }
  for (const accept of [
    ...['application/vnd.github.3+json', 'application/vnd.intercom.3+xml', 'application/jsonp', 'json'],
    ...['text/json', 'application/json;q=0, text/html', 'application/xml'],
  ]) {
    assert.equal(call('GET', '/me', undefined, { accept }).status, 406, accept)
  }
  const { status, json } = call('GET', '/me', undefined, { accept: 'text/html' })
  assert.equal(status, 406)
  assert.deepEqual(json, {
    type: 'error.list',
    errors: [
      {
        code: 'media_type_not_acceptable',
        message: 'The Accept header should send a media type of application/json',
      },
    ],
  })
})

test('a body that is no JSON object is a 400', () => {
  const { call } = openDesk()
  for (const body of ['{', '[]', '"x"', 'null', '[1', `${'['.repeat(200_000)}`, '{"a":1}}']) {
    const { status, json } = call('POST', '/contacts', body)
    assert.deepEqual([status, json.errors[0].code], [400, 'parameter_invalid'], body.slice(0, 20))
  }
})

test('an exception inside a route is a 500 without a trace of it, and what it wrote is undone', async () => {
  const store = openStore(undefined, systemClock)
  store.write(() => fillFresh(store))
  const faults: unknown[] = []
  const handle = () => {
    store.insertTag('half-done')
    throw new Error('secret detail')
  }
  const onError = (error: unknown) => faults.push(error)
  const answer = buildAnswer(store, [{ method: 'POST', path: '/fault', handle }], { onError })
  const token = store.db.get<{ token: string }>('SELECT token FROM tokens')?.token
  const header = (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined)
  const ask = () => answer({ method: 'POST', origin: '', target: '/fault', header, body: '' })
  const { status, body } = await unvalidated(ask)
  assert.equal(status, 500)
  assert.equal(JSON.parse(String(body)).errors[0].code, 'server_error')
  assert.doesNotMatch(String(body), /secret|\.ts/)
  assert.equal(faults.length, 1)
  assert.equal(store.db.number('SELECT count(*) FROM tags'), 0)
})

test('a HEAD has no body, and the length of what a GET would send', () => {
  const store = openStore(undefined, systemClock)
  store.write(() => fillFresh(store))
  const answer = buildAnswer(store, [])
  const ask = (method: string) =>
    answer({ method, origin: 'http://local', target: '/me', header: () => undefined, body: '' })
  const head = ask('HEAD')
  assert.equal(head.body, '')
  assert.equal(head.headers['Content-Length'], String(Buffer.byteLength(ask('GET').body)))
})

test('an asked for 401 tells no budget and uses none up, like a real one', () => {
  const store = openStore(undefined, systemClock)
  store.write(() => fillFresh(store, 'a-known-token'))
  const answer = buildAnswer(store, routes)
  const ask = (refusal?: ApiError) =>
    answer({
      method: 'GET',
      origin: '',
      target: '/me',
      header: (name) => (name === 'authorization' ? 'Bearer a-known-token' : undefined),
      body: '',
      refusal,
    })
  const { status, headers } = ask(new ApiError(401, 'unauthorized', 'Access Token Invalid'))
  const names = Object.keys(headers).filter((name) => name.startsWith('X-RateLimit'))
  assert.deepEqual([status, names], [401, []])
  assert.equal(ask(new ApiError(500, 'server_error', '')).headers['X-RateLimit-Remaining'], '1666')
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { operatorsOf } from '../../src/server/approvals/operators.ts'
import { parseConfig } from '../../src/server/config.ts'
import { introspection } from '../../src/server/sign-in/introspection.ts'
import { jwtCheck } from '../../src/server/sign-in/jwt.ts'
import { keySetOf } from '../../src/server/sign-in/key-set.ts'
import { type Issuer, issuer, resource, signingKey } from '../support/issuer.ts'
import { signedIn } from '../support/signed-in.ts'

const asked = { client_id: 'intercom-mcp', client_secret_env: 'SECRET' }
const minute = 60_000

test('what is wrong with a configuration is said before anything is asked', () => {
  const auth = (own: object = {}) => ({
    listen: { public_url: 'https://mcp.example.com' },
    auth: { issuer: 'https://login.example.com', allow: [{ access_token_env: 'TOKEN' }], ...own },
  })
  const entry = (own: object = {}) =>
    'workspace_of_subject' in own ? own : { access_token_env: 'A', ...own }
  /** What stands behind a wider entry, for whom it would narrow nothing. */
  const behind: [object, object, string][] = [
    [{}, { subjects: ['ada'] }, 'subject "ada"'],
    [{}, {}, 'everybody else'],
    [{ clients: ['bot'] }, { clients: ['bot'], read_only: true }, 'client "bot"'],
    [{ subjects: ['ada', 'bob'] }, { subjects: ['cyd', 'bob'] }, 'subject "bob"'],
    [{ subjects: ['ada'] }, { subjects: ['ada'], clients: ['bot'] }, 'subject "ada" by client "bot"'],
    [{ clients: ['bot'] }, { subjects: ['ada'], clients: ['bot'] }, 'subject "ada" by client "bot"'],
    [{ workspace_of_subject: { ada: 'w' } }, { subjects: ['ada'] }, 'subject "ada"'],
  ]
  const wrong: [object, RegExp][] = [
    [{ ...auth(), listen: {} }, /auth needs listen\.public_url/],
    [auth({ issuer: 'http://login.example.com' }), /auth\.issuer takes an https URL/],
    [auth({ issuer: 'https://login.example.com/?a=b' }), /auth\.issuer takes an https URL/],
    [auth({ issuer: 'https://u:p@login.example.com' }), /auth\.issuer takes an https URL/],
    [auth({ issuer: undefined }), /auth\.issuer/],
    [auth({ audience: '' }), /auth\.audience takes the audience/],
    [auth({ algorithms: ['HS256'] }), /auth\.algorithms\[0\] takes "RS256"/],
    [auth({ algorithms: ['none'] }), /auth\.algorithms\[0\] takes/],
    [auth({ scopes: ['intercom:approve'] }), /auth\.scopes\[0\] takes "intercom:read"/],
    [auth({ allow: [] }), /auth\.allow takes one or more/],
    [auth({ allow: undefined }), /auth\.allow/],
    [auth({ allow: [{}] }), /auth\.allow\[0\] takes exactly one of access_token_env, access_token_file/],
    ...behind.map(([first, second, whom]): [object, RegExp] => [
      auth({ allow: [entry(first), entry(second), entry({ clients: ['z'] })] }),
      new RegExp(`allow\\[1\\] never applies to ${whom}, since auth\\.allow\\[0\\] comes before`),
    ]),
    [auth({ allow: [entry({ subjects: ['ada '] }), entry()] }), /subjects\[0\] takes a name, without blanks/],
    [auth({ allow: [entry({ clients: [' '] }), entry()] }), /clients\[0\] takes a name, without blanks/],
    [auth({ allow: [{ workspace_of_subject: { ' ada': 'w' } }] }), /workspace_of_subject/],
    [auth({ allow: [{ workspace_of_subject: {} }] }), /auth\.allow\[0\] is for nobody/],
    [
      auth({ allow: [{ subjects: ['ada'], workspace_of_subject: { bob: 'w' } }] }),
      /auth\.allow\[0\] is for nobody/,
    ],
    [auth({ client_claim: 'a"b' }), /client_claim takes the name of a claim/],
    [auth({ token_type: 'any ' }), /token_type takes at\+jwt/],
    [auth({ allow: [{ access_token_env: 'A', subject: ['a'] }] }), /auth\.allow\[0\]\."subject".*subjects/],
    [auth({ clock_tolerance_seconds: 3600 }), /takes 300 at most/],
    [
      auth({ introspection: { client_id: 'a' } }),
      /auth\.introspection takes exactly one of client_secret_env/,
    ],
    [
      auth({ introspection: { client_id: 'a', client_secret: 'b' } }),
      /auth\.introspection\."client_secret".*client_secret_env/,
    ],
    [auth({ audiance: 'x' }), /audiance.*audience/],
    [
      { ...auth(), operators: [{ name: 'ada', subject: 'ada' }] },
      /operators\[0\]: subject and client go together/,
    ],
    [{ operators: [{ name: 'ada', subject: 'ada', client: 'desk' }] }, /operators\[0\]\.subject needs auth/],
    [
      { ...auth(), operators: [{ name: 'ada', subject: 'ada', client: 'desk', key_env: 'A' }] },
      /exactly one of key_env/,
    ],
  ]
  for (const [given, message] of wrong)
    assert.throws(() => parseConfig(JSON.stringify(given)), message, JSON.stringify(given))
  const narrowerFirst = [
    { subjects: ['ada'], clients: ['bot'] },
    { subjects: ['ada'] },
    { clients: ['bot'] },
    { workspace_of_subject: { bob: 'w' } },
    {},
  ]
  assert.ok(parseConfig(JSON.stringify(auth({ allow: narrowerFirst.map(entry) }))))
  const { auth: parsed } = parseConfig(JSON.stringify(auth({ issuer: 'http://127.0.0.1:9/' })))
  assert.deepEqual(parsed?.scopes, ['intercom:read', 'intercom:write', 'intercom:send'])
})

test('the example of the documentation is a server that starts', async (t) => {
  const page = readFileSync(new URL('../../docs/sign-in.md', import.meta.url), 'utf8')
  const { auth, operators = [] } = parseConfig(/```json\n(.*?)```/s.exec(page)?.[1] ?? '')
  const at = await issuer(t)
  const { ask } = await signedIn(
    t,
    {
      auth: { ...auth, issuer: at.url },
      env: { ACME_TOKEN: 'token-of-acme' },
      operators: operatorsOf(operators, { env: {}, folder: '.' }, []),
    },
    at,
  )
  const names = async (client_id: string) => {
    const { body } = await ask(await at.token({ client_id }), 'GET /actions')
    return body.actions.map(({ name }: { name: string }) => name)
  }
  assert.ok(!(await names('reporting-bot')).includes('create_note'))
  assert.ok((await names('another')).includes('create_note'))
})

test('what is wrong with an authorization server is said at the start', async (t) => {
  const weak = { ...(await signingKey('secret')).jwk, kty: 'oct', k: 'AAAA' }
  const wrong: [(at: Issuer) => void, object, RegExp][] = [
    [
      (at) => Object.assign(at, { isDown: true }),
      {},
      /metadata of the authorization server cannot be read \(.*does not answer/,
    ],
    [
      (at) => at.redirects.set('/.well-known/oauth-authorization-server', `${at.origin}/elsewhere`),
      {},
      /: 302; .*redirects are not followed/,
    ],
    [
      (at) => Object.assign(at.metadata, { issuer: 'https://evil.example' }),
      {},
      /names another issuer, "https:\/\/evil\.example"/,
    ],
    [
      (at) => Object.assign(at.metadata, { issuer: `${at.url}/` }),
      {},
      /must match exactly, including a slash at the end/,
    ],
    [(at) => Object.assign(at, { metadata: {} }), {}, /names another issuer, none/],
    [(at) => Object.assign(at.metadata, { jwks_uri: undefined }), {}, /no jwks_uri/],
    [
      (at) => Object.assign(at.metadata, { jwks_uri: 'http://keys.example.com/' }),
      {},
      /jwks_uri in its metadata is not an https URL/,
    ],
    [
      (at) => Object.assign(at.metadata, { jwks_uri: 'file:///etc/passwd' }),
      {},
      /jwks_uri in its metadata is not an https URL/,
    ],
    [(at) => Object.assign(at.metadata, { jwks_uri: `${at.origin}/nothing` }), {}, /nothing answered 404/],
    [(at) => Object.assign(at, { keys: [] }), {}, /none of the keys at .*\/keys is a public key/],
    [(at) => Object.assign(at, { keys: [weak] }), {}, /none of the keys/],
    [() => {}, { algorithms: ['RS256'] }, /none of the keys at .* is a public key for one of RS256/],
    [
      (at) => Object.assign(at.metadata, { introspection_endpoint: undefined }),
      { introspection: asked },
      /no introspection_endpoint/,
    ],
    [
      () => {},
      { introspection: { ...asked, client_id: 'other' } },
      /auth\.introspection: .*introspection answered 401.*check client_id/,
    ],
    [() => {}, { introspection: { ...asked, client_secret_env: 'NONE' } }, /the variable NONE is not set/],
    [
      () => {},
      { allow: [{ access_token_env: 'NONE' }] },
      /auth\.allow\[0\]\.access_token_env: the variable NONE is not set/,
    ],
    [
      () => {},
      { allow: [{ access_token_env: 'TOKEN', only: ['nothing'] }] },
      /auth\.allow\[0\]: only: unknown action/,
    ],
    [
      () => {},
      { allow: [{ access_token_env: 'TOKEN', parameter_defaults: { list_tags: { x: 1 } } }] },
      /auth\.allow\[0\].*x/,
    ],
  ]
  for (const [change, auth, message] of wrong) {
    const at = await issuer(t)
    change(at)
    await assert.rejects(signedIn(t, { auth }, at), message, String(message))
  }
})

test('an issuer with a path or a slash at its end is found, and its tokens count to the letter', async (t) => {
  for (const path of ['', '/', '/realms/acme', '/realms/acme/']) {
    const at = await issuer(t, path)
    const { ask } = await signedIn(t, {}, at)
    assert.equal((await ask(await at.token(), 'GET /actions')).status, 200, path)
    const other = at.url.endsWith('/') ? at.url.slice(0, -1) : `${at.url}/`
    assert.equal((await ask(await at.token({ iss: other }), 'GET /actions')).body.code, 'wrong_issuer')
  }
  const at = await issuer(t)
  Object.assign(at.metadata, { code_challenge_methods_supported: undefined })
  assert.match(String((await signedIn(t, {}, at)).signIn.warnings), /PKCE/)
})

test('claims and typ of other servers, and an audience of their own, are named in the configuration', async (t) => {
  const at = await issuer(t)
  const auth = { client_claim: 'azp', scope_claim: 'scp', token_type: 'JWT', audience: 'api://intercom' }
  const { ask } = await signedIn(t, { auth }, at)
  const claims = {
    client_id: undefined,
    azp: 'a',
    scope: undefined,
    scp: ['intercom:read'],
    aud: 'api://intercom',
  }
  assert.equal((await ask(await at.token(claims, { typ: 'JWT' }), 'GET /actions')).status, 200)
  assert.equal((await ask(await at.token(claims), 'GET /actions')).body.code, 'wrong_token_type')
  const ours = await ask(await at.token({ ...claims, aud: resource }, { typ: 'JWT' }), 'GET /actions')
  assert.equal(ours.body.code, 'wrong_audience')
})

test('clocks may differ by the tolerance and no more', async (t) => {
  const at = await issuer(t)
  const find = await keySetOf(`${at.origin}/keys`, { algorithms: ['ES256'], outageMs: 0 })
  const issued = at.now()
  let skew = 0
  const check = jwtCheck(find, {
    ...{ issuer: at.url, audience: resource, algorithms: ['ES256'], tokenType: 'at+jwt' },
    ...{ clientClaim: 'client_id', toleranceSeconds: 30, now: () => new Date((issued + skew) * 1000) },
  })
  const token = await at.token({ iat: issued, nbf: issued, exp: issued + 300 })
  for (const [seconds, code] of [
    [-31, 'token_not_yet_valid'],
    [-30, null],
    [0, null],
    [329, null],
    [330, 'token_expired'],
  ] as const) {
    skew = seconds
    const came = await check(token).then(
      () => null,
      (error: { code: string }) => error.code,
    )
    assert.equal(came, code, String(seconds))
  }
})

test('keys are rotated, and an outage is bridged for as long as it is said', async (t) => {
  const at = await issuer(t)
  let time = 0
  const options = { algorithms: ['ES256'], outageMs: 60 * minute, now: () => time }
  const find = await keySetOf(`${at.origin}/keys`, options)
  const check = jwtCheck(find, {
    ...{ issuer: at.url, audience: resource, algorithms: ['ES256'], tokenType: 'at+jwt' },
    ...{ clientClaim: 'client_id', toleranceSeconds: 0 },
  })
  const codeOf = async (token: string) =>
    check(token).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    )
  const old = await at.token()
  const [second, third] = [await signingKey('second'), await signingKey('third')]
  const next = await at.token({}, {}, second)
  const stray = await at.token({}, {}, third)

  assert.deepEqual([await codeOf(old), await codeOf(next)], ['ok', 'unknown_signing_key'])
  at.keys.push(second.jwk)
  assert.equal(await codeOf(next), 'unknown_signing_key', 'not asked for again at once')
  time += 15_000
  assert.equal(await codeOf(next), 'ok')
  assert.equal(at.asked['/keys'], 2)
  for (let index = 0; index < 5; index += 1) assert.equal(await codeOf(stray), 'unknown_signing_key')
  assert.equal(at.asked['/keys'], 2, 'strangers do not make it ask')

  at.keys.shift()
  time += 10 * minute
  assert.deepEqual(
    [await codeOf(old), await codeOf(next)],
    ['unknown_signing_key', 'ok'],
    'what is removed ends',
  )

  at.isDown = true
  time += 10 * minute
  assert.equal(await codeOf(next), 'ok')
  assert.equal(await codeOf(stray), 'sign_in_unavailable', 'it may be of a key that is new')
  time += 59 * minute
  assert.equal(await codeOf(next), 'ok')
  time += 2 * minute
  assert.equal(await codeOf(next), 'sign_in_unavailable')
  at.isDown = false
  time += 15_000
  assert.deepEqual([await codeOf(next), await codeOf(stray)], ['ok', 'unknown_signing_key'])
})

test('tokens without kid count where one of several keys fits', async (t) => {
  const at = await issuer(t)
  const second = await signingKey('second')
  at.keys.push(second.jwk)
  const { ask } = await signedIn(t, {}, at)
  for (const key of [undefined, second])
    assert.equal((await ask(await at.token({}, { kid: undefined }, key), 'GET /actions')).status, 200)
})

test('an answer about a token is remembered for seconds, and never beyond the token', async (t) => {
  const at = await issuer(t)
  let time = Date.now()
  const start = Math.floor(time / 1000)
  const { check } = introspection({
    ...{ endpoint: `${at.origin}/introspect`, clientId: 'intercom-mcp', clientSecret: 'a-secret' },
    ...{ issuer: at.url, audience: resource, cacheSeconds: 30, now: () => time },
  })
  const codeOf = (token: string) =>
    check(token).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    )
  at.known.set('short', at.claims({ exp: start + 10 }))
  at.known.set('long', at.claims({ exp: start + 1000 }))
  const both = async () => [await codeOf('short'), await codeOf('long'), await codeOf('none')]
  assert.deepEqual(await Promise.all([codeOf('long'), codeOf('long'), codeOf('long')]), ['ok', 'ok', 'ok'])
  assert.deepEqual(
    [await both(), await both()],
    [
      ['ok', 'ok', 'token_inactive'],
      ['ok', 'ok', 'token_inactive'],
    ],
  )
  assert.equal(at.seen.length, 3, 'each is asked about once')
  time = (start + 10) * 1000
  assert.deepEqual(await both(), ['token_expired', 'ok', 'token_inactive'])
  at.known.delete('long')
  time = (start + 29) * 1000
  assert.equal(await codeOf('long'), 'ok')
  time = (start + 32) * 1000
  assert.equal(await codeOf('long'), 'token_inactive', 'revoked at most so many seconds ago')
})

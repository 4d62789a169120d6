import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { base64url, exportSPKI, importJWK, type JWTPayload, SignJWT } from 'jose'
import type { Caller } from '../../src/server/caller.ts'
import { hashKey } from '../../src/server/keys.ts'
import { type AuthConfig, authSchema } from '../../src/server/sign-in/config.ts'
import { signInOf } from '../../src/server/sign-in/sign-in.ts'
import { type Issuer, issuer, resource, signingKey } from '../support/issuer.ts'
import { caller, exchange, request, served } from '../support/served.ts'

const sources = { env: { TOKEN: 'token-of-the-workspace', SECRET: 'a-secret' }, folder: '.' }
const key = 'key-of-the-support-agent-0001'
const operatorKey = 'key-of-ada-the-operator-00003'
const introspection = { client_id: 'intercom-mcp', client_secret_env: 'SECRET' }

/** A server of which an issuer is trusted; `/work` answers who calls. */
async function serving(t: Parameters<typeof issuer>[0], at: Issuer, auth: Partial<AuthConfig> | object = {}) {
  const config = authSchema.parse({ issuer: at.url, allow: [{ access_token_env: 'TOKEN' }], ...auth })
  const operators = [{ name: 'ada', keyHash: hashKey(operatorKey), callers: null }]
  const signIn = await signInOf(config, { publicUrl: 'https://mcp.example.com', sources, operators })
  const callers: Caller[] = [caller(key, { name: 'support' })]
  const own = { signIn, callers, hosts: ['mcp.example.com'] }
  const { url, lines } = await served(t, () => Response.json({ success: true }), own)
  const send = async (headers: Record<string, string>, path = '/work', init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, { headers, ...init })
    const body = (await response.json()) as { success: boolean; code?: string }
    return {
      status: response.status,
      code: body.code,
      challenge: response.headers.get('www-authenticate'),
      body,
    }
  }
  const ask = (token: string) => send({ Authorization: `Bearer ${token}` })
  return { url, lines, send, ask }
}

type Attack = [name: string, make: (at: Issuer) => Promise<string> | string, code: string]

const other = await signingKey('other')
const elsewhere = await signingKey('first')
const rsa = await signingKey('rsa', 'RS256')

function encoded(header: object, claims: object, signature = ''): string {
  const part = (value: object) => base64url.encode(JSON.stringify(value))
  return `${part(header)}.${part(claims)}.${signature}`
}

/** With the public key as the secret of an HMAC, as servers took it that let the token choose. */
async function confused(at: Issuer, kid: string): Promise<string> {
  const jwk = at.keys.find((one) => one.kid === kid)
  const spki = await exportSPKI((await importJWK(jwk ?? {})) as never)
  return await new SignJWT(at.claims() as JWTPayload)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
    .sign(new TextEncoder().encode(spki))
}

const minute = 60
const attacks: Attack[] = [
  ['nonsense', () => 'not-a-token', 'malformed_token'],
  ['alg none', (at) => encoded({ alg: 'none', typ: 'at+jwt' }, at.claims()), 'unknown_signing_key'],
  [
    'alg None, with a kid',
    (at) => encoded({ alg: 'None', typ: 'at+jwt', kid: 'first' }, at.claims(), 'AA'),
    'unknown_signing_key',
  ],
  ['no alg', (at) => encoded({ typ: 'at+jwt', kid: 'first' }, at.claims(), 'AA'), 'malformed_token'],
  ['HS256 with the public key', (at) => confused(at, 'rsa'), 'unknown_signing_key'],
  ['HS256 with the public EC key', (at) => confused(at, 'first'), 'unknown_signing_key'],
  [
    'an empty signature',
    async (at) => `${(await at.token()).split('.').slice(0, 2).join('.')}.`,
    'wrong_signature',
  ],
  [
    'a signature of zeros',
    async (at) =>
      `${(await at.token()).split('.').slice(0, 2).join('.')}.${base64url.encode(new Uint8Array(64))}`,
    'wrong_signature',
  ],
  [
    'claims that were changed',
    async (at) => {
      const [header, , signature] = (await at.token()).split('.')
      return `${header}.${base64url.encode(JSON.stringify(at.claims({ sub: 'root' })))}.${signature}`
    },
    'wrong_signature',
  ],
  ['a key of somebody else', (at) => at.token({}, {}, other), 'unknown_signing_key'],
  ['a key of somebody else under our kid', (at) => at.token({}, {}, elsewhere), 'wrong_signature'],
  ['a key of somebody else without kid', (at) => at.token({}, { kid: undefined }, other), 'wrong_signature'],
  ['a kid that is a path', (at) => at.token({}, { kid: '../../keys' }, other), 'unknown_signing_key'],
  ['a kid that is a query', (at) => at.token({}, { kid: "' OR 1=1 --" }, other), 'unknown_signing_key'],
  [
    'a kid that is a list',
    (at) => encoded({ alg: 'ES256', typ: 'at+jwt', kid: ['first'] }, at.claims(), 'AA'),
    'unknown_signing_key',
  ],
  ['a key in the header', (at) => at.token({}, { jwk: other.jwk }, other), 'unknown_signing_key'],
  ['a certificate in the header', (at) => at.token({}, { x5c: ['AAAA'] }, other), 'unknown_signing_key'],
  [
    'an extension that must be understood',
    (at) =>
      at
        .token({}, { crit: ['exp'], exp: 1 })
        .catch(() =>
          encoded({ alg: 'ES256', typ: 'at+jwt', kid: 'first', crit: ['exp'], exp: 1 }, at.claims(), 'AA'),
        ),
    'malformed_token',
  ],
  [
    'an unencoded payload',
    (at) =>
      encoded({ alg: 'ES256', typ: 'at+jwt', kid: 'first', b64: false, crit: ['b64'] }, at.claims(), 'AA'),
    'wrong_signature',
  ],
  ['an encrypted token', () => 'eyJhbGciOiJkaXIifQ..AA.AA.AA', 'malformed_token'],
  ['another issuer', (at) => at.token({ iss: 'https://evil.example' }), 'wrong_issuer'],
  ['an issuer with a slash more', (at) => at.token({ iss: `${at.url}/` }), 'wrong_issuer'],
  ['an issuer in a list', (at) => at.token({ iss: [at.url] }), 'wrong_issuer'],
  ['no issuer', (at) => at.token({ iss: undefined }), 'wrong_issuer'],
  [
    'a token for another resource',
    (at) => at.token({ aud: 'https://other.example.com/mcp' }),
    'wrong_audience',
  ],
  ['a token for the origin', (at) => at.token({ aud: 'https://mcp.example.com' }), 'wrong_audience'],
  ['a token for a slash more', (at) => at.token({ aud: `${resource}/` }), 'wrong_audience'],
  ['a token for another case', (at) => at.token({ aud: 'https://MCP.example.com/mcp' }), 'wrong_audience'],
  ['a token for several others', (at) => at.token({ aud: ['a', 'b', `${resource}2`] }), 'wrong_audience'],
  ['a token for nobody', (at) => at.token({ aud: undefined }), 'wrong_audience'],
  ['an empty list of audiences', (at) => at.token({ aud: [] }), 'wrong_audience'],
  ['an audience that holds ours', (at) => at.token({ aud: `x ${resource} y` }), 'wrong_audience'],
  ['an ID token', (at) => at.token({ aud: 'a-client' }, { typ: 'JWT' }), 'wrong_token_type'],
  ['another typ', (at) => at.token({}, { typ: 'JWT' }), 'wrong_token_type'],
  ['no typ', (at) => at.token({}, { typ: undefined }), 'wrong_token_type'],
  ['an expired token', (at) => at.token({ exp: at.now() - 5 * minute }), 'token_expired'],
  ['an exp beyond the tolerance', (at) => at.token({ exp: at.now() - 32 }), 'token_expired'],
  ['no exp', (at) => at.token({ exp: undefined }), 'token_incomplete'],
  ['an exp that is a text', (at) => at.token({ exp: '9999999999' }), 'token_incomplete'],
  ['a token of tomorrow', (at) => at.token({ nbf: at.now() + 5 * minute }), 'token_not_yet_valid'],
  [
    'a token that was issued in the future',
    (at) => at.token({ iat: at.now() + 5 * minute }),
    'token_not_yet_valid',
  ],
  ['no subject', (at) => at.token({ sub: undefined }), 'token_incomplete'],
  ['an empty subject', (at) => at.token({ sub: '' }), 'token_incomplete'],
  ['a subject that is a number', (at) => at.token({ sub: 7 }), 'token_incomplete'],
  ['a very long subject', (at) => at.token({ sub: 'a'.repeat(2000) }), 'token_incomplete'],
  ['no client', (at) => at.token({ client_id: undefined }), 'token_incomplete'],
  ['a client that is an object', (at) => at.token({ client_id: {} }), 'token_incomplete'],
  ['a token that is bound to a key', (at) => at.token({ cnf: { jkt: 'x' } }), 'token_bound'],
]

let accepted = 0
test('no false token is accepted, and each is refused with a challenge and the reason for the log', async (t) => {
  const at = await issuer(t)
  at.keys.push(rsa.jwk)
  const { ask, lines } = await serving(t, at)
  const came: unknown[] = []
  for (const [name, make] of attacks) {
    const token = await make(at)
    const { status, code: given, challenge, body } = await ask(token)
    if (status !== 401) accepted += 1
    came.push([name, status, given])
    assert.match(
      String(challenge),
      /^Bearer error="invalid_token", error_description="[^"]+", resource_metadata="https:\/\/mcp\.example\.com\/\.well-known\/oauth-protected-resource\/mcp", scope="intercom:read intercom:write intercom:send"$/,
      name,
    )
    assert.ok(!JSON.stringify([body, challenge]).includes(token.slice(0, 30)), name)
  }
  assert.deepEqual(
    came,
    attacks.map(([name, , code]) => [name, 401, code]),
  )
  const good = await ask(await at.token())
  assert.equal(good.status, 200)
  assert.ok(!JSON.stringify(lines).includes('eyJ'), 'no token is in the log')
  assert.equal(at.asked['/keys'], 1, 'unknown keys are asked for again once in a while only')
  t.diagnostic(`${accepted} of ${attacks.length} false tokens accepted`)
})

test('a header that names where a key is leads nowhere', async (t) => {
  let visits = 0
  const trap = createServer((_, response) => {
    visits += 1
    response.end(JSON.stringify({ keys: [other.jwk] }))
  }).listen(0, '127.0.0.1')
  t.after(() => trap.close())
  await new Promise((resolve) => trap.once('listening', resolve))
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`
  const at = await issuer(t)
  const { ask } = await serving(t, at)
  for (const header of [{ jku: url }, { x5u: url }, { jku: url, kid: 'first' }, { jwk: other.jwk, jku: url }])
    assert.equal((await ask(await at.token({}, header, other))).status, 401)
  const { ask: asking } = await serving(t, at, { introspection })
  at.redirects.set('/introspect', url)
  assert.deepEqual(
    (await asking('opaque')).code,
    'sign_in_unavailable',
    'the secret of the server goes nowhere else',
  )
  at.redirects.set('/keys', url)
  await assert.rejects(serving(t, at), /keys answered 302/)
  assert.equal(visits, 0)
})

test('a token comes in one Authorization header, or not at all', async (t) => {
  const at = await issuer(t)
  const { url, send } = await serving(t, at)
  const token = await at.token()
  const none = await send({})
  assert.deepEqual([none.status, none.code], [401, 'missing_key'])
  assert.equal(
    none.challenge,
    'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="intercom:read intercom:write intercom:send"',
  )
  const twice = request('GET /work', [`Authorization: Bearer ${token}`, `Authorization: Bearer ${key}`])
  assert.equal((await exchange(url, twice)).status, 400)
  for (const path of [`/work?access_token=${token}`, `/work?a=b&access_token=${token}`])
    for (const headers of [{}, { Authorization: `Bearer ${token}` }] as Record<string, string>[])
      assert.deepEqual([(await send(headers, path)).status], [400])
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const inBody = await send(form, '/work', { method: 'POST', headers: form, body: `access_token=${token}` })
  assert.equal(inBody.status, 401)
  for (const header of [
    `Basic ${btoa(`:${token}`)}`,
    `DPoP ${token}`,
    `bearer: ${token}`,
    `Bearer ${token} x`,
    token,
  ])
    assert.deepEqual((await send({ Authorization: header })).code, 'missing_key', header.slice(0, 8))
  assert.equal((await send({ Authorization: `Bearer ${token}`, Host: 'evil.example' })).status, 200) // fetch sets Host itself
  const foreign = request('GET /work', [`Authorization: Bearer ${token}`, 'Host: evil.example'])
  assert.equal((await exchange(url, foreign)).status, 403)
  const huge = await exchange(
    url,
    request('GET /work', [`Authorization: Bearer ${token}${'A'.repeat(20_000)}`]),
  )
  assert.equal(huge.status, 431)
  assert.equal((await send({ Authorization: `Bearer ${key}` })).status, 200, 'keys go on working')
})

test('an opaque token counts only as the authorization server says, and only for this server', async (t) => {
  const at = await issuer(t)
  const { ask, send } = await serving(t, at, { introspection: { ...introspection, cache_seconds: 0 } })
  const claims = (own: object) => at.claims(own as Record<string, unknown>)
  const cases: [Record<string, unknown> | undefined, string][] = [
    [undefined, 'token_inactive'],
    [claims({ aud: 'https://other.example.com' }), 'wrong_audience'],
    [claims({ aud: undefined }), 'wrong_audience'],
    [claims({ aud: ['a', `${resource}2`] }), 'wrong_audience'],
    [claims({ aud: [] }), 'wrong_audience'],
    [claims({ aud: `${resource}2` }), 'wrong_audience'],
    [claims({ iss: 'https://evil.example' }), 'wrong_issuer'],
    [claims({ exp: at.now() - 1 }), 'token_expired'],
    [claims({ exp: 'never' }), 'malformed_token'],
    [claims({ nbf: at.now() + 60 }), 'token_not_yet_valid'],
    [claims({ sub: undefined }), 'token_incomplete'],
    [claims({ client_id: '' }), 'token_incomplete'],
    [claims({ token_type: 'DPoP' }), 'wrong_token_type'],
    [claims({ typ: 'Refresh' }), 'wrong_token_type'],
    [claims({ cnf: { 'x5t#S256': 'x' } }), 'token_bound'],
    [claims({ active: 'true' }), 'sign_in_unavailable'],
    [claims({ active: 1 }), 'sign_in_unavailable'],
  ]
  for (const [index, [known, code]] of cases.entries()) {
    const token = `opaque-${index}`
    if (known) at.known.set(token, known)
    assert.deepEqual([(await ask(token)).code], [code], code)
  }
  at.known.set('good', claims({ token_type: 'Bearer' }))
  assert.equal((await ask('good')).status, 200)
  at.known.delete('good')
  assert.equal((await ask('good')).code, 'token_inactive', 'revoked')
  assert.equal((await send({ Authorization: `Bearer ${key}` })).status, 200)
  assert.equal((await ask(operatorKey)).code, 'wrong_key')
  const shown = at.seen.map(({ token }) => token)
  assert.ok(
    !shown.includes(key) && !shown.includes(operatorKey),
    'keys are not shown to the authorization server',
  )
  t.diagnostic(`0 of ${cases.length + 1} opaque tokens accepted`)
})

test('with introspection of all tokens, one that was revoked ends at once, though its signature is good', async (t) => {
  const at = await issuer(t)
  const { ask } = await serving(t, at, {
    introspection: { ...introspection, tokens: 'all', cache_seconds: 0 },
  })
  const token = await at.token()
  at.known.set(token, at.claims())
  assert.equal((await ask(token)).status, 200)
  at.known.delete(token)
  assert.equal((await ask(token)).code, 'token_inactive')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedIntercom, scriptedToken } from '../../test/support/scripted-intercom.ts'
import { credentials } from './credentials.ts'
import { appOf, tokenOwner } from './token-owner.ts'

const accessToken = 'dG9rOnNlY3JldA=='

test('absent and empty base URLs mean the default host', () => {
  for (const baseUrl of [undefined, '', ' ']) {
    assert.equal(credentials({ accessToken, baseUrl }).origin, 'https://api.intercom.io')
  }
})

test('the regional hosts and loopback are taken as they are', () => {
  const taken = [
    'https://api.eu.intercom.io',
    'https://api.au.intercom.io/',
    'http://127.0.0.1:8080',
    'http://localhost:1',
    'http://[::1]:1',
  ]
  for (const baseUrl of taken) {
    assert.equal(credentials({ accessToken, baseUrl }).origin, baseUrl.replace(/\/$/, ''))
  }
})

const refused: [string, RegExp][] = [
  ['http://api.intercom.io', /unencrypted/],
  ['http://10.0.0.1', /unencrypted/],
  ['http://127.0.0.1.evil.example', /unencrypted/],
  ['http://localhost.evil.example', /unencrypted/],
  ['https://api.intercom.io.evil.example', /not one of Intercom's hosts/],
  ['https://api.intercom.io@evil.example', /more than scheme/],
  ['https://api.intercom.io:8443', /not one of Intercom's hosts/],
  ['https://api.intercom.io/v2', /not one of Intercom's hosts/],
  ['https://user:pass@api.intercom.io', /more than scheme/],
  ['https://api.intercom.io?x=1', /more than scheme/],
  ['ftp://api.intercom.io', /not an http\(s\) URL/],
  ['api.intercom.io', /not an http\(s\) URL/],
]

for (const [baseUrl, reason] of refused) {
  test(`${baseUrl} is refused`, () => {
    assert.throws(() => credentials({ accessToken, baseUrl }), { code: 'invalid_base_url', message: reason })
  })
}

test('a custom host needs permission and https; its path is kept', () => {
  const custom = credentials({
    accessToken,
    baseUrl: 'https://proxy.example/intercom/',
    allowCustomHost: true,
  })
  assert.deepEqual([custom.origin, custom.prefix], ['https://proxy.example', '/intercom'])
  assert.equal(credentials({ accessToken, baseUrl: 'http://127.0.0.1:1/a/b//' }).prefix, '/a/b')
  assert.throws(() => credentials({ accessToken, baseUrl: 'http://proxy.example', allowCustomHost: true }))
})

test('tokens with = + / and a line break at the end are fine; blank ones and odd characters are not', () => {
  assert.equal(credentials({ accessToken: 'a+b/c==\n' }).accessToken, 'a+b/c==')
  assert.throws(() => credentials({ accessToken: undefined }), { code: 'missing_token' })
  assert.throws(() => credentials({ accessToken: 'a b' }), { code: 'invalid_token' })
  assert.throws(() => credentials({ accessToken: 'ä' }), { code: 'invalid_token' })
})

const pasted: [token: string, said: RegExp][] = [
  [
    'Bearer dG9rOnNlY3JldA==',
    /begins with the name of an authentication scheme\. Give only what follows "Bearer"/,
  ],
  ['bearer  dG9rOnNlY3JldA==\n', /begins with the name of an authentication scheme/],
  ['Basic dG9rOnNlY3JldA==', /begins with the name of an authentication scheme/],
  ['Authorization: Bearer dG9rOnNlY3JldA==', /is a whole header/],
  ['authorization:Bearer dG9rOnNlY3JldA==', /is a whole header/],
  ['"dG9rOnNlY3JldA=="', /is in quotes\. Remove them/],
  ["'dG9rOnNlY3JldA==", /is in quotes/],
  ['“dG9rOnNlY3JldA==”', /is in quotes/],
  ['"Bearer dG9rOnNlY3JldA=="', /is in quotes/],
  ['`dG9rOnNlY3JldA==`', /is in quotes/],
  ['dG9rOnNl\nY3JldA==', /a blank or a line break\. Copy it again, as one line/],
  ['dG9rOnNl\r\nY3JldA==', /a blank or a line break/],
  ['dG9rOnNl Y3JldA==', /a blank or a line break/],
  ['dG9rOnNlY3JldA==\\n', /a blank or a line break/],
  ['dG9rOnNl\u00a0Y3JldA==', /a blank or a line break/],
  ['dG9rOnNl\u200bY3JldA==', /an invisible character/],
  ['dG9r••••••••', /is masked/],
  ['dG9r****', /is masked/],
  ['dG9r…', /is masked/],
  ['<your access token>', /^the access token is a placeholder/],
  ['\u0024{INTERCOM_ACCESS_TOKEN}', /is a placeholder/],
  ['$INTERCOM_ACCESS_TOKEN', /is a placeholder/],
  ['{{ token }}', /is a placeholder/],
  ['%INTERCOM_ACCESS_TOKEN%', /is a placeholder/],
  ['tökén', /characters that no token has\. Copy it again/],
]

test('what is pasted in place of a token is named, and no piece of it is shown', () => {
  for (const [token, said] of pasted) {
    assert.throws(
      () => credentials({ accessToken: token }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'invalid_token')
        assert.match(error.message, said, token)
        assert.doesNotMatch(error.message, /dG9r|Y3Jl|INTERCOM_ACCESS/)
        return true
      },
    )
  }
})

test('an answer that names no admin proves nothing, one without an app tells the admin', async () => {
  const answers: [unknown, string | null, boolean][] = [
    [{ id: '9', app: { id_code: 'abc' } }, 'abc', true],
    [{ id: '9', app: { id_code: '' } }, null, true],
    [{ id: '9', app: { id_code: 7 } }, null, true],
    [{ id: '9', app: null }, null, true],
    [{ id: '9' }, null, true],
    [{ id: 9, app: { id_code: 'abc' } }, 'abc', false],
    [{}, null, false],
  ]
  let json: unknown
  const server = await scriptedIntercom(() => ({ json }))
  const credential = credentials({ accessToken: scriptedToken, baseUrl: server.url })
  for (const [answer, app, named] of answers) {
    json = answer
    const unreadable = { code: 'unreadable_answer', outcome: 'rejected' }
    if (named) assert.equal((await tokenOwner(credential).ask()).app, app)
    else await assert.rejects(tokenOwner(credential).ask(), unreadable)
    if (named && app !== null) assert.equal(await appOf(credential), app)
    else await assert.rejects(appOf(credential), unreadable)
  }
  assert.ok(server.received.every(({ method, path }) => `${method} ${path}` === 'GET /me'))
  await server.close()
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildRouter } from '../http/router.ts'
import { newToken } from '../ids.ts'
import { createWorkspace } from '../index.ts'
import { masker } from './mask.ts'
import { RequestLog } from './request-log.ts'

test('a token in a query or a body is masked in the log', async (t) => {
  const workspace = await createWorkspace()
  t.after(() => workspace.close())
  const { control, accessToken } = workspace
  const other = control.createToken().access_token
  for (const token of [accessToken, other, encodeURIComponent(other)]) {
    const headers = { authorization: `Bearer ${accessToken}` }
    const init = { method: 'POST', headers, body: JSON.stringify({ role: 'lead', name: token }) }
    await workspace.fetch(new Request(`http://local/contacts?access_token=${token}`, init))
    const [said] = control.requests()
    assert.equal(said?.path, '/contacts?access_token=[token]')
    assert.equal(said?.body, '{"role":"lead","name":"[token]"}')
  }
})

test('tokens of every form are masked: in other encodings, as bearers, and the known ones whatever they look like', () => {
  const token = newToken()
  const known = 'an/unusual token+1'
  const masked = masker([known])
  const clear = Buffer.from(token, 'base64').toString()
  const hidden = (text: string) => assert.equal(masked(`say ${text}, please`), 'say [token], please', text)
  for (const form of [token, encodeURIComponent(token), btoa(token), btoa(token).replace(/=+$/, '')])
    hidden(form)
  for (const form of [clear, encodeURIComponent(clear), known, encodeURIComponent(known)]) hidden(form)
  const texts = [
    ['?auth=Bearer%20abcdefghijklmnopqrst&x=1', '?auth=Bearer%20[token]&x=1'],
    ['{"h":"bearer abcdefghijklmnopqrst"}', '{"h":"bearer [token]"}'],
    ['?access_token=somethingelse&x=1', '?access_token=[token]&x=1'],
    ['{"client_secret": "something","x":1}', '{"client_secret": "[token]","x":1}'],
    [
      String.raw`{"body":"{\"access_token\":\"something\"}"}`,
      String.raw`{"body":"{\"access_token\":\"[token]\"}"}`,
    ],
    ['the bearer of good news', 'the bearer of good news'],
  ]
  for (const [text = '', shown] of texts) assert.equal(masked(text), shown)
})

test('tokens are asked for once, and again when they changed; what was masked stays so', () => {
  const tokens = ['an unusual token']
  let asked = 0
  const log = new RequestLog(buildRouter([]), () => {
    asked += 1
    return new Map(tokens.map((token) => [token, 'local:1']))
  })
  const shown = (body: string) => {
    log.add({ method: 'POST', target: '/tags', header: () => undefined, body }, undefined, 0, undefined)
    return log.latest(1)[0]?.body
  }
  assert.equal(shown('an unusual token, another token'), '[token], another token')
  tokens.push('another token')
  assert.equal(shown('another token'), 'another token')
  log.tokensChanged()
  assert.equal(shown('another token'), '[token]')
  assert.equal(asked, 2)
})

test('a token that was just made or revoked is masked where others name it', async (t) => {
  const workspace = await createWorkspace()
  t.after(() => workspace.close())
  const { control, accessToken } = workspace
  let changes = 0
  t.mock.method(RequestLog.prototype, 'tokensChanged', () => {
    changes += 1
  })
  const { access_token } = control.createToken()
  control.snapshot('one')
  control.restore('one')
  control.reset()
  assert.equal(changes, 3, 'the log is told of new tokens, of restored ones and of those of a reset')
  control.revokeToken(access_token)
  const headers = { authorization: `Bearer ${accessToken}` }
  await workspace.fetch(new Request(`http://local/me?who=${access_token}`, { headers }))
  assert.equal(control.requests(1)[0]?.path, '/me?who=[token]')
})

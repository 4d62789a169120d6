import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newToken } from '../ids.ts'
import { createWorkspace } from '../index.ts'
import { masker } from './mask.ts'

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

test('a token that was made, restored or revoked meanwhile is masked where others name it', async (t) => {
  const workspace = await createWorkspace()
  t.after(() => workspace.close())
  const { control, accessToken } = workspace
  const named = async (token: string) => {
    const headers = { authorization: `Bearer ${accessToken}` }
    await workspace.fetch(new Request(`http://local/me?who=${token}`, { headers }))
    return control.requests(1)[0]?.path
  }
  await named('nobody')
  const { access_token } = control.createToken()
  assert.equal(await named(access_token), '/me?who=[token]')
  control.revokeToken(access_token)
  assert.equal(await named(access_token), '/me?who=[token]')
})

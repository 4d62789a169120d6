import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorkspace } from '../index.ts'

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

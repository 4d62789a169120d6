import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentUrl, exchangeCode } from '../../src/connect/index.ts'
import { restMounts } from '../../src/server/mounts.ts'
import { authSchema } from '../../src/server/sign-in/config.ts'
import { signInOf } from '../../src/server/sign-in/sign-in.ts'
import { developerHub } from '../support/connecting.ts'
import { issuer } from '../support/issuer.ts'
import { served } from '../support/served.ts'

test('who signs in calls the workspace of their subject, and nobody else calls any', async (t) => {
  const [hub, at] = [await developerHub(t), await issuer(t)]
  for (const id of ['eu00001', 'au00001']) {
    const back = new URL(await hub.hub.agree(consentUrl(hub.connecting, 's'), id))
    const { workspace, accessToken } = await exchangeCode(hub.connecting, back.searchParams.get('code') ?? '')
    await hub.store.save(workspace, accessToken)
  }
  const config = authSchema.parse({
    issuer: at.url,
    allow: [{ workspace_of_subject: { ada: 'eu00001', bob: 'au00001', zoe: 'gone0001' } }],
  })
  const sources = { env: {}, folder: '.', workspaces: hub.store }
  const signIn = await signInOf(config, { publicUrl: 'https://mcp.example.com', sources })
  assert.deepEqual(
    signIn.shared.map(({ name }) => name),
    ['auth.allow[0]:eu00001', 'auth.allow[0]:au00001', 'auth.allow[0]:gone0001'],
  )
  const { url } = await served(t, () => new Response(), { signIn, callers: [], mounts: restMounts() })
  async function tagsOf(sub: string, more: Record<string, string> = {}) {
    const headers = {
      authorization: `Bearer ${await at.token({ sub })}`,
      'content-type': 'application/json',
      ...more,
    }
    const answer = await fetch(`${url}/actions/list_tags`, { method: 'POST', headers, body: '{}' })
    const json = (await answer.json()) as {
      code?: string
      error: string
      result?: { data: { name: string }[] }
    }
    return [answer.status, json.result?.data.map(({ name }) => name) ?? json.code ?? json.error]
  }
  assert.deepEqual(await tagsOf('ada'), [200, ['of-eu']])
  assert.deepEqual(await tagsOf('bob'), [200, ['of-au']])
  for (const nobody of ['mallory', 'Ada', '__proto__', 'constructor'])
    assert.deepEqual(await tagsOf(nobody), [403, 'not_allowed'])
  const [status, said] = await tagsOf('zoe')
  assert.equal(status, 404)
  assert.match(String(said), /gone0001 is not connected/)
  assert.deepEqual(await tagsOf('ada', { 'intercom-workspace': 'au00001' }), [403, 'workspace_not_chosen'])
})

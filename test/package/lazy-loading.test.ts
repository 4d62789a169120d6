import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { toolsetCases, worldOf } from '../support/toolset-cases.ts'

let unloadable = ''
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === unloadable) throw new Error(`${specifier} cannot be loaded`)
    return next(specifier, context)
  },
})

test('what is loaded on first use is loaded before a write is sent: when that fails, nothing is', async (t) => {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  t.after(() => workspace.close())
  const { url: baseUrl, accessToken } = await workspace.listen()
  const intercom = createIntercom({ baseUrl, accessToken })
  const { contacts } = await intercom.searchContacts({
    query_field: 'role',
    query_value: 'user',
    per_page: 1,
  })
  const note = { contact_id: String(contacts[0]?.id), body: 'Hello' }
  const { call } = intercomTools(intercom)
  const writes = () => workspace.control.requests().filter(({ path }) => path.endsWith('/notes')).length

  unloadable = './html.ts'
  const { failure } = await intercom.call('create_note', note)
  assert.deepEqual([failure?.outcome, writes()], ['not_sent', 0])
  const world = await worldOf(workspace)
  const all = createIntercom({ baseUrl, accessToken, toolsets: ['all'] })
  for (const one of toolsetCases) {
    const input = await one.input(world)
    const unsent = await all.call(one.action, input)
    assert.equal(unsent.failure?.code, 'internal', one.action)
    assert.notEqual(unsent.failure?.outcome, 'unknown', one.action)
    assert.equal(await one.count(world, input), 0, one.action)
  }

  unloadable = './compact/format.ts'
  await assert.rejects(call('create_note', note), /cannot be loaded/)
  assert.equal(writes(), 0)

  unloadable = ''
  assert.equal((await call('create_note', note)).isError, false)
  assert.equal(writes(), 1)
})

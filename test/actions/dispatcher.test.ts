import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, MockAgent } from 'undici'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'

const accessToken = 'dG9rOnRlc3Q='
const origin = 'https://api.intercom.io'

test('a workspace in memory answers every effect without a port, and breaks as on one', async () => {
  const workspace = await createWorkspace({ seed: 4 })
  const { accessToken, dispatcher, control } = workspace
  const intercom = createIntercom({ accessToken, dispatcher, onUnknown: 'report' })
  const { contacts } = await intercom.searchContacts({ query_field: 'role', query_value: 'user' })
  const contact_id = contacts[0]?.id ?? ''
  const note = await intercom.call('create_note', { contact_id, body: 'From memory' })
  assert.deepEqual([note.output.error, note.trace.attempts], [null, 1])

  control.addFault({ kind: 'reset', route: 'POST /contacts/{id}/notes' })
  const lost = await intercom.call('create_note', { contact_id, body: 'Lost' })
  assert.deepEqual([lost.failure?.code, lost.failure?.outcome], ['connection_lost', 'unknown'])
  control.clearFaults()

  await workspace.close()
  const refused = await intercom.call('create_note', { contact_id, body: 'Too late' })
  assert.deepEqual([refused.failure?.code, refused.failure?.outcome], ['connection_refused', 'not_sent'])
})

test('a call that is aborted, or too slow, ends a request in memory', async () => {
  const workspace = await createWorkspace()
  const { accessToken, dispatcher, control } = workspace
  control.addFault({ kind: 'hang', route: 'GET /tags' })
  const controller = new AbortController()
  const onRequest = () => void setImmediate(() => controller.abort())
  const aborting = createIntercom({ accessToken, dispatcher, onRequest })
  const aborted = await aborting.call('list_tags', {}, { signal: controller.signal })
  assert.deepEqual([aborted.failure?.code, aborted.failure?.outcome], ['aborted', 'rejected'])
  const slow = await createIntercom({ accessToken, dispatcher, deadlineMs: 1000 }).call('list_tags')
  assert.equal(slow.failure?.code, 'timeout')
  await workspace.close()
})

test('an agent of undici takes the place of the pool', async () => {
  const workspace = await createWorkspace()
  const { url, accessToken } = await workspace.listen()
  const agent = new Agent()
  const intercom = createIntercom({ accessToken, baseUrl: url, dispatcher: agent })
  assert.equal((await intercom.listTags()).error, null)
  assert.equal(Object.keys(agent.stats).length, 1, 'the connection is its own')
  await agent.close()
  await workspace.close()
})

test('a mock agent answers, and is asked for the default host', async () => {
  const mock = new MockAgent()
  mock.disableNetConnect()
  mock.get(origin).intercept({ path: '/tags' }).reply(200, { type: 'list', data: [] })
  const { success } = await createIntercom({ accessToken, dispatcher: mock }).listTags()
  assert.equal(success, true)
  await mock.close()
})

test('what a dispatcher fails before it starts a request was never transmitted', async () => {
  const broken = Object.assign(new Error('no way'), { code: 'EHOSTUNREACH' })
  const note = { contact_id: '6762f0dd1bb69f9f2193bb83', body: 'x' }
  for (const [starts, code, outcome] of [
    [false, 'host_unreachable', 'not_sent'],
    [true, 'host_unreachable', 'unknown'],
  ] as const) {
    let asked = 0
    const intercom = createIntercom({
      accessToken,
      onUnknown: 'report',
      deadlineMs: 1000,
      dispatcher: {
        dispatch(_, handler) {
          if (asked++ > 0) return false // hangs, so that the deadline ends the call
          if (starts) handler.onRequestStart?.({} as never, null)
          handler.onResponseError?.({} as never, broken)
          return true
        },
      },
    })
    const { failure } = await intercom.call('create_note', note)
    if (starts) assert.deepEqual([failure?.code, failure?.outcome], [code, outcome])
    else assert.equal(failure?.outcome, outcome)
  }
})

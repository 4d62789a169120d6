import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedIntercom, scriptedToken } from '../../test/support/scripted-intercom.ts'
import { intercomServices, register } from './worker.ts'

test('an address with a user or a password is refused, before anybody is asked, and never quoted', async (t) => {
  const { url, received, close } = await scriptedIntercom([{ json: {} }])
  t.after(close)
  for (const user of ['ada:canary', 'canary', ':canary']) {
    const address = url.replace('//', `//${user}@`)
    const services = { accessToken: scriptedToken, baseUrl: url, ingress: address }
    for (const [what, refused] of [
      ['ingress', () => intercomServices(services)],
      ['register', () => register(address, 'http://127.0.0.1:1')],
    ] as const) {
      await assert.rejects(refused, ({ code, message }) => {
        assert.deepEqual([code, message], ['invalid_input', `${what} must not contain a user or password`])
        return true
      })
    }
  }
  assert.deepEqual(received, [])
})

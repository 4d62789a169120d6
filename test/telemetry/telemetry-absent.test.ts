import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { scriptedIntercom } from '../support/scripted-intercom.ts'

let asked = 0
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== '@opentelemetry/api') return next(specifier, context)
    asked++
    throw new Error('Cannot find package')
  },
})

test('without OpenTelemetry calls work, and it is looked for once', async () => {
  const { intercom, close } = await scriptedIntercom([{ json: { type: 'contact', id: '1' } }])
  assert.equal(asked, 0)
  for (const contact_id of ['1', '2']) {
    const { success } = await intercom.run('get_contact', { contact_id })
    assert.equal(success, true)
  }
  await close()
  assert.equal(asked, 1)
})

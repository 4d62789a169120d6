import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean } from './nearest.ts'

test('a name is suggested only when it is close', () => {
  const names = ['contact_id', 'email', 'custom_attributes.<name>']
  assert.equal(didYouMean('contactId', names), 'Did you mean "contact_id"?')
  assert.equal(didYouMean('emial', names), 'Did you mean "email"?')
  assert.equal(didYouMean('subscription', names), null)
  assert.equal(didYouMean('x', names), null)
  for (const far of ['content', 'message', 'country'])
    assert.equal(didYouMean(far, [...names, 'per_page']), null, far)
})

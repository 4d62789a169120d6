import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'

const optionsOf = ({ accessToken, dispatcher }: Workspace) => ({ accessToken, dispatcher })
const nobody = { contact_id: '6762f0dd1bb69f9f2193bb83' }

test('every result has its failure and its trace, and its JSON is the contract’s alone', async () => {
  const workspace = await createWorkspace({ seed: 2 })
  const intercom = createIntercom(optionsOf(workspace))
  const tags = await intercom.listTags()
  const lost = await intercom.getContact(nobody)
  const same = await intercom.run('get_contact', nobody)
  const unknown = await intercom.run('no_such' as string)
  const called = await intercom.call('get_contact', nobody)

  assert.deepEqual([tags.failure, tags.trace.attempts], [null, 1])
  for (const result of [lost, same, called.output]) {
    assert.deepEqual([result.failure?.code, result.failure?.outcome], ['not_found', 'rejected'])
    assert.equal(result.failure?.request_id, result.trace.request_id)
  }
  assert.deepEqual([called.failure, called.trace], [called.output.failure, called.output.trace])
  assert.deepEqual([unknown.failure?.code, unknown.trace.attempts], ['unknown_action', 0])

  assert.deepEqual(Object.keys(lost), ['success', 'error', 'result'])
  assert.deepEqual(JSON.parse(JSON.stringify(lost)), { success: false, error: lost.error, result: null })
  assert.deepEqual({ ...lost }, { success: false, error: lost.error, result: null })
  assert.throws(() => Object.assign(lost, { failure: null }), TypeError)
  await workspace.close()
})

test('success narrows a result, its error and its lists', async () => {
  const workspace = await createWorkspace({ seed: 2 })
  const intercom = createIntercom(optionsOf(workspace))
  const found = await intercom.searchContacts({ query_field: 'role', query_value: 'user' })
  const email = `${found.contacts[0]?.id}@example.com`
  const made = await intercom.upsertContact({ email })
  if (!made.success) assert.fail(made.error)
  const type: 'created' | 'updated' = made.action_type
  assert.equal(type, 'created')
  assert.equal(made.contact.email, email)
  const missing = await intercom.getContact(nobody)
  if (missing.success) assert.fail(missing.result.id)
  const { error, result, failure }: { error: string; result: null; failure: { code: string } } = missing
  assert.deepEqual([error.length > 0, result, failure.code], [true, null, 'not_found'])
  await workspace.close()
})

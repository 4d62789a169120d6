import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorList, scriptedIntercom } from '../../test/support/scripted-intercom.ts'

const input = { contact_id: 'abc', body: 'Hello' }

test('the role is read first and stated in the message', async () => {
  const sent = { type: 'user_message', id: '403', conversation_id: '12' }
  for (const role of ['user', 'lead']) {
    const server = await scriptedIntercom([{ json: { type: 'contact', id: 'abc', role } }, { json: sent }])
    const { result } = await server.intercom.sendIncomingMessage(input)
    assert.deepEqual([result?.id, result?.conversation_id], ['403', '12'])
    assert.deepEqual(
      server.received.map(({ method, path, body }) => [method, path, body]),
      [
        ['GET', '/contacts/abc', undefined],
        ['POST', '/conversations', { from: { type: role, id: 'abc' }, body: 'Hello' }],
      ],
    )
    await server.close()
  }
})

test('when the contact cannot be read nothing is sent', async () => {
  const server = await scriptedIntercom([{ status: 404, json: errorList('not_found', 'User Not Found') }])
  const { output, failure } = await server.intercom.call('send_incoming_message', input)
  assert.match(String(output.error), /search_contacts/)
  assert.deepEqual([failure?.outcome, server.received.length], ['rejected', 1])
  await server.close()
})

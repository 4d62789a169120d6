import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedIntercom } from '../../test/support/scripted-intercom.ts'

const admin = { conversation_id: '12', reply_type: 'admin', body: 'Hi', admin_id: '9' } as const
const user = { conversation_id: '12', reply_type: 'user', body: 'Hi', intercom_user_id: 'abc' } as const
const url = 'https://example.com/a.png'

test('a reply goes to /reply, and says who speaks', async () => {
  const server = await scriptedIntercom([{ json: { type: 'conversation' } }])
  await server.intercom.replyToConversation({ ...admin, message_type: 'note' })
  await server.intercom.replyToConversation({ ...user, attachment_urls: [url] })
  assert.deepEqual(
    server.received.map(({ method, path, body }) => [method, path, body]),
    [
      ['POST', '/conversations/12/reply', { message_type: 'note', type: 'admin', admin_id: '9', body: 'Hi' }],
      [
        'POST',
        '/conversations/12/reply',
        {
          message_type: 'comment',
          type: 'user',
          intercom_user_id: 'abc',
          body: 'Hi',
          attachment_urls: [url],
        },
      ],
    ],
  )
  await server.close()
})

const refused: [string, Record<string, unknown>, string][] = [
  ['an admin reply without admin_id', { ...admin, admin_id: undefined }, 'admin_id'],
  ['a user reply without intercom_user_id', { ...user, intercom_user_id: undefined }, 'intercom_user_id'],
  ['a user reply with an admin_id', { ...user, admin_id: '9' }, 'admin_id'],
  ['an admin reply with an intercom_user_id', { ...admin, intercom_user_id: 'abc' }, 'intercom_user_id'],
  ['a note by a user', { ...user, message_type: 'note' }, 'message_type'],
  ['the conversation "last"', { ...admin, conversation_id: 'last' }, 'conversation_id'],
  ['eleven attachments', { ...admin, attachment_urls: Array(11).fill(url) }, 'attachment_urls'],
  [
    'an attachment that is no http(s) URL',
    { ...admin, attachment_urls: [url, 'file:///etc/passwd'] },
    'attachment_urls',
  ],
  ['an attachment without a host', { ...admin, attachment_urls: ['https://'] }, 'attachment_urls'],
  ['a blank body', { ...admin, body: ' \n' }, 'body'],
  ['a reply by nobody', { ...admin, reply_type: 'bot' }, 'reply_type'],
]

for (const [what, input, field] of refused) {
  test(`${what} is refused, and nothing is sent`, async () => {
    const server = await scriptedIntercom([{ json: {} }])
    const { output, failure } = await server.intercom.call('reply_to_conversation', input as never)
    assert.deepEqual([output.success, failure?.code, failure?.field], [false, 'invalid_input', field])
    assert.equal(server.received.length, 0)
    await server.close()
  })
}

test('ten attachments are all sent', async () => {
  const expected = { message_type: 'comment', type: 'admin', admin_id: '9', body: 'Hi' }
  const server = await scriptedIntercom([{ json: { type: 'conversation' } }])
  const attachment_urls = Array.from({ length: 10 }, (_, index) => `https://example.com/${index}.png`)
  await server.intercom.replyToConversation({ ...admin, attachment_urls })
  assert.deepEqual({ ...(server.received[0]?.body as object) }, { ...expected, attachment_urls })
  await server.close()
})

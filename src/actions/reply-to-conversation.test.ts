import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { portTo } from '../core/port.ts'
import { replyToConversation } from './reply-to-conversation.ts'

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

type Reply = z.output<typeof replyToConversation.input>
type Part = {
  part_type?: string
  created_at?: number
  body?: string | null
  author?: [type: string, id: string]
}

/** What reading back makes of parts, and which of them an answer that shows them has made. */
async function readBack(input: Reply, parts: Part[]) {
  const shown = parts.map(({ author: [type, id] = ['admin', '9'], ...part }, index) => {
    const rest = { part_type: 'comment', created_at: 100, body: '<p>Hi</p>', ...part }
    return { ...rest, id: String(index), author: { type, id } }
  })
  const conversation = { conversation_parts: { conversation_parts: shown } }
  const { verify } = replyToConversation
  assert.ok(verify)
  const { items } = await verify.look(
    portTo(async () => structuredClone(conversation)),
    input,
    0,
  )
  const same = items.map((item) => `${item.id}${item.same ? '' : ' other'}`)
  return { same, made: verify.made(structuredClone(conversation), input) }
}

const asAdmin: Reply = { ...admin, message_type: 'comment' }
const asUser: Reply = { ...user, message_type: 'comment' }

test('a comment is read back as each type of part that Intercom makes of one, a note as those of a note', async () => {
  const types = ['comment', 'open', 'assign_and_reopen', 'note', 'note_and_reopen', 'assignment', 'close']
  const parts = types.map((part_type) => ({ part_type }))
  assert.deepEqual(await readBack(asAdmin, parts), {
    same: ['0', '1', '2', '3 other', '4 other', '5 other', '6 other'],
    made: ['0', '1', '2'],
  })
  assert.deepEqual(await readBack({ ...asAdmin, message_type: 'note' }, parts), {
    same: ['0 other', '1 other', '2 other', '3', '4', '5 other', '6 other'],
    made: ['3', '4'],
  })
})

test('only parts by the one who replied count, and only those with words', async () => {
  const parts: Part[] = [
    { author: ['admin', '9'] },
    { author: ['admin', '8'] },
    { author: ['bot', '9'] },
    { author: ['user', '9'] },
    { author: ['user', 'abc'] },
    { author: ['lead', 'abc'] },
    { author: ['contact', 'abc'] },
    { author: ['user', 'xyz'] },
    { author: ['admin', 'abc'] },
    { author: ['admin', '9'], body: null },
    { author: ['admin', '9'], body: '<p>Ho</p>' },
  ]
  assert.deepEqual((await readBack(asAdmin, parts)).same, ['0', '10 other'])
  assert.deepEqual((await readBack(asUser, parts)).same, ['4', '5', '6'])
})

test('parts that are odd do not hide the reply; one by nobody who is named may be it, unless it is older', async () => {
  const { verify } = replyToConversation
  assert.ok(verify)
  const own = {
    id: '1',
    part_type: 'comment',
    created_at: 100,
    body: '<p>Hi</p>',
    author: { type: 'admin', id: 9 },
  }
  const odd = [
    null,
    'part',
    { ...own, id: '2', author: null },
    { ...own, id: '3', author: {} },
    { id: '4' },
    { ...own, id: '5', author: null, body: null },
    { ...own, id: '6', part_type: undefined },
    { ...own, id: '7', part_type: 'never_heard_of' },
    { ...own, id: '8', body: '<p><i>This message was deleted</i></p>', redacted: true },
    { ...own, id: '9', body: 7 },
  ]
  const conversation = { conversation_parts: { conversation_parts: [...odd, own] } }
  const { items } = await verify.look(
    portTo(async () => conversation),
    asAdmin,
    0,
  )
  assert.deepEqual(
    items.filter(({ same }) => same).map(({ id }) => id),
    ['1'],
  )
  assert.deepEqual(
    items.filter(({ same }) => !same).map(({ id }) => id),
    ['2', '3', '4', '6', '7', '8', '9', '', ''], // the last two show nothing that names them
  )
  assert.deepEqual(verify.made(conversation, asAdmin), ['8', '9', '1'])
})

test('parts are read back in the order of their times, and those of one second in the order shown', async () => {
  const parts = [102, 101, 103, 101].map((created_at) => ({ created_at }))
  const { same, made } = await readBack(asAdmin, parts)
  assert.deepEqual(
    [same, made],
    [
      ['1', '3', '0', '2'],
      ['1', '3', '0', '2'],
    ],
  )
})

test('"last" names no one conversation, however it is written', async () => {
  const server = await scriptedIntercom([{ json: {} }])
  for (const conversation_id of ['last', 'LAST', 'Last']) {
    const { failure } = await server.intercom.call('reply_to_conversation', { ...admin, conversation_id })
    assert.equal(failure?.field, 'conversation_id', conversation_id)
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

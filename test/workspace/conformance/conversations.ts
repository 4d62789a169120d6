import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface Conversation {
  readonly id: string
  readonly state: string
  readonly open: boolean
  readonly admin_assignee_id: number | null
  readonly source: { readonly id: string; readonly body: string }
  readonly conversation_parts: {
    readonly conversation_parts: readonly { readonly part_type: string; readonly body: string | null }[]
  }
}
interface ConversationList {
  readonly conversations: readonly Conversation[]
  readonly total_count: number
  readonly pages: { readonly next?: { readonly starting_after: string } }
}

/** Conversations, replies, changes of state, and messages. */
export function driveConversations(world: World): void {
  const { ask, user, lead, me } = world

  async function started(type: string, id: string): Promise<string> {
    const body = { from: { type, id }, body: 'I <b>need</b> help', created_at: 1_734_537_454 }
    return (await ask<{ conversation_id: string }>('POST', '/conversations', { body })).conversation_id
  }
  const reply = (id: string, body: object) =>
    ask<Conversation>('POST', `/conversations/${id}/reply`, { body })

  test('users and leads start conversations, and contacts of either kind', async () => {
    for (const [type, { id }] of [
      ['user', user],
      ['lead', lead],
      ['contact', lead],
    ] as const) {
      const conversation = await ask<Conversation>('GET', `/conversations/${await started(type, id)}`)
      assert.equal(conversation.state, 'open')
    }
    const body = {
      from: { type: 'user', id: user.id },
      body: 'With a picture',
      attachment_urls: ['https://example.com/picture.png'],
    }
    const message = await ask<{ conversation_id: string }>('POST', '/conversations', { body })
    await ask('GET', `/conversations/${message.conversation_id}`)
  })

  test('GET /conversations/{id} gives HTML, or text when it is asked for', async () => {
    const id = await started('user', user.id)
    await reply(id, {
      message_type: 'comment',
      type: 'admin',
      admin_id: me.id,
      body: '<p>One <b>two</b></p>',
    })
    const html = await ask<Conversation>('GET', `/conversations/${id}`)
    assert.match(html.source.body, /^<p>/)
    const plain = await ask<Conversation>('GET', `/conversations/${id}?display_as=plaintext`)
    assert.doesNotMatch(plain.source.body, /<p>/)
  })

  test('admins, notes and contacts reply, each contact by any of its names', async () => {
    const id = await started('user', user.id)
    await reply(id, { message_type: 'comment', type: 'admin', admin_id: me.id, body: 'A comment' })
    await reply(id, { message_type: 'note', type: 'admin', admin_id: me.id, body: '<h2>A</h2> <p>note</p>' })
    for (const who of [{ intercom_user_id: user.id }, { user_id: user.external_id }, { email: user.email }]) {
      await reply(id, { message_type: 'comment', type: 'user', body: 'Me again', ...who })
    }
    const attachment_urls = ['https://example.com/a.png', 'https://example.com/b.png']
    const body = {
      message_type: 'comment',
      type: 'admin',
      admin_id: me.id,
      body: 'Two pictures',
      attachment_urls,
    }
    const parts = (await reply(id, body)).conversation_parts.conversation_parts
    const types = parts
      .map(({ part_type }) => part_type)
      .filter((type) => type === 'comment' || type === 'note')
    assert.deepEqual(types, ['comment', 'note', 'comment', 'comment', 'comment', 'comment'])
    const leads = await started('lead', lead.id)
    await reply(leads, { message_type: 'comment', type: 'user', body: 'Me too', intercom_user_id: lead.id })
    await reply('last', {
      message_type: 'comment',
      type: 'admin',
      admin_id: me.id,
      body: 'To the last one',
      intercom_user_id: lead.id,
    })
  })

  test('a conversation is assigned, snoozed, opened and closed, as often as one likes', async () => {
    const id = await started('user', user.id)
    const manage = (body: object) => ask<Conversation>('POST', `/conversations/${id}/parts`, { body })
    const admin = { type: 'admin', admin_id: me.id }
    const { teams } = await ask<{ teams: { id: string }[] }>('GET', '/teams')
    const assign = { ...admin, message_type: 'assignment' }
    assert.equal((await manage({ ...assign, assignee_id: me.id })).admin_assignee_id, Number(me.id))
    await manage({ ...assign, type: 'team', assignee_id: teams[0]?.id, body: 'For you' })
    assert.equal((await manage({ ...assign, assignee_id: '0' })).admin_assignee_id, null)
    const snooze = { message_type: 'snoozed', admin_id: me.id, snoozed_until: 4_000_000_000 }
    const snoozed = await manage(snooze)
    assert.deepEqual([snoozed.state, snoozed.open], ['snoozed', true])
    await manage({ ...snooze, type: 'admin' })
    assert.equal((await manage({ message_type: 'open', admin_id: me.id })).state, 'open')
    const closed = await manage({ ...admin, message_type: 'close', body: 'Done' })
    assert.deepEqual([closed.state, closed.open], ['closed', false])
    const again = await manage({ ...admin, message_type: 'close' })
    const parts = again.conversation_parts.conversation_parts
    assert.deepEqual(
      parts.slice(-2).map(({ part_type, body }) => [part_type, body]),
      [
        ['close', '<p>Done</p>'],
        ['close', null],
      ],
    )
    assert.equal((await manage({ ...assign, assignee_id: me.id })).state, 'open')
  })

  test('PUT /conversations/{id} sets read without a trace, and attributes with a part each', async () => {
    const id = await started('user', user.id)
    const put = (body: object) => ask<Conversation>('PUT', `/conversations/${id}`, { body })
    const before = (await put({ read: false })).conversation_parts.conversation_parts
    assert.deepEqual((await put({ read: true })).conversation_parts.conversation_parts, before)
    const after = (await put({ custom_attributes: { plan: 'gold' } })).conversation_parts.conversation_parts
    assert.equal(after.length, before.length + 1)
    assert.equal(after.at(-1)?.part_type, 'conversation_attribute_updated_by_admin')
  })

  test('GET /conversations and its search come in pages, newest change first', async () => {
    const first = await ask<ConversationList>('GET', '/conversations?per_page=7')
    assert.equal(first.conversations.length, 7)
    const cursor = encodeURIComponent(first.pages.next?.starting_after ?? '')
    const second = await ask<ConversationList>('GET', `/conversations?per_page=7&starting_after=${cursor}`)
    assert.ok(!second.conversations.some(({ id }) => first.conversations.some((other) => other.id === id)))
    await ask('GET', '/conversations')

    const query = { field: 'state', operator: '=', value: 'open' }
    const body = { query, pagination: { per_page: 3 } }
    const found = await ask<ConversationList>('POST', '/conversations/search', { body })
    const pagination = { per_page: 3, starting_after: found.pages.next?.starting_after }
    await ask('POST', '/conversations/search', { body: { query, pagination } })
  })

  test('POST /conversations/search takes filters of every type and groups of groups', async () => {
    const seeded = { field: 'created_at', operator: '>', value: 1_600_000_000 }
    const filters = [
      { field: 'open', operator: '=', value: true },
      { field: 'contact_ids', operator: '=', value: user.id },
      { field: 'source.body', operator: '=', value: 'help' },
      { field: 'source.author.email', operator: '~', value: 'example' },
      { field: 'admin_assignee_id', operator: '=', value: Number(me.id) },
      { field: 'statistics.count_conversation_parts', operator: '>', value: 2 },
      { field: 'snoozed_until', operator: '!=', value: null },
      { field: 'state', operator: 'NIN', value: ['closed', 'snoozed'] },
      { operator: 'AND', value: [seeded, { operator: 'OR', value: [seeded, seeded] }] },
    ]
    for (const query of filters) await ask('POST', '/conversations/search', { body: { query } })
  })

  test('nothing found is an empty list of no pages', async () => {
    for (const resource of ['contacts', 'conversations']) {
      const body = { query: { field: 'id', operator: '=', value: 'nobody' } }
      const list = await ask<{ total_count: number; pages: { total_pages: number } }>(
        'POST',
        `/${resource}/search`,
        { body },
      )
      assert.deepEqual([list.total_count, list.pages.total_pages], [0, 0])
    }
  })

  test('admins send in-app messages and e-mails to users and leads', async () => {
    const from = { type: 'admin', id: Number(me.id) }
    const messages = [
      { message_type: 'inapp', body: 'Hello', from, to: { type: 'user', id: user.id } },
      { message_type: 'in_app', body: 'Hello', from, to: { type: 'lead', id: lead.id } },
      {
        message_type: 'inapp',
        body: 'Hello',
        from: { ...from, id: me.id },
        to: { type: 'contact', id: user.id },
      },
      {
        message_type: 'email',
        subject: 'News',
        body: '<p>Hello</p>',
        template: 'plain',
        from,
        to: { type: 'user', id: user.id },
      },
    ]
    for (const body of messages) {
      assert.ok((await ask<{ id: string }>('POST', '/messages', { body })).id)
    }
  })

  test('a message that asks for a conversation gets one whose source it is', async () => {
    const from = { type: 'admin', id: Number(me.id) }
    const body = {
      ...{ message_type: 'inapp', body: 'Hello', from, to: { type: 'user', id: user.id } },
      create_conversation_without_contact_reply: true,
    }
    const { id } = await ask<{ id: string }>('POST', '/messages', { body })
    const query = { field: 'source.id', operator: '=', value: id }
    const list = await ask<ConversationList>('POST', '/conversations/search', { body: { query } })
    assert.deepEqual(
      list.conversations.map(({ source }) => source.id),
      [id],
    )
  })
}

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createWorkspace } from '../index.ts'

const adminKey = 'an-admin-key'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Answer = any

async function open(t: TestContext, seed: 'empty' | 'small' = 'empty') {
  const workspace = await createWorkspace({ adminKey, seed })
  t.after(() => workspace.close())
  const send = async (method: string, path: string, body?: object) => {
    const token = path.startsWith('/_workspace') ? adminKey : workspace.accessToken
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const answer = await workspace.fetch(new Request(`http://local${path}`, init))
    return { status: answer.status, json: (await answer.json()) as Answer }
  }
  const ok = async (method: string, path: string, body?: object) => {
    const { status, json } = await send(method, path, body)
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  const { id: admin_id } = await ok('GET', '/me')
  return {
    workspace,
    send,
    ok,
    admin_id,
    contact: (email: string, name: string) => ok('POST', '/contacts', { email, name }),
    says: (contact: { id: string }, body: string) =>
      ok('POST', '/conversations', { from: { type: 'user', id: contact.id }, body }),
    seen: (contact: { id: string }, conversation_id: string) =>
      ok('GET', `/_workspace/messenger?contact=${contact.id}&conversation=${conversation_id}`),
    list: async (contact: { id: string }) =>
      (await ok('GET', `/_workspace/messenger?contact=${contact.id}`)).conversations,
  }
}

const texts = ({ messages }: Answer) => messages.map(({ text }: { text: string }) => text)

test('a customer sees what was said to them, and nothing of what the team did among itself', async (t) => {
  const { ok, admin_id, contact, says, seen, list } = await open(t)
  const ann = await contact('ann@example.com', 'Ann O’Neil')
  const { conversation_id: id } = await says(ann, 'Where is it?')
  const part = (body: object) =>
    ok('POST', `/conversations/${id}/parts`, { type: 'admin', admin_id, ...body })
  const reply = (body: object) =>
    ok('POST', `/conversations/${id}/reply`, { admin_id, type: 'admin', ...body })
  const tag = await ok('POST', '/tags', { name: 'Late' })

  await reply({ message_type: 'note', body: 'a secret of the team' })
  await part({ message_type: 'assignment', assignee_id: admin_id })
  await ok('POST', `/conversations/${id}/tags`, { id: tag.id, admin_id })
  await part({ message_type: 'snoozed', snoozed_until: 4_000_000_000 })
  assert.deepEqual(texts(await seen(ann, id)), ['Where is it?'])
  assert.equal((await list(ann))[0].closed, false) // a snooze is the team's own

  await reply({
    message_type: 'comment',
    body: '<p>On its <b>way</b></p>',
    attachment_urls: ['https://example.com/label.png'],
  })
  await part({ message_type: 'close', body: 'Until next time' })
  const { conversation, messages } = await seen(ann, id)
  assert.deepEqual(texts({ messages }), ['Where is it?', 'On its way', 'Until next time'])
  assert.deepEqual(messages[0].from, { type: 'customer', name: 'Ann O’Neil', is_you: true })
  assert.deepEqual([messages[1].from.type, messages[1].from.is_you], ['teammate', false])
  assert.equal(messages[1].html, '<p>On its <b>way</b></p>')
  assert.equal(messages[1].attachments[0].name, 'label.png')
  assert.deepEqual([conversation.closed, conversation.unread], [true, true])
  assert.ok(!JSON.stringify(messages).includes('@'), 'no addresses')

  await ok('PUT', `/conversations/${id}`, { read: true })
  assert.equal((await list(ann))[0].unread, false)
})

test('what was deleted is told as deleted, without words and files', async (t) => {
  const { ok, admin_id, contact, says, seen } = await open(t)
  const ann = await contact('ann@example.com', 'Ann')
  const { conversation_id: id, ...message } = await says(ann, 'my password is swordfish')
  const reply = { type: 'admin', message_type: 'comment', admin_id, body: 'swordfish, thanks' }
  const { conversation_parts } = await ok('POST', `/conversations/${id}/reply`, reply)
  const redaction = { conversation_id: id }
  const conversation_part_id = conversation_parts.conversation_parts.at(-1).id
  await ok('POST', '/conversations/redact', { ...redaction, type: 'conversation_part', conversation_part_id })
  await ok('POST', '/conversations/redact', { ...redaction, type: 'source', source_id: message.id })
  const { messages } = await seen(ann, id)
  assert.deepEqual(
    messages.map(({ html, text, deleted }: Answer) => [html, text, deleted]),
    [
      [null, null, true],
      [null, null, true],
    ],
  )
})

test('a message that nobody answered is there, and its contact can answer it once', async (t) => {
  const { ok, send, admin_id, contact, list, seen } = await open(t)
  const ann = await contact('ann@example.com', 'Ann')
  const sent = {
    from: { type: 'admin', id: admin_id },
    to: { type: 'user', id: ann.id },
    message_type: 'inapp',
  }
  const { id } = await ok('POST', '/messages', { ...sent, body: 'Welcome' })
  const [row] = await list(ann)
  assert.deepEqual(
    [row.conversation_id, row.message_id, row.last.text, row.unread],
    [null, id, 'Welcome', null],
  )
  assert.deepEqual(texts(await ok('GET', `/_workspace/messenger?contact=${ann.id}&message=${id}`)), [
    'Welcome',
  ])

  const answer = { contact: ann.id, message: id, body: 'Thank <you>' }
  const { conversation_id } = await ok('POST', '/_workspace/messenger', answer)
  assert.deepEqual(texts(await seen(ann, conversation_id)), ['Welcome', 'Thank <you>'])
  const again = await send('POST', '/_workspace/messenger', answer)
  assert.deepEqual(
    [again.status, again.json.error],
    [400, `Message ${id} has a conversation by now: ${conversation_id}.`],
  )
  assert.equal((await list(ann)).length, 1)
})

test('a ticket that was no conversation is there for its customer if it is shared: title, state, what was said', async (t) => {
  const { ok, send, admin_id, contact, list } = await open(t)
  const ann = await contact('ann@example.com', 'Ann')
  const made = async (category: string) => {
    const type = await ok('POST', '/ticket_types', { name: category, category })
    const attributes = { _default_title_: 'Chain', _default_description_: 'It slips.' }
    const body = { ticket_type_id: type.id, contacts: [{ id: ann.id }], ticket_attributes: attributes }
    return (await ok('POST', '/tickets', body)).id
  }
  const [shared, internal] = [await made('Customer'), await made('Back-office')]
  const [row, ...others] = await list(ann)
  assert.deepEqual(others, [])
  assert.deepEqual([row.ticket_id, row.conversation_id, row.message_id, row.last], [shared, null, null, null])
  const ticket = { type: 'Customer', state: 'Submitted', title: 'Chain', description: 'It slips.' }
  assert.deepEqual(row.ticket, ticket)
  const reply = (body: object) => ok('POST', `/tickets/${shared}/reply`, body)
  await reply({ message_type: 'note', type: 'admin', admin_id, body: 'a secret of the team' })
  await reply({ message_type: 'comment', type: 'admin', admin_id, body: 'Send it in.' })
  await reply({ message_type: 'comment', type: 'user', intercom_user_id: ann.id, body: 'I will.' })
  const seen = await ok('GET', `/_workspace/messenger?contact=${ann.id}&ticket=${shared}`)
  assert.deepEqual(texts(seen), ['Send it in.', 'I will.'])
  assert.equal(seen.conversation.last.text, 'I will.')
  const refused = await send('GET', `/_workspace/messenger?contact=${ann.id}&ticket=${internal}`)
  assert.equal(refused.status, 400)
})

test('nobody sees what is not theirs, and what is not there is said to be so', async (t) => {
  const { send, contact, says, workspace } = await open(t)
  const [ann, bob] = [await contact('ann@example.com', 'Ann'), await contact('bob@example.com', 'Bob')]
  const { conversation_id } = await says(ann, 'Hello')
  const refused: [query: string, says: RegExp][] = [
    [`contact=${bob.id}&conversation=${conversation_id}`, /takes part in no conversation/],
    [`contact=${bob.id}&message=1`, /No admin sent/],
    [`contact=${ann.id}&conversation=x`, /takes part in no conversation 'x'/],
    [`contact=${ann.id}&conversation=1&message=1`, /either a conversation, a message or a ticket/],
    [`contact=${ann.id}&ticket=1`, /sees no ticket '1'/],
    ['contact=0123', /no contact '0123'/],
    ['', /contact/],
    [`contact=${ann.id}&limit=0`, /limit/],
  ]
  for (const [query, says] of refused) {
    const { status, json } = await send('GET', `/_workspace/messenger?${query}`)
    assert.equal(status, 400, query)
    assert.match(json.error, says)
  }
  const { id } = workspace.control.createVisitor({ name: 'Vera' })
  assert.deepEqual((await send('GET', `/_workspace/messenger?contact=${id}`)).json.conversations, [])
})

test('over demo data it is what the API shows without notes and deeds, in the order of the newest message', async (t) => {
  const { ok, seen, list } = await open(t, 'small')
  const { conversations } = await ok('GET', '/conversations?per_page=60')
  const notes = new Set<string>()
  for (const { id, contacts } of conversations) {
    const whole = await ok('GET', `/conversations/${id}?display_as=plaintext`)
    const parts: Answer[] = whole.conversation_parts.conversation_parts
    for (const part of parts) if (part.part_type === 'note') notes.add(part.body)
    const said = parts.filter(({ part_type, body }) => part_type !== 'note' && body !== null)
    for (const contact of contacts.contacts) {
      const shown = await seen(contact, id)
      assert.deepEqual(
        texts(shown),
        [whole.source, ...said].map(({ body }) => body),
      )
      assert.deepEqual(shown.conversation.last, shown.messages.at(-1))
      assert.equal(shown.conversation.rating?.score, whole.conversation_rating?.rating)
      const times = (await list(contact)).map(({ last, created_at }: Answer) => last?.at ?? created_at)
      assert.deepEqual(
        times,
        times.toSorted((a: number, b: number) => b - a),
      )
      for (const text of texts(shown)) assert.ok(!notes.has(text))
    }
  }
  assert.ok(notes.size > 5)
})

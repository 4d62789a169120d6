import type { World } from './world.ts'

export async function conversations({ client, op, leave, user, admin: adminId }: World): Promise<void> {
  const begun = await op('conversations.create', () =>
    client.conversations.create({ userId: user.id, body: 'Where is my parcel?' }),
  )
  const id = String((begun as unknown as { conversation_id: string }).conversation_id)
  const replied = await op(
    'conversations.replyByIdAsAdmin',
    () =>
      client.conversations.replyByIdAsAdmin({
        id,
        adminId,
        messageType: 'comment' as never,
        body: 'On its way',
      }),
    (one) => JSON.stringify(one.conversation_parts).includes('On its way'),
  )
  await op(
    'conversations.replyByIdAsUser',
    () => client.conversations.replyByIdAsUser({ id, intercomUserId: user.id, body: 'Thank you' }),
    (one) => JSON.stringify(one.conversation_parts).includes('Thank you'),
  )
  await op(
    'conversations.replyByLastAsUser',
    () => client.conversations.replyByLastAsUser({ email: user.email, body: 'One more thing' }),
    (one) => one.id === id && JSON.stringify(one.conversation_parts).includes('One more thing'),
  )
  await leave(
    'conversations.replyByLastAsAdmin',
    'names no contact whose last conversation it would be: 422',
    () =>
      client.conversations.replyByLastAsAdmin({ adminId, messageType: 'comment' as never, body: 'To whom?' }),
    /user_id or email not specified.*"statusCode":422/s,
  )
  await op(
    'conversations.assign',
    () => client.conversations.assign({ id, type: 'admin' as never, adminId, assigneeId: adminId }),
    ({ admin_assignee_id }) => String(admin_assignee_id) === adminId,
  )
  const snoozedUntil = String(Math.floor(Date.now() / 1000) + 3600)
  await op(
    'conversations.snooze',
    () => client.conversations.snooze({ id, adminId, snoozedUntil: snoozedUntil as never }),
    ({ state }) => state === 'snoozed',
  )
  await op(
    'conversations.close',
    () => client.conversations.close({ id, adminId }),
    ({ state }) => state === 'closed',
  )
  await op(
    'conversations.open',
    () => client.conversations.open({ id, adminId }),
    ({ state }) => state === 'open',
  )
  await op(
    'conversations.update',
    () => client.conversations.update({ id, markRead: true }),
    ({ read }) => read,
  )
  await op(
    'conversations.find',
    () => client.conversations.find({ id, inPlainText: true }),
    ({ read, source }) => read && source.body === 'Where is my parcel?',
  )
  await op(
    'conversations.list',
    () => client.conversations.list({ perPage: 2 }),
    ({ conversations }) => conversations.length === 2,
  )
  await op(
    'conversations.search',
    () =>
      client.conversations.search({
        data: { query: { field: 'contact_ids', operator: '=', value: user.id } } as never,
      }),
    ({ conversations }) => conversations.some((one) => one.id === id),
  )
  const guests = [
    await client.contacts.createUser({ email: 'guest-1@sdk.test' }),
    await client.contacts.createUser({ email: 'guest-2@sdk.test' }),
  ]
  const [first = user, second = user] = guests
  await op(
    'conversations.attachContactAsAdmin',
    () => client.conversations.attachContactAsAdmin({ id, adminId, customer: { intercomUserId: first.id } }),
    (answer) => JSON.stringify(answer).includes(first.id),
  )
  await op(
    'conversations.attachContactAsContact',
    () =>
      client.conversations.attachContactAsContact({
        id,
        intercomUserId: user.id,
        customer: { intercomUserId: second.id },
      }),
    (answer) => JSON.stringify(answer).includes(second.id),
  )
  await op(
    'conversations.detachContactAsAdmin',
    () => client.conversations.detachContactAsAdmin({ conversationId: id, contactId: first.id, adminId }),
    (answer) => !JSON.stringify(answer).includes(first.id),
  )
  const parts = replied.conversation_parts as unknown as { conversation_parts: { id: string }[] }
  const conversationPartId = String(parts.conversation_parts.at(-1)?.id)
  await op('conversations.redactConversationPart', () =>
    client.conversations.redactConversationPart({
      type: 'conversation_part' as never,
      conversationId: id,
      conversationPartId,
    }),
  )
}

export async function tags({ client, op, user, admin: adminId }: World): Promise<void> {
  const { id: tagId } = await op(
    'tags.create',
    () => client.tags.create({ name: 'sdk' }),
    ({ name }) => name === 'sdk',
  )
  await op('tags.update', () => client.tags.update({ id: tagId, name: 'sdk 2' }))
  await op(
    'tags.list',
    () => client.tags.list(),
    ({ data }) => data.some(({ id, name }) => id === tagId && name === 'sdk 2'),
  )
  await op('tags.tagContact', () => client.tags.tagContact({ contactId: user.id, tagId }))
  await op(
    'contacts.listAttachedTags',
    () => client.contacts.listAttachedTags(user),
    (list) => JSON.stringify(list).includes('sdk 2'),
  )
  await op('tags.untagContact', () => client.tags.untagContact({ contactId: user.id, tagId }))
  const conversationId = String((await client.conversations.list({})).conversations[0]?.id)
  await op('tags.tagConversation', () => client.tags.tagConversation({ conversationId, tagId, adminId }))
  await op('tags.untagConversation', () => client.tags.untagConversation({ conversationId, tagId, adminId }))
  await op('tags.delete', () => client.tags.delete({ id: tagId }))
}

export async function messages({ client, op, admin, user }: World): Promise<void> {
  await op(
    'messages.create',
    () =>
      client.messages.create({
        messageType: 'email',
        subject: 'Thanks',
        body: 'Hello there',
        template: 'plain',
        from: { type: 'admin', id: admin },
        to: { type: 'user', id: user.id },
      } as never),
    (answer) => JSON.stringify(answer).includes('Hello there'),
  )
}

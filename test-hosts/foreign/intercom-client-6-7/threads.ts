import type { World } from './world.ts'

export async function conversations({ client, op, user, admin }: World): Promise<void> {
  const begun = await op(
    'conversations.create',
    () => client.conversations.create({ from: { type: 'user', id: user }, body: 'Where is my parcel?' }),
    ({ conversation_id }) => conversation_id,
  )
  const conversation_id = String(begun.conversation_id)
  const reply = {
    message_type: 'comment' as const,
    type: 'admin' as const,
    admin_id: admin,
    body: 'On its way',
  }
  const replied = await op(
    'conversations.reply',
    () => client.conversations.reply({ conversation_id, body: reply }),
    (one) => one.conversation_parts?.conversation_parts?.at(-1)?.body?.includes('On its way'),
  )
  const last = { ...reply, type: 'user' as const, intercom_user_id: user, body: 'Thank you' }
  await op(
    'conversations.reply',
    () => client.conversations.reply({ conversation_id: 'last', body: last }),
    ({ id }) => id === conversation_id,
  )
  for (const message_type of ['close', 'open'] as const) {
    const body = { message_type, type: 'admin' as const, admin_id: admin }
    await op(
      'conversations.manage',
      () => client.conversations.manage({ conversation_id, body: body as never }),
      ({ state }) => state === (message_type === 'open' ? 'open' : 'closed'),
    )
  }
  await op(
    'conversations.update',
    () => client.conversations.update({ conversation_id, read: true }),
    ({ read }) => read,
  )
  await op(
    'conversations.find',
    () => client.conversations.find({ conversation_id, display_as: 'plaintext' }),
    ({ read, source }) => read && source?.body === 'Where is my parcel?',
  )
  await op(
    'conversations.list',
    () => client.conversations.list({ per_page: 2 }),
    ({ data }) => data.length === 2,
  )
  const query = { field: 'contact_ids', operator: '=' as const, value: user }
  await op(
    'conversations.search',
    () => client.conversations.search({ query }),
    ({ data }) => data.some(({ id }) => id === conversation_id),
  )
  await op('conversations.runAssignmentRules', () =>
    client.conversations.runAssignmentRules({ conversation_id }, { version: '2.11' }),
  )
  const guest = await client.contacts.create({ role: 'user', email: `${crypto.randomUUID()}@sdk.test` })
  const contact_id = String(guest.id)
  await op(
    'conversations.attachContactAsAdmin',
    () =>
      client.conversations.attachContactAsAdmin({
        conversation_id,
        admin_id: admin,
        customer: { intercom_user_id: contact_id },
      }),
    (answer) => JSON.stringify(answer).includes(contact_id),
  )
  await op(
    'conversations.detachContactAsAdmin',
    () => client.conversations.detachContactAsAdmin({ conversation_id, contact_id, admin_id: admin }),
    (answer) => !JSON.stringify(answer).includes(contact_id),
  )
  const conversation_part_id = String(replied.conversation_parts?.conversation_parts?.at(-1)?.id)
  await op(
    'conversations.redactConversationPart',
    () =>
      client.conversations.redactConversationPart({
        type: 'conversation_part',
        conversation_id,
        conversation_part_id,
      }),
    (one) =>
      one.conversation_parts?.conversation_parts?.find(({ id }) => id === conversation_part_id)?.redacted,
  )
}

export async function tags({ client, op, user: contact_id, admin: admin_id, of }: World): Promise<void> {
  const { id } = await op(
    'tags.create',
    () => client.tags.create({ name: 'sdk' }),
    ({ name }) => name === 'sdk',
  )
  const tag_id = String(id)
  await op(
    'tags.find',
    () => client.tags.find({ tag_id }),
    ({ name }) => name === 'sdk',
  )
  await op(
    'tags.list',
    () => client.tags.list(),
    ({ data }) => data?.some((tag) => tag.id === id),
  )
  await op('tags.tagContact', () => client.tags.tagContact({ contact_id, id: tag_id }))
  const listed = () => client.contacts.listAttachedTags({ contact_id })
  await op('contacts.listAttachedTags', listed, ({ data }) => data?.some((tag) => tag.id === id))
  await op('tags.untagContact', () => client.tags.untagContact({ contact_id, tag_id }))
  await op('contacts.listAttachedTags', listed, ({ data }) => data?.every((tag) => tag.id !== id))
  const conversation_id = String((await client.conversations.list()).data[0]?.id)
  await op('tags.tagConversation', () =>
    client.tags.tagConversation({ conversation_id, id: tag_id, admin_id }),
  )
  await op('tags.untagConversation', () =>
    client.tags.untagConversation({ conversation_id, tag_id, admin_id }),
  )
  await op('tags.delete', () => client.tags.delete({ tag_id }))
  const status = await of(client.tags.find({ tag_id }))
  if (status !== 404) throw new Error(`a deleted tag is answered with ${status}`)
}

export async function messages({ client, op, admin, user }: World): Promise<void> {
  await op(
    'messages.create',
    () =>
      client.messages.create({
        message_type: 'email',
        subject: 'Thanks',
        body: 'Hello there',
        template: 'plain',
        from: { type: 'admin', id: Number(admin) },
        to: { type: 'user', id: user },
      }),
    ({ message_type }) => message_type === 'email',
  )
}

export async function ticketTypes({ client, op }: World): Promise<void> {
  const made = await op('ticketTypes.create', () =>
    client.ticketTypes.create({
      name: 'Complaint',
      description: 'What went wrong',
      category: 'Customer',
      icon: '📦',
    }),
  )
  const ticket_type_id = String(made?.id)
  const attribute = await op('ticketTypes.attributes.create', () =>
    client.ticketTypes.attributes.create({
      ticket_type_id,
      name: 'Order',
      description: 'Its number',
      data_type: 'string',
    }),
  )
  const attribute_id = String(attribute?.id)
  await op(
    'ticketTypes.attributes.update',
    () =>
      client.ticketTypes.attributes.update({
        ticket_type_id,
        attribute_id,
        description: 'The number of the order',
      }),
    (one) => one?.description === 'The number of the order',
  )
  await op('ticketTypes.update', () => client.ticketTypes.update({ ticket_type_id, name: 'Damage' }))
  await op(
    'ticketTypes.get',
    () => client.ticketTypes.get({ ticket_type_id }),
    (type) => type?.name === 'Damage' && JSON.stringify(type).includes('The number of the order'),
  )
  await op(
    'ticketTypes.list',
    () => client.ticketTypes.list(),
    ({ data }) => data?.some((type) => type?.id === ticket_type_id),
  )
}

export async function tickets({ client, op, admin: admin_id, user }: World): Promise<void> {
  const { data } = await client.ticketTypes.list()
  const ticket_type_id = String(data?.find((type) => type?.category === 'Customer')?.id)
  const ticket_attributes = { _default_title_: 'Broken', _default_description_: 'It came broken' }
  const made = await op('tickets.create', () =>
    client.tickets.create({ ticket_type_id, contacts: [{ id: user }], ticket_attributes } as never),
  )
  const ticket_id = String(made?.id)
  await op('tickets.update', () =>
    client.tickets.update({ ticket_id, ticket_attributes: { _default_title_: 'Mended' }, open: true }),
  )
  await op(
    'tickets.get',
    () => client.tickets.get({ ticket_id }),
    (ticket) => ticket?.ticket_attributes?._default_title_ === 'Mended',
  )
  await op('tickets.reply', () =>
    client.tickets.reply({
      ticket_id,
      body: { message_type: 'comment', type: 'admin', admin_id, body: 'We look into it' },
    }),
  )
  await op(
    'tickets.search',
    () => client.tickets.search({ query: { field: 'title', operator: '=', value: 'Mended' } }),
    (page) => page.data.some((ticket) => ticket?.id === ticket_id),
  )
  const tag = await client.tags.create({ name: 'sdk of tickets' })
  const tag_id = String(tag.id)
  await op(
    'tags.tagTicket',
    () => client.tags.tagTicket({ ticket_id, id: tag_id, admin_id }),
    ({ id }) => id === tag_id,
  )
  await op('tags.untagTicket', () => client.tags.untagTicket({ ticket_id, tag_id, admin_id }))
  const { data: talks } = await client.conversations.list()
  const conversation_id = Number(talks.find((talk) => !('ticket' in talk && talk.ticket))?.id)
  await op('conversations.convertToTicket', () =>
    client.conversations.convertToTicket({ conversation_id, ticket_type_id }),
  )
}

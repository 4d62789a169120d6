import type { World } from './world.ts'

export async function aiContent({ client, op }: World): Promise<void> {
  const ai = client.aiContent
  const url = 'https://www.engines.test'
  const source = await op('aiContent.createContentImportSource', () => ai.createContentImportSource({ url }))
  const source_id = String(source.id)
  await op('aiContent.updateContentImportSource', () =>
    ai.updateContentImportSource({ source_id, sync_behavior: 'api', url: `${url}/new` }),
  )
  await op(
    'aiContent.getContentImportSource',
    () => ai.getContentImportSource({ source_id }),
    (one) => one.url === `${url}/new`,
  )
  await op(
    'aiContent.listContentImportSources',
    () => ai.listContentImportSources(),
    ({ data }) => data?.some(({ id }) => id === source.id),
  )
  const text = { title: 'A page', html: '<p>Words</p>', url, source_id: source.id, external_id: 'page-1' }
  const page = await op('aiContent.createExternalPage', () => ai.createExternalPage(text))
  const page_id = String(page.id)
  await op('aiContent.updateExternalPage', () =>
    ai.updateExternalPage({ ...text, page_id, title: 'Another' }),
  )
  await op(
    'aiContent.getExternalPage',
    () => ai.getExternalPage({ page_id }),
    ({ title }) => title === 'Another',
  )
  await op(
    'aiContent.listExternalPages',
    () => ai.listExternalPages(),
    ({ data }) => data?.some(({ id }) => id === page.id),
  )
  await op('aiContent.deleteExternalPage', () => ai.deleteExternalPage({ page_id }))
  await op('aiContent.deleteContentImportSource', () => ai.deleteContentImportSource({ source_id }))
}

/** Operations of 2.13 and 2.14 that are emulated. */
export async function laterOperations({ client, op, user: id, of }: World): Promise<void> {
  await op('awayStatusReasons.listAwayStatusReasons', () => client.awayStatusReasons.listAwayStatusReasons())
  const begun = await client.conversations.create({ from: { type: 'user', id }, body: 'By mistake' })
  const conversation_id = Number(begun.conversation_id)
  await op('conversations.deleteConversation', () =>
    client.conversations.deleteConversation({ conversation_id }),
  )
  const status = await of(client.conversations.find({ conversation_id: String(conversation_id) }))
  if (status !== 404) throw new Error(`a deleted conversation is answered with ${status}`)
}

export async function ticketStates({ client, op }: World): Promise<void> {
  await op(
    'ticketStates.listTicketStates',
    () => client.ticketStates.listTicketStates(),
    ({ data }) => data?.length,
  )
}

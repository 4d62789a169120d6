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

export async function operationsOf2_14({ client, leave, user: contact_id }: World): Promise<void> {
  const order = { custom_object_type_identifier: 'Order' }
  const { internalArticles, customObjectInstances, calls, tickets } = client
  const job = { job_identifier: 'j', app_id: 'a' }
  const later: Record<string, () => PromiseLike<unknown>> = {
    'export.enqueueANewReportingDataExportJob': () =>
      client.export.enqueueANewReportingDataExportJob({
        dataset_id: 'conversation',
        attribute_ids: ['conversation_id'],
        start_time: 1,
        end_time: 2,
      }),
    'export.listAvailableDatasetsAndAttributes': () => client.export.listAvailableDatasetsAndAttributes(),
    'dataExport.exportReportingData': () => client.dataExport.exportReportingData({ ...job, client_id: 'c' }),
    'dataExport.downloadReportingDataExport': () => client.dataExport.downloadReportingDataExport(job),
    'internalArticles.listInternalArticles': () => internalArticles.listInternalArticles(),
    'internalArticles.createInternalArticle': () =>
      internalArticles.createInternalArticle({ title: 'T', author_id: 1, owner_id: 1 }),
    'internalArticles.retrieveInternalArticle': () =>
      internalArticles.retrieveInternalArticle({ internal_article_id: 1 }),
    'internalArticles.updateInternalArticle': () =>
      internalArticles.updateInternalArticle({ internal_article_id: 1 }),
    'internalArticles.deleteInternalArticle': () =>
      internalArticles.deleteInternalArticle({ internal_article_id: 1 }),
    'internalArticles.searchInternalArticles': () => internalArticles.searchInternalArticles(),
    'ipAllowlist.getIpAllowlist': () => client.ipAllowlist.getIpAllowlist(),
    'ipAllowlist.updateIpAllowlist': () => client.ipAllowlist.updateIpAllowlist({ enabled: false }),
    'contacts.showContactByExternalId': () => client.contacts.showContactByExternalId({ external_id: 'x' }),
    'contacts.blockContact': () => client.contacts.blockContact({ contact_id }),
    'customObjectInstances.getCustomObjectInstancesByExternalId': () =>
      customObjectInstances.getCustomObjectInstancesByExternalId({ ...order, external_id: 'x' }),
    'customObjectInstances.createCustomObjectInstances': () =>
      customObjectInstances.createCustomObjectInstances({ ...order, external_id: 'x' }),
    'customObjectInstances.deleteCustomObjectInstancesById': () =>
      customObjectInstances.deleteCustomObjectInstancesById({ ...order, external_id: 'x' }),
    'customObjectInstances.getCustomObjectInstancesById': () =>
      customObjectInstances.getCustomObjectInstancesById({ ...order, custom_object_instance_id: '1' }),
    'customObjectInstances.deleteCustomObjectInstancesByExternalId': () =>
      customObjectInstances.deleteCustomObjectInstancesByExternalId({
        ...order,
        custom_object_instance_id: '1',
      }),
    'jobs.status': () => client.jobs.status({ job_id: '1' }),
    'calls.listCalls': () => calls.listCalls(),
    'calls.showCall': () => calls.showCall({ call_id: '1' }),
    'calls.showCallRecording': () => calls.showCallRecording({ call_id: '1' }),
    'calls.showCallTranscript': () => calls.showCallTranscript({ call_id: '1' }) as PromiseLike<unknown>,
    'calls.listCallsWithTranscripts': () => calls.listCallsWithTranscripts({ conversation_ids: ['1'] }),
    'tickets.enqueueCreateTicket': () =>
      tickets.enqueueCreateTicket({ ticket_type_id: '1', contacts: [{ id: contact_id }] }),
    'tickets.deleteTicket': () => tickets.deleteTicket({ ticket_id: '1' }),
  }
  for (const [name, call] of Object.entries(later))
    await leave(name, 'of a version after 2.12: 501 `not_emulated`', call, /not_emulated|not_acceptable/)
}

export async function customChannels({ client: { customChannelEvents }, leave }: World): Promise<void> {
  const contact = { type: 'user' as const, external_id: 'x' }
  const event = { event_id: 'e', external_conversation_id: 'c', contact }
  const unknown: Record<string, () => PromiseLike<unknown>> = {
    'customChannelEvents.notifyNewConversation': () => customChannelEvents.notifyNewConversation(event),
    'customChannelEvents.notifyNewMessage': () =>
      customChannelEvents.notifyNewMessage({ ...event, body: 'B' }),
    'customChannelEvents.notifyQuickReplySelected': () =>
      customChannelEvents.notifyQuickReplySelected({ ...event, quick_reply_option_id: '1' }),
    'customChannelEvents.notifyAttributeCollected': () =>
      customChannelEvents.notifyAttributeCollected({ ...event, attribute: { id: 'i', value: 'v' } }),
  }
  for (const [name, call] of Object.entries(unknown))
    await leave(name, 'in no published description of the API: 404', call, /Status code: 404/)
}

// The job through openapi-fetch, over the types that openapi-typescript has made.
import createClient from 'openapi-fetch'
import type { paths } from './generated/api.ts'
import { type Answer, work } from './job.ts'

const client = createClient<paths>({
  baseUrl: String(process.argv[2]),
  headers: { Authorization: `Bearer ${process.argv[3]}` },
})

/** The body of a success or of a failure. */
async function either(call: Promise<{ data?: Answer; error?: object }>): Promise<Answer> {
  const { data, error } = await call
  return data ?? (error as Answer)
}

await work({
  listTags: () => either(client.POST('/actions/list_tags')),
  listAdmins: () => either(client.POST('/actions/list_admins')),
  upsertContact: (body) => either(client.POST('/actions/upsert_contact', { body })),
  getContact: (body) => either(client.POST('/actions/get_contact', { body })),
  emailOf: async (body) => (await client.POST('/actions/get_contact', { body })).data?.result.email,
  searchContacts: (body) => either(client.POST('/actions/search_contacts', { body })),
  createNote: (body, key) =>
    either(client.POST('/actions/create_note', { body, params: { header: { 'Idempotency-Key': key } } })),
  addTagToContact: (body) => either(client.POST('/actions/add_tag_to_contact', { body })),
  sendIncomingMessage: (body) => either(client.POST('/actions/send_incoming_message', { body })),
  sendMessageToContact: (body) => either(client.POST('/actions/send_message_to_contact', { body })),
  replyToConversation: (body) => either(client.POST('/actions/reply_to_conversation', { body })),
  getConversation: (body) => either(client.POST('/actions/get_conversation', { body })),
  listConversations: (body) => either(client.POST('/actions/list_conversations', { body })),
  searchConversations: (body) => either(client.POST('/actions/search_conversations', { body })),
})

// The job through the functions that @hey-api/openapi-ts has made.
import { client } from './generated/sdk/client.gen.ts'
import * as sdk from './generated/sdk/index.ts'
import { type Answer, work } from './job.ts'

client.setConfig({ baseUrl: String(process.argv[2]), auth: String(process.argv[3]) })

/** The body of a success or of a failure. */
async function either(call: Promise<{ data?: Answer | undefined; error?: unknown }>): Promise<Answer> {
  const { data, error } = await call
  return data ?? (error as Answer)
}

await work({
  listTags: () => either(sdk.listTags()),
  listAdmins: () => either(sdk.listAdmins()),
  upsertContact: (body) => either(sdk.upsertContact({ body })),
  getContact: (body) => either(sdk.getContact({ body })),
  emailOf: async (body) => (await sdk.getContact({ body })).data?.result.email,
  searchContacts: (body) => either(sdk.searchContacts({ body })),
  createNote: (body, key) => either(sdk.createNote({ body, headers: { 'Idempotency-Key': key } })),
  addTagToContact: (body) => either(sdk.addTagToContact({ body })),
  sendIncomingMessage: (body) => either(sdk.sendIncomingMessage({ body })),
  sendMessageToContact: (body) => either(sdk.sendMessageToContact({ body })),
  replyToConversation: (body) => either(sdk.replyToConversation({ body })),
  getConversation: (body) => either(sdk.getConversation({ body })),
  listConversations: (body) => either(sdk.listConversations({ body })),
  searchConversations: (body) => either(sdk.searchConversations({ body })),
})

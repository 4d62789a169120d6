import type { Intercom } from '../../src/index.ts'

/** An admin with an inbox seat and a customer of a seeded workspace, and what they write to each other. */
export async function correspondence(intercom: Intercom) {
  const { result } = await intercom.listAdmins()
  const admin_id = String(result?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id)
  const { contacts } = await intercom.searchContacts({
    query_field: 'role',
    query_value: 'user',
    per_page: 1,
  })
  const contact_id = String(contacts[0]?.id)
  return {
    admin_id,
    contact_id,
    /** A new conversation of the customer's. */
    async conversation(): Promise<string> {
      const body = `Hello ${crypto.randomUUID()}`
      const { result } = await intercom.sendIncomingMessage({ contact_id, body })
      return String(result?.conversation_id)
    },
    /** What its parts say, oldest first. */
    async bodies(conversation_id: string): Promise<string[]> {
      const { result } = await intercom.getConversation({ conversation_id })
      const parts = result?.conversation_parts.conversation_parts ?? []
      return parts.flatMap(({ body }) => (body === null ? [] : [body]))
    },
    /** The input of a reply by the admin. */
    reply: (conversation_id: string, body: string) =>
      ({ conversation_id, reply_type: 'admin', message_type: 'comment', body, admin_id }) as const,
  }
}

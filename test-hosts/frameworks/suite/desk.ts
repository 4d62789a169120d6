import assert from 'node:assert/strict'
import { after } from 'node:test'
import { createIntercom } from 'modulex-intercom'
import { createWorkspace } from 'modulex-intercom/workspace'

/** A workspace with demo data, a client of it, and what the workspace itself says happened. */
export async function desk() {
  const workspace = await createWorkspace({ seed: 'small' })
  const { url, accessToken } = await workspace.listen()
  const intercom = createIntercom({ accessToken, baseUrl: url })
  after(async () => {
    await intercom.close()
    await workspace.close()
  })
  async function get(path: string): Promise<Json> {
    const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${accessToken}` } })
    assert.equal(response.status, 200, path)
    return (await response.json()) as Json
  }
  const { contacts } = await intercom.searchContacts({
    query_field: 'role',
    query_value: 'user',
    per_page: 1,
  })
  const { conversations } = await intercom.listConversations({ per_page: 1 })
  const contactId = contacts[0]?.id
  const conversationId = conversations[0]?.id
  assert.ok(contactId !== undefined && conversationId !== undefined)
  return {
    intercom,
    contactId,
    conversationId,
    /** What the contact's notes say, without markup. */
    async notes(): Promise<string[]> {
      const { data } = await get(`/contacts/${contactId}/notes`)
      return (data as { body: string }[]).map(({ body }) => body.replaceAll(/<[^>]*>/g, ''))
    },
    /** What stands in the conversation's parts, without markup. */
    async parts(): Promise<string[]> {
      const { conversation_parts } = await get(`/conversations/${conversationId}`)
      const { conversation_parts: parts } = conversation_parts as {
        conversation_parts: { body: string | null }[]
      }
      return parts.map(({ body }) => (body ?? '').replaceAll(/<[^>]*>/g, ''))
    },
    note: { contact_id: contactId, body: 'Called back.' },
    reply: {
      conversation_id: conversationId,
      reply_type: 'admin',
      admin_id: '7431001',
      body: 'It is fixed.',
    },
  }
}

type Json = Record<string, unknown>

/** An id that no contact has. */
export const nobody = 'f'.repeat(24)

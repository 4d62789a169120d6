import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface Customers {
  readonly customers: readonly { readonly type: string; readonly id: string }[]
}
interface Parts {
  readonly conversation_parts: {
    readonly conversation_parts: readonly { readonly id: string; readonly body: string | null }[]
  }
}

/** Tags, people and redaction of conversations. */
export function driveConversationActs(world: World): void {
  const { ask, user, lead, me, tag } = world
  const signed = { admin_id: me.id }

  async function started() {
    const body = { from: { type: 'user', id: user.id }, body: 'My card number is 4111' }
    const message = await ask<{ id: string; conversation_id: string }>('POST', '/conversations', { body })
    return { id: message.conversation_id, source_id: message.id }
  }

  test('a conversation is tagged and untagged', async () => {
    const { id } = await started()
    const body = { id: tag.id, ...signed }
    await ask('POST', `/conversations/${id}/tags`, { body })
    await ask('GET', `/conversations/${id}`)
    await ask('DELETE', `/conversations/${id}/tags/${tag.id}`, { body: signed })
    await ask('GET', `/conversations/${id}`)
  })

  test('contacts join a conversation and leave it', async () => {
    const { id } = await started()
    const join = (customer: object) =>
      ask<Customers>('POST', `/conversations/${id}/customers`, { body: { ...signed, customer } })
    await join({ intercom_user_id: lead.id })
    const { customers } = await join({ email: 'joined@example.com' })
    assert.deepEqual(
      customers.map(({ type }) => type),
      ['user', 'lead', 'lead'],
    )
    const left = await ask<Customers>('DELETE', `/conversations/${id}/customers/${lead.id}`, { body: signed })
    assert.equal(left.customers.length, 2)
    await ask('GET', `/conversations/${id}`)
  })

  test('parts and sources are redacted', async () => {
    const { id, source_id } = await started()
    const comment = { message_type: 'comment', type: 'admin', ...signed, body: 'Do not send me that' }
    const { conversation_parts } = await ask<Parts>('POST', `/conversations/${id}/reply`, { body: comment })
    const conversation_part_id = conversation_parts.conversation_parts.at(-1)?.id
    const part = { type: 'conversation_part', conversation_id: id, conversation_part_id }
    const redacted = await ask<Parts>('POST', '/conversations/redact', { body: part })
    assert.match(redacted.conversation_parts.conversation_parts.at(-1)?.body ?? '', /was deleted/)
    await ask('POST', '/conversations/redact', { body: { type: 'source', conversation_id: id, source_id } })
  })
}

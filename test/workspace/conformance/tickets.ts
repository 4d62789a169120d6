import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface Typed {
  readonly id: string
  readonly category: string
}

/** Ticket types, and conversations that become tickets. */
export function driveTickets(world: World): void {
  const { ask, refused, user, lead } = world

  async function started(type: string, id: string): Promise<string> {
    const body = { from: { type, id }, body: 'It is broken' }
    return (await ask<{ conversation_id: string }>('POST', '/conversations', { body })).conversation_id
  }

  test('ticket types are listed, made and read, and so are states', async () => {
    const { data } = await ask<{ data: readonly Typed[] }>('GET', '/ticket_types')
    assert.ok(data.some(({ category }) => category === 'Customer'))
    const body = { name: 'Refund', description: 'Money back', category: 'Customer', icon: '💸' }
    const { id } = await ask<Typed>('POST', '/ticket_types', { body })
    await ask('GET', `/ticket_types/${id}`)
    await ask('GET', '/ticket_states')
  })

  test('conversations of users and leads become tickets, and lists show them', async () => {
    for (const [type, { id: contact }] of [
      ['user', user],
      ['lead', lead],
    ] as const) {
      const id = await started(type, contact)
      const attributes = { _default_title_: 'Broken', _default_description_: null }
      const body = { ticket_type_id: '1', attributes }
      assert.equal((await ask<Typed>('POST', `/conversations/${id}/convert`, { body })).id, id)
      await ask('GET', `/tickets/${id}`)
      await ask('GET', `/conversations/${id}`)
    }
    await ask('GET', '/conversations?per_page=2')
  })

  test('a type for colleagues takes no conversation', async () => {
    const { data } = await ask<{ data: readonly Typed[] }>('GET', '/ticket_types')
    const ticket_type_id = data.find(({ category }) => category === 'Back-office')?.id
    const id = await started('user', user.id)
    assert.deepEqual(await refused('POST', `/conversations/${id}/convert`, { body: { ticket_type_id } }), {
      status: 400,
      code: 'parameter_invalid',
      message: 'Ticket type is not a customer ticket type',
    })
    for (const path of ['/tickets/1', '/ticket_types/999']) {
      assert.equal((await refused('GET', path)).status, 404)
    }
    const body = { ticket_type_id: '1' }
    assert.equal((await refused('POST', '/conversations/1/convert', { body })).status, 404)
  })

  test('tickets are made, changed, answered, searched and tagged', async () => {
    const attribute = { name: 'size', description: 'How large', data_type: 'list', list_items: 'S,M' }
    const made = await ask<{ id: string; input_options: { items: readonly { id: string }[] } }>(
      'POST',
      '/ticket_types/1/attributes',
      { body: attribute },
    )
    await ask('PUT', `/ticket_types/1/attributes/${made.id}`, { body: { description: 'How big' } })
    await ask('PUT', '/ticket_types/1', { body: { description: 'Whatever a customer needs' } })
    await ask('GET', '/ticket_types/1')
    const { id: admin_id } = await ask<Typed>('GET', '/me')
    const tag = await ask<Typed>('POST', '/tags', { body: { name: 'Ticketed' } })
    for (const category of ['Customer', 'Back-office', 'Tracker']) {
      const { id: ticket_type_id } = await ask<Typed>('POST', '/ticket_types', {
        body: { name: category, category },
      })
      const files = { name: 'files', description: '', data_type: 'files', allow_multiple_values: true }
      await ask('POST', `/ticket_types/${ticket_type_id}/attributes`, { body: files })
      const ticket_attributes = { _default_title_: 'Broken', files: ['https://example.com/a.png'] }
      const body = { ticket_type_id, contacts: [{ id: user.id }], ticket_attributes }
      const path = `/tickets/${(await ask<Typed>('POST', '/tickets', { body })).id}`
      await ask('PUT', path, {
        body: {
          ticket_attributes: { _default_description_: 'In pieces' },
          ticket_state_id: '2',
          assignment: { admin_id, assignee_id: admin_id },
          snoozed_until: 4_000_000_000,
        },
      })
      await ask('PUT', path, { body: { assignment: { admin_id, assignee_id: '0' }, open: false } })
      await ask('POST', `${path}/reply`, {
        body: { type: 'admin', message_type: 'note', admin_id, body: 'Hm' },
      })
      await ask('POST', `${path}/tags`, { body: { id: tag.id, admin_id } })
      await ask('DELETE', `${path}/tags/${tag.id}`, { body: { admin_id } })
      await ask('GET', path)
      if (category !== 'Customer') continue
      const asUser = { type: 'user', intercom_user_id: user.id, body: 'Yes' }
      await ask('POST', `${path}/reply`, { body: { ...asUser, message_type: 'comment' } })
      const reply_options = [{ text: 'Yes', uuid: '884f7963-b954-4476-8082-10ecca2e2dac' }]
      const quick = { type: 'admin', message_type: 'quick_reply', admin_id, reply_options }
      await ask('POST', `${path}/reply`, { body: quick })
    }
    const query = { field: 'created_at', operator: '>', value: '1306054154' }
    await ask('POST', '/tickets/search', { body: { query, pagination: { per_page: 5 } } })
  })
}

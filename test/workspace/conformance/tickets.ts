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
}

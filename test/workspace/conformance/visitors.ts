import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

/** Visitors, who come from the Messenger, and the phone switch. */
export function driveVisitors(world: World): void {
  const { ask, refused } = world
  const newVisitor = () => world.workspace.control.createVisitor({ name: 'Gareth' })

  test('a visitor is read, renamed and becomes a contact', async () => {
    const { id, user_id } = newVisitor()
    await ask('GET', `/visitors?user_id=${user_id}`)
    await ask('PUT', '/visitors', { body: { id, name: 'Gareth Bale', custom_attributes: { plan: 'pro' } } })
    const user = { email: 'gareth@example.com' }
    const body = { visitor: { user_id }, user, type: 'user' }
    assert.equal((await ask<{ id: string }>('POST', '/visitors/convert', { body })).id, id)
    const again = { visitor: { user_id: newVisitor().user_id }, user, type: 'user' }
    assert.equal((await ask<{ id: string }>('POST', '/visitors/convert', { body: again })).id, id)
    for (const call of [
      refused('GET', `/visitors?user_id=${user_id}`),
      refused('PUT', '/visitors', { body: { user_id, name: 'x' } }),
      refused('POST', '/visitors/convert', { body }),
    ]) {
      const { status, message } = await call
      assert.deepEqual([status, message], [404, 'Visitor Not Found'])
    }
  })

  test('a call is redirected, unless the number is none', async () => {
    await ask('POST', '/phone_call_redirects', { body: { phone: '+353832345678' } })
    const body = { phone: '12' }
    const response = await fetch(`${world.url}/phone_call_redirects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(response.status, 400)
  })
}

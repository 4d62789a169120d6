import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface Item {
  readonly id: string
  readonly consent_type: string
}

/** What is known about contacts beside themselves: segments, subscriptions, attributes, events; and merging. */
export function driveAudience(world: World): void {
  const { ask, user, lead } = world

  test('segments are listed, counted, read and searched', async () => {
    const { segments } = await ask<{ segments: Item[] }>('GET', '/segments')
    await ask('GET', '/segments?include_count=true')
    for (const segment of segments) {
      assert.deepEqual(await ask('GET', `/segments/${segment.id}`), segment)
      const query = { field: 'segment_id', operator: '=', value: segment.id }
      await ask('POST', '/contacts/search', { body: { query } })
    }
    await ask('GET', `/contacts/${user.id}/segments`)
  })

  test('a contact chooses subscriptions and takes the choice back', async () => {
    const { data: types } = await ask<{ data: Item[] }>('GET', '/subscription_types')
    const path = `/contacts/${user.id}/subscriptions`
    for (const { id, consent_type } of types) await ask('POST', path, { body: { id, consent_type } })
    assert.equal((await ask<{ data: Item[] }>('GET', path)).data.length, types.length)
    await ask('GET', `/contacts/${user.id}`)
    for (const { id } of types) await ask('DELETE', `${path}/${id}`)
    assert.deepEqual((await ask<{ data: Item[] }>('GET', path)).data, [])
  })

  test('data attributes are listed, made, changed and archived', async () => {
    for (const query of ['', '?model=contact', '?model=company&include_archived=true']) {
      await ask('GET', `/data_attributes${query}`)
    }
    const made = await ask<Item>('POST', '/data_attributes', {
      body: { name: 'Mithril Shirt', model: 'company', data_type: 'string' },
    })
    const options = [{ value: '1-10' }, { value: '11-20' }]
    const body = { description: 'Just a plain old shirt', options, archived: true }
    await ask('PUT', `/data_attributes/${made.id}`, { body })
    await ask('GET', '/data_attributes?include_archived=true')
  })

  test('events are taken once, listed in pages and summed up', async () => {
    const event = {
      event_name: 'invited-friend',
      created_at: Math.floor(Date.now() / 1000),
      metadata: { a: 1 },
    }
    for (const who of [{ id: user.id }, { user_id: user.external_id }, { email: user.email }]) {
      assert.equal(await ask('POST', '/events', { body: { ...event, ...who } }), undefined)
    }
    await ask('POST', '/events', { body: { event_name: 'left', created_at: event.created_at, id: user.id } })
    const query = `/events?type=user&intercom_user_id=${user.id}`
    const page = await ask<{ events: object[]; pages: { next: string } }>('GET', `${query}&per_page=1`)
    const { pathname, search } = new URL(page.pages.next)
    const next = await ask<{ events: object[]; pages: { next?: string } }>('GET', pathname + search)
    assert.deepEqual([page.events.length, next.events.length, next.pages.next], [1, 1, undefined])
    const summary = { event_name: 'invited-friend', count: 3, first: 1_671_028_894, last: 1_671_028_895 }
    await ask('POST', '/events/summaries', { body: { user_id: user.external_id, event_summaries: summary } })
    const { events } = await ask<{ events: { name: string; count: number }[] }>(
      'GET',
      `/events?type=user&user_id=${user.external_id}&summary=true`,
    )
    assert.equal(events.find(({ name }) => name === 'invited-friend')?.count, 4)
    await ask('GET', `/events?type=user&email=${encodeURIComponent(user.email)}`)
    await ask('GET', `/events?type=user&intercom_user_id=${lead.id}&summary=true`)
  })

  test('a lead is merged into a user', async () => {
    const from = await ask<Item>('POST', '/contacts', { body: { role: 'lead', phone: '+4930777' } })
    const into = await ask<Item>('POST', '/contacts', { body: { email: 'merge-into@example.com' } })
    const merged = await ask<Item & { phone: string }>('POST', '/contacts/merge', {
      body: { from: from.id, into: into.id },
    })
    assert.deepEqual([merged.id, merged.phone], [into.id, '+4930777'])
  })
}

import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { World } from './world.ts'

/** Values that a field may meet in the wild, valid JSON all of them. */
const ODD: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e21, '', ' ', 'x', '0', '999999999999999999999', '\u0000', '\ud800'],
  ...['<script>alert(1)</script><p>', "'; DROP TABLE contacts; --", '%', 'a'.repeat(70_000)],
  ...[[], [null], [[[[]]]], {}, { type: 'x' }, { id: null }],
]

/**
 * Every field of every request, given every second odd value, so that fields and requests take turns: refused or taken,
 * but never a broken answer.
 */
export function driveOddities(world: World): void {
  const { user, tag, me, conversation, accessToken } = world
  const admin = { type: 'admin', admin_id: me.id }
  const from = { type: 'admin', id: me.id }
  const to = { type: 'user', id: user.id }
  const person = { role: 'lead', external_id: 'odd', email: 'odd@example.com', phone: '+49', name: 'Odd' }
  const more = { avatar: null, signed_up_at: 1, last_seen_at: 1, owner_id: null, custom_attributes: {} }
  const filter = { field: 'created_at', operator: '=', value: 1 }
  const search = { query: filter, pagination: { per_page: 1 }, sort: { field: 'id', order: 'ascending' } }
  const requests: readonly [method: string, path: string, body: Record<string, unknown>][] = [
    ['POST', '/contacts', { ...person, ...more, unsubscribed_from_emails: true }],
    ['PUT', `/contacts/${user.id}`, { ...person, ...more, role: 'user' }],
    ['POST', `/contacts/${user.id}/notes`, { body: 'Hello', admin_id: me.id, contact_id: user.id }],
    ['POST', `/contacts/${user.id}/tags`, { id: tag.id }],
    ['POST', '/tags', { id: tag.id, name: 'Odd' }],
    ['POST', '/tags', { name: 'Odd', users: [{ id: user.id }] }],
    ['POST', '/tags', { name: 'Odd', companies: [{ company_id: 'odd' }] }],
    [
      'POST',
      '/companies',
      {
        ...{ company_id: 'odd', name: 'Odd', plan: 'Odd', size: 1, website: 'odd', industry: 'Odd' },
        ...{ custom_attributes: {}, remote_created_at: 1, monthly_spend: 1 },
      },
    ],
    ['POST', `/contacts/${user.id}/companies`, { id: 'odd' }],
    ['POST', `/contacts/${user.id}/subscriptions`, { id: '37841', consent_type: 'opt_in' }],
    ['POST', '/contacts/merge', { from: user.id, into: user.id }],
    [
      'POST',
      '/data_attributes',
      {
        ...{ name: 'Odd', model: 'company', data_type: 'string', description: 'Odd' },
        ...{ options: ['a', 'b'], messenger_writable: true },
      },
    ],
    ['PUT', '/data_attributes/4210001', { description: 'Odd', archived: false, messenger_writable: true }],
    ['POST', '/events', { event_name: 'odd', created_at: 1, id: user.id, metadata: { odd: 'odd' } }],
    [
      'POST',
      '/events/summaries',
      { user_id: user.external_id, event_summaries: { event_name: 'odd', count: 1, first: 1, last: 1 } },
    ],
    ['POST', '/conversations', { from: to, body: 'Hi', subject: 'Odd', attachment_urls: [], created_at: 1 }],
    ['PUT', `/conversations/${conversation.id}`, { read: true, custom_attributes: {} }],
    [
      'POST',
      `/conversations/${conversation.id}/reply`,
      {
        ...admin,
        message_type: 'comment',
        body: 'Hi',
        attachment_urls: [],
        attachment_files: [],
        created_at: 1,
      },
    ],
    [
      'POST',
      `/conversations/${conversation.id}/reply`,
      { type: 'user', message_type: 'comment', body: 'Hi', intercom_user_id: user.id },
    ],
    [
      'POST',
      `/conversations/${conversation.id}/parts`,
      { ...admin, message_type: 'assignment', assignee_id: me.id, body: 'Yours', snoozed_until: 1 },
    ],
    ['POST', `/conversations/${conversation.id}/convert`, { ticket_type_id: '2', attributes: {} }],
    [
      'POST',
      '/ticket_types',
      { name: 'Odd', description: '', category: 'Customer', icon: '!', is_internal: true },
    ],
    ['PUT', `/admins/${me.id}/away`, { away_mode_enabled: true, away_mode_reassign: true }],
    ['POST', `/conversations/${conversation.id}/tags`, { id: tag.id, admin_id: me.id }],
    [
      'POST',
      `/conversations/${conversation.id}/customers`,
      { admin_id: me.id, customer: { intercom_user_id: user.id, customer: { email: user.email } } },
    ],
    [
      'POST',
      '/conversations/redact',
      { type: 'source', conversation_id: '1', source_id: '1', conversation_part_id: '1' },
    ],
    ['POST', '/messages', { message_type: 'email', subject: 'Hi', body: 'Hi', template: 'plain', from, to }],
    ['POST', '/contacts/search', search],
    ['POST', '/conversations/search', search],
  ]
  const hosts = ['from', 'to', 'query', 'pagination', 'sort', 'customer', 'metadata', 'event_summaries']

  for (const [at, [method, path, body]] of requests.entries()) {
    const name = path.replaceAll(/[0-9a-f]{8,}/g, '{id}')
    test(`${method} ${name} with ${Object.keys(body).join(', ')} bears odd values`, async () => {
      const before = world.violations.length
      const bodies = Object.keys(body).flatMap((key, of) =>
        oddBodies(body, key, hosts).filter((_, n) => (at + of + n) % 2 === 0),
      )
      for (const changed of bodies) {
        const request = new Request(world.url + path, {
          method,
          headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
          body: JSON.stringify(changed),
        })
        await turn() // or timers would not see that an idle connection of the tests before is too old
        const response = await world.answer(request)
        const answer = await response.text()
        assert.ok(
          response.status < 500,
          `${response.status} ${JSON.stringify(changed).slice(0, 300)} ${answer}`,
        )
      }
      assert.deepEqual(world.violations.slice(before), [])
    })
  }

  test('what odd values left behind is still read as described', async () => {
    const before = world.violations.length
    const read = [
      `/contacts/${user.id}`,
      `/contacts/${user.id}/notes?per_page=150`,
      `/contacts/${user.id}/tags`,
    ]
    const lists = [
      ...['/contacts?per_page=150', '/conversations?per_page=150', '/tags', '/companies?company_id=odd'],
      ...[`/events?type=user&intercom_user_id=${user.id}`, '/data_attributes?include_archived=true'],
      `/events?type=user&intercom_user_id=${user.id}&summary=true`,
    ]
    for (const path of [...read, ...lists, `/conversations/${conversation.id}`]) await world.ask('GET', path)
    assert.deepEqual(world.violations.slice(before), [])
  })
}

function oddBodies(body: Record<string, unknown>, key: string, hosts: readonly string[]): unknown[] {
  const value = body[key]
  const nested =
    hosts.includes(key) && typeof value === 'object' && value !== null
      ? Object.keys(value).flatMap((inner) => ODD.map((odd) => ({ ...value, [inner]: odd })))
      : []
  return [...ODD, ...nested].map((odd) => ({ ...body, [key]: odd }))
}

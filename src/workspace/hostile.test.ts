import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomRuns } from '../../test/support/random-runs.ts'
import { openDesk } from './desk.test.ts'
import { operations } from './http/operations.ts'

const hostile: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  0.5,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x'.repeat(5_000),
  "' OR 1=1; --",
  '"',
  '%',
  '../admins',
  '__proto__',
  'constructor',
  [],
  [[]],
  [null],
  {},
  { toString: 1 },
  { $gt: '' },
  Array(2_000).fill('x'),
  JSON.parse('{"__proto__":{"x":1}}'),
  JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`),
]

const fields = [
  'id name email role external_id phone avatar owner_id signed_up_at custom_attributes body admin_id users companies',
  'from to type message_type subject template intercom_user_id user_id attachment_urls attachment_files created_at',
  'company_id plan size website industry monthly_spend remote_created_at model data_type options archived description',
  'messenger_writable event_name metadata event_summaries into consent_type',
  'snoozed_until assignee_id read query pagination sort create_conversation_without_contact_reply',
]
  .join(' ')
  .split(' ')

/** Any server error would throw here: the desk turns faults inside routes into exceptions. */
test('no value in any field of any operation makes the workspace fail', () => {
  const { call, user, adminId } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  const opened = () => call('POST', '/conversations', { from: { type: 'user', id }, body: 'x' }).json
  // Written once: doing it for each of sixty thousand calls would be half of the work. Of equal keys the last counts.
  const values = hostile.map((value) => JSON.stringify(value))
  const bases: Record<string, object> = {
    reply: { type: 'admin', message_type: 'comment', admin_id: adminId, body: 'x' },
    parts: { type: 'admin', message_type: 'assignment', admin_id: adminId, assignee_id: adminId },
    messages: {
      from: { type: 'admin', id: adminId },
      to: { type: 'user', id },
      message_type: 'inapp',
      body: 'x',
    },
    companies: { company_id: 'c', name: 'n' },
    data_attributes: { name: 'n', model: 'contact', data_type: 'string' },
    events: { event_name: 'n', created_at: 1, id },
    summaries: { user_id: 'u', event_summaries: { event_name: 'n' } },
    merge: { from: id, into: id },
    subscriptions: { id: '37841', consent_type: 'opt_in' },
  }
  // Each field of each operation meets some of the values, and each value some of the fields: all of them in the campaign.
  const every = randomRuns(1, 0).numRuns > 1 ? 1 : 5
  let turn = 0
  for (const operation of operations.filter((name) => !/^(GET|DELETE)/.test(name))) {
    const [method = '', template = ''] = operation.split(' ')
    const base = bases[template.split('/').at(-1) ?? ''] ?? { email: 'b@example.com', name: 'n', body: 'x' }
    const opening = JSON.stringify(base).slice(0, -1)
    for (const field of fields) {
      // One conversation for all of it would end as a thread of thousands, and that as most of the work.
      const path = template.replace(
        /\{[a-z_]+\}/g,
        template.startsWith('/conv') ? opened().conversation_id : id,
      )
      for (const value of values) {
        if (++turn % every !== 0) continue
        const { status } = call(method, path, `${opening},"${field}":${value}}`)
        assert.ok(status < 500 || status === 501, `${operation} ${field}`)
      }
    }
  }
})

test('no path id makes the workspace fail', () => {
  const { call } = openDesk()
  const ids = [
    '%00',
    '%ff%fe',
    '%F0%9F',
    '..',
    '%2e%2e%2fadmins',
    "'",
    '%27--',
    '9'.repeat(500),
    '1e9',
    ' ',
    '%',
    '\ud800',
  ]
  for (const operation of operations) {
    const [method = '', template = ''] = operation.split(' ')
    if (!template.includes('{')) continue
    for (const id of ids) {
      const { status } = call(method, template.replace(/\{[a-z_]+\}/g, id), {})
      // A download is no JSON.
      const refused = template.startsWith('/download/') ? [404, 406] : [400, 404, 501]
      assert.ok(refused.includes(status), `${operation} ${id} ${status}`)
    }
  }
})

test('no filter makes a search fail, and none slips past its check', () => {
  const { call, user } = openDesk()
  user({ email: 'a@example.com', name: 'a' })
  const operators = ['=', '!=', 'IN', 'NIN', '>', '<', '>=', '<=', '~', '!~', '^', '$', 'AND']
  const names = [
    'email',
    'created_at',
    'owner_id',
    'has_hard_bounced',
    'tag_id',
    'segment_id',
    'id',
    'contact_ids',
  ]
    .concat([
      'source.body',
      'statistics.last_closed_by_id',
      'custom_attributes.seats',
      'custom_attributes.plan',
    ])
    .concat(['conversation_rating.score', 'ios_device'])
  for (const resource of ['contacts', 'conversations']) {
    const filter = (field: unknown, operator: unknown, value: unknown) => {
      const { status } = call('POST', `/${resource}/search`, { query: { field, operator, value } })
      assert.ok(status === 200 || status === 400, JSON.stringify([field, operator, value]).slice(0, 100))
    }
    for (const field of names) {
      for (const operator of operators) {
        for (const value of [...hostile, 'a', '5', ['a', '5', 5]]) filter(field, operator, value)
      }
    }
    for (const odd of hostile) {
      filter(odd, '=', 'x')
      filter('id', odd, 'x')
      const sort = { field: 'created_at', order: odd }
      call('POST', `/${resource}/search`, { query: { field: 'id', operator: '=', value: 'x' }, sort })
    }
    for (const value of hostile) {
      for (const body of [{ query: value }, { query: { operator: 'AND', value } }, { sort: value }]) {
        call('POST', `/${resource}/search`, { query: { field: 'id', operator: '=', value: 'x' }, ...body })
      }
      const cursor = Buffer.from(JSON.stringify([value, value, value])).toString('base64')
      const pagination = { per_page: 1, starting_after: cursor }
      call('POST', `/${resource}/search`, { query: { field: 'id', operator: '!=', value: 'x' }, pagination })
      call(
        'GET',
        `/${resource}?starting_after=${encodeURIComponent(cursor)}&per_page=${encodeURIComponent(JSON.stringify(value).slice(0, 20).toWellFormed())}`,
      )
    }
  }
})

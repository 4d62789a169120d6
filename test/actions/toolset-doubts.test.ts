// What Intercom may answer a toolset that is odd and no failure, and what must not be concluded from it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionNamed } from '../../src/actions/toolsets.ts'
import type { IntercomOptions } from '../../src/index.ts'
import { assertFits } from '../support/compact-output.ts'
import { goodAnswer } from '../support/good-answers.ts'
import { goodCalls } from '../support/good-calls.ts'
import { errorList, type Received, type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'

import { type ToolsetSubjects, toolsetExamples } from '../support/toolset-examples.ts'

const lost: Reply = (_, socket) => socket.destroy()
const ok = (json: object): Reply => ({ json })

/** A call of an action, and what it sent; `answers` by route, one after another, the last one for ever. */
async function ran(
  name: string,
  input: object,
  answers: Record<string, Reply[]>,
  options: IntercomOptions = {},
) {
  const left = new Map(Object.entries(answers))
  const server = await scriptedIntercom(
    ({ method, path }: Received) => {
      const route = `${method} ${path.split('?')[0]}`
      const [next, ...rest] = left.get(route) ?? []
      if (rest.length > 0) left.set(route, rest)
      return next ?? { status: 404, json: errorList('not_found', 'Not Found') }
    },
    { toolsets: ['all'] as never, settleMs: [1, 1], ...options },
  )
  const { output, failure } = await server.intercom.call(name, input)
  await server.close()
  const writes = server.received.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search'))
  return { output, failure, writes }
}

const reply = { ticket_id: '5', reply_type: 'admin', admin_id: '9', body: 'Hello' }
for (const ticket_parts of [undefined, null, {}, { ticket_parts: null }])
  test(`a reply is not sent again because the ticket shows ${JSON.stringify(ticket_parts)} for its thread`, async () => {
    const answers = {
      'POST /tickets/5/reply': [lost],
      'GET /tickets/5': [ok({ type: 'ticket', ticket_parts })],
    }
    const { failure, writes } = await ran('reply_to_ticket', reply, answers, {
      onUnknown: 'verify-then-resend',
    })
    assert.deepEqual([failure?.outcome, writes.length], ['unknown', 1])
  })

test('a conversation that somebody else made a ticket of another type is not taken for one’s own', async () => {
  const type = { type: 'ticket_type', id: '1', category: 'Customer', ticket_type_attributes: { data: [] } }
  const { failure, writes } = await ran(
    'create_ticket',
    { ticket_type_id: '1', conversation_id: '5' },
    {
      'GET /ticket_types/1': [ok(type)],
      'GET /conversations/5': [ok({ ticket: null }), ok({ ticket: { id: '5' } })],
      'GET /tickets/5': [ok({ type: 'ticket', id: '5', ticket_type: { id: '2' } })],
      'POST /conversations/5/convert': [lost],
    },
    { onUnknown: 'verify' },
  )
  assert.deepEqual([failure?.outcome, writes.length], ['unknown', 1])
})

test('of two merges of one lead only that which took effect is a success', async () => {
  let merged = false
  const server = await scriptedIntercom(
    ({ method, path, body }) => {
      if (method === 'POST' && (body as { into: string }).into === 'x') return lost
      if (method === 'POST') merged = true
      if (path.endsWith('/l') && merged)
        return { status: 404, json: errorList('not_found', 'User Not Found') }
      return ok({ type: 'contact', id: 'y', role: path.endsWith('/l') ? 'lead' : 'user' })
    },
    { toolsets: ['contacts'], onUnknown: 'verify', settleMs: [50] },
  )
  const merge = (into: string) =>
    server.intercom.call('merge_contacts', { from_contact_id: 'l', into_contact_id: into })
  const [first, second] = await Promise.all([merge('x'), merge('y')])
  await server.close()
  assert.deepEqual([first.failure?.outcome, second.output.success], ['unknown', true])
})

test('the tag stays said to be there when the teammate is what a repeated removal misses', async () => {
  const { failure } = await ran(
    'remove_tag_from_conversation',
    { conversation_id: '5', tag_id: '7', admin_id: '9' },
    {
      'GET /conversations/5': [ok({ tags: { tags: [{ id: 7 }] } })],
      'DELETE /conversations/5/tags/7': [
        lost,
        { status: 404, json: errorList('admin_not_found', 'No admin') },
      ],
    },
  )
  assert.equal(failure?.status, 404)
})

test('an event whose answer is lost for good says under which time it counts once', async () => {
  const { output, writes } = await ran(
    'create_event',
    { contact_id: 'c', event_name: 'paid' },
    { 'POST /events': [lost] },
  )
  const [{ body } = { body: null }] = writes
  const at = (body as { created_at: number } | null)?.created_at
  assert.ok(
    writes.length > 1 && writes.every((one) => (one.body as { created_at: number }).created_at === at),
  )
  assert.match(String(output.error), new RegExp(`Repeat it with created_at ${at}: then it counts once`))
})

const kind = (consent_type: unknown) => ok({ data: [{ type: 'subscription', id: 3, consent_type }] })
const optOut = { contact_id: 'c', subscription_id: '3', consent: 'opt_out' }
test('a subscription of no known kind is not turned around', async () => {
  for (const consent_type of [undefined, null, 'OPT_OUT']) {
    const answers = { 'GET /subscription_types': [kind(consent_type)] }
    const { failure, writes } = await ran('update_subscription', optOut, answers)
    assert.deepEqual([failure?.code, writes], ['unreadable_answer', []])
  }
})
test('a choice that is not stored is not taken away', async () => {
  const answers = {
    'GET /subscription_types': [kind('opt_in')],
    'GET /contacts/c/subscriptions': [ok({ data: [] })],
  }
  const { output, writes } = await ran('update_subscription', optOut, answers)
  assert.deepEqual([output.error, writes], [null, []])
})

test('the teammate behind the token may have a number for an id', async () => {
  const { output, writes } = await ran(
    'close_conversation',
    { conversation_id: '5' },
    {
      'GET /conversations/5': [ok({ state: 'open' })],
      'GET /me': [ok({ type: 'admin', id: 9 })],
      'POST /conversations/5/parts': [ok({ type: 'conversation' })],
    },
  )
  assert.equal(output.error, null)
  assert.deepEqual(writes[0]?.body, { message_type: 'close', type: 'admin', admin_id: '9' })
})

test('a conversation that does not say whom it is assigned to is assigned to nobody by a request', async () => {
  const { writes } = await ran(
    'assign_conversation',
    { conversation_id: '5', assignee_type: 'team', assignee_id: '0', admin_id: '9' },
    { 'GET /conversations/5': [ok({ state: 'open' })], 'POST /conversations/5/parts': [ok({})] },
  )
  assert.equal(writes.length, 1)
})

for (const [answer, expected] of [
  [{ type: 'company', id: 'c' }, null],
  [{ id: 'c', name: 'A' }, null],
  [{ type: 'list', data: [null, { id: 'c' }] }, null],
  [{ type: 'list', data: [null] }, 'not_found'],
  [{ type: 'list', total_count: 0 }, 'not_found'],
  [{ type: 'list', total_count: 2 }, 'unreadable_answer'],
] as const)
  test(`a company asked for by name: ${JSON.stringify(answer)} is ${expected ?? 'a company'}`, async () => {
    const { output, failure } = await ran('get_company', { name: 'A' }, { 'GET /companies': [ok(answer)] })
    assert.equal(failure?.code ?? null, expected)
    if (expected === null) assert.equal((output['result'] as { id: string } | null)?.id, 'c')
  })

const odd: object[] = [
  {},
  { type: 'list', total_count: 0 },
  { type: 'list', total_count: 0, data: null, events: null, teams: null, tickets: null, conversations: null },
  ...[null, {}, 7, 'x', [null], [7], [[]], [{}]].map((list) => ({
    ...Object.fromEntries(
      ['data', 'teams', 'segments', 'events', 'tickets', 'articles', 'companies'].map((key) => [key, list]),
    ),
    id: 7,
    pages: list,
    highlights: list,
    tags: { tags: list },
    conversation_parts: { conversation_parts: list },
    ticket_parts: { ticket_parts: list },
    ticket_type: { id: 1, name: list, ticket_type_attributes: { data: list } },
    ticket_type_attributes: { data: list },
    ticket_states: { data: list },
    ticket_attributes: list,
  })),
  { type: 'ticket', id: 5, ticket_type: null, ticket_state: null, ticket_parts: null, contacts: null },
  { type: 'conversation', id: 5, state: null, tags: null, conversation_parts: null, contacts: null },
  { type: 'article', id: 5, state: 'draft', title: 7, body: {}, author_id: '9', statistics: [] },
]
const nested = { tagged: { conversation: '5', tag: '7' }, taggedContact: { contact: 'c', tag: '7' } }
const everything = {
  ...{
    ...nested,
    member: { contact: 'c', company: '7' },
    contact: 'c',
    lead: 'l',
    user: 'u',
    admin: '9',
    tag: '7',
  },
  ...{
    conversation: '5',
    team: '3',
    open: '5',
    closed: '6',
    company: '7',
    draft: '8',
    ticketType: '1',
    ticket: '5',
  },
} as unknown as ToolsetSubjects
const more: [name: string, input: object][] = [
  ['update_ticket', { ticket_id: '5', title: 'A', attributes: { severity: 'x' } }],
  ['create_ticket', { ticket_type_id: '1', conversation_id: '5', title: 'A' }],
  ['search_articles', {}],
  ['list_companies', { contact_id: 'c' }],
  ['get_company', { name: 'A' }],
  ['list_segments', { contact_id: 'c', name_contains: 'a' }],
  ['list_events', { contact_id: 'c', summary: true }],
]
const examples = Object.entries(toolsetExamples).map(([name, example]): [string, object] => [
  name,
  example(everything),
])
for (const [name, input] of [...examples, ...more])
  test(`${name} takes any object for an answer: ${JSON.stringify(input)}`, async () => {
    let answer: object = {}
    const server = await scriptedIntercom(() => ok(answer), {
      toolsets: ['all'] as never,
      onUnknown: 'verify',
    })
    for (answer of odd) {
      const { output, failure } = await server.intercom.call(name, input)
      const said = `${JSON.stringify(answer)}: ${output.error}`
      assert.notEqual(failure?.code, 'internal', said)
      const wrote = server.received.splice(0).some(({ method, path }) => method !== 'GET' && !isRead(path))
      assert.ok(!wrote || output.success, said)
      assertFits(name, output)
    }
    await server.close()
  })

// Upserts may be repeated.
const once = goodCalls.filter(([name]) => actionNamed(name)?.verify && name !== 'upsert_contact')
for (const [name, input] of once)
  for (const onUnknown of ['verify', 'verify-then-resend'] as const)
    test(`${name} whose answer is lost survives any read-back with "${onUnknown}": ${JSON.stringify(input)}`, async () => {
      let answer: object = {}
      let writes = 0
      const server = await scriptedIntercom(
        (request) => {
          if (request.method !== 'GET' && !isRead(request.path)) {
            writes += 1
            return lost
          }
          return ok(writes === 0 ? goodAnswer(request, 'Hello') : answer)
        },
        { toolsets: ['all'] as never, onUnknown, settleMs: [1, 1] },
      )
      for (answer of odd) {
        if ('total_count' in answer) continue // that there is none
        writes = 0
        const { output, failure } = await server.intercom.call(name, input)
        const said = `${JSON.stringify(answer)}: ${output.error}`
        assert.equal(failure?.outcome, 'unknown', said)
        assert.equal(writes, 1, said) // what cannot be read does not say that nothing is there
      }
      await server.close()
    })

/** A POST that changes nothing. */
function isRead(path: string): boolean {
  return /search|companies\/list/.test(path)
}

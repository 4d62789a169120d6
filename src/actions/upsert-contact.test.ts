import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  errorList,
  type Received,
  type Reply,
  scriptedIntercom,
} from '../../test/support/scripted-intercom.ts'
import { portTo } from '../core/port.ts'
import { upsertContact } from './upsert-contact.ts'

const email = 'ada@example.com'
const user = { type: 'contact', id: 'aaaaaaaaaaaaaaaaaaaaaaaa', role: 'user', email, external_id: 'A-1' }
const lead = { type: 'contact', id: 'bbbbbbbbbbbbbbbbbbbbbbbb', role: 'lead', email, external_id: 'uuid' }
const found = (...data: object[]): Reply => ({
  json: { type: 'list', data, total_count: data.length, pages: {} },
})
const sent = (received: Received[]) => received.map(({ method, path }) => `${method} ${path}`)
const search = 'POST /contacts/search'
const archived = {
  status: 409,
  json: errorList('conflict', `An archived contact matching those details already exists with id=${user.id}`),
}

test('nobody found: the contact is created, and only the given fields are sent', async () => {
  const server = await scriptedIntercom([found(), { json: user }])
  const fields = {
    email,
    unsubscribed_from_emails: false,
    custom_attributes: { seats: 0, plan: '', note: null },
  }
  const output = await server.intercom.upsertContact({ ...fields, clear: ['name', 'custom_attributes.city'] })
  assert.deepEqual(output, { success: true, error: null, action_type: 'created', contact: user })
  assert.deepEqual(sent(server.received), [search, 'POST /contacts'])
  assert.deepEqual(server.received[1]?.body, fields)
  await server.close()
})

test('one found: it is updated', async () => {
  const server = await scriptedIntercom([found(lead), { json: { ...lead, role: 'user' } }])
  const output = await server.intercom.upsertContact({ email, role: 'user' })
  assert.equal(output.action_type, 'updated')
  assert.deepEqual(sent(server.received), [search, `PUT /contacts/${lead.id}`])
  assert.deepEqual(server.received[1]?.body, { email, role: 'user' })
  await server.close()
})

test('with an external_id the search asks for both in one OR query', async () => {
  const server = await scriptedIntercom([found(user), { json: user }])
  await server.intercom.upsertContact({ email, external_id: 'A-1' })
  assert.deepEqual(server.received[0]?.body, {
    query: {
      operator: 'OR',
      value: [
        { field: 'email', operator: '=', value: email },
        { field: 'external_id', operator: '=', value: 'A-1' },
      ],
    },
    pagination: { per_page: 150 },
  })
  await server.close()
})

test('a failed search ends the action: it does not read as "nobody found"', async () => {
  for (const status of [401, 429, 500]) {
    const reply = { status, json: errorList('some_code', 'No') }
    const limited = { ...reply, headers: { 'retry-after': '60' } }
    const server = await scriptedIntercom([status === 429 ? limited : reply], {
      accessToken: `token_of_${status}`,
      deadlineMs: 20_000,
    })
    const { output, failure } = await server.intercom.call('upsert_contact', { email })
    assert.deepEqual([output.success, output.contact, failure?.status], [false, null, status])
    assert.deepEqual(new Set(sent(server.received)), new Set([search]))
    await server.close()
  }
})

const refused: [string, object[], string[]][] = [
  ['a user with another external_id', [user], [user.id, 'A-1', 'B-2']],
  ['two leads', [lead, { ...lead, id: 'cccccccccccccccccccccccc' }], [lead.id, 'cccccccccccccccccccccccc']],
  [
    'two users',
    [user, { ...user, id: 'cccccccccccccccccccccccc', external_id: null }],
    [user.id, 'cccccccccccccccccccccccc'],
  ],
  [
    'e-mail and external_id of two contacts',
    [user, { ...lead, email: 'else@example.com', external_id: 'B-2' }],
    [user.id, lead.id],
  ],
]

for (const [what, matches, named] of refused) {
  test(`${what}: refused, all named, nothing changed`, async () => {
    const server = await scriptedIntercom([found(...matches)])
    const { output, failure } = await server.intercom.call('upsert_contact', { email, external_id: 'B-2' })
    assert.equal(output.success, false)
    assert.equal(failure?.outcome, 'not_sent')
    for (const id of named) assert.ok(output.error?.includes(id), output.error ?? '')
    assert.match(String(output.error), /Nothing was changed/)
    assert.deepEqual(sent(server.received), [search])
    await server.close()
  })
}

test('more matches than a page holds are refused', async () => {
  const json = { data: [lead], total_count: 151, pages: { next: { page: 2, starting_after: 'x' } } }
  const server = await scriptedIntercom([{ json }])
  const { failure } = await server.intercom.call('upsert_contact', { email })
  assert.equal(failure?.code, 'ambiguous_contact')
  assert.deepEqual(sent(server.received), [search])
  await server.close()
})

test('several found: the one with the external_id, else the only user', async () => {
  const keyed = { ...lead, id: 'cccccccccccccccccccccccc', external_id: 'C-3' }
  for (const [fields, chosen] of [
    [{ email, external_id: 'C-3' }, keyed],
    [{ email }, user],
    [{ email: email.toUpperCase(), external_id: 'A-1' }, user],
  ] as const) {
    const server = await scriptedIntercom([found(lead, user, keyed), { json: chosen }])
    assert.equal((await server.intercom.upsertContact(fields)).action_type, 'updated')
    assert.deepEqual(sent(server.received), [search, `PUT /contacts/${chosen.id}`])
    await server.close()
  }
})

test('a 409 after a search that lagged updates the contact it names', async () => {
  const conflict = errorList('conflict', `A contact matching those details already exists with id=${user.id}`)
  const server = await scriptedIntercom([found(), { status: 409, json: conflict }, { json: user }])
  assert.equal((await server.intercom.upsertContact({ email })).action_type, 'updated')
  assert.deepEqual(sent(server.received), [search, 'POST /contacts', `PUT /contacts/${user.id}`])
  await server.close()
})

test('a contact that a 409 names, and that the call does not get to update, may be its own: unknown', async () => {
  const conflict = errorList('conflict', `A contact matching those details already exists with id=${user.id}`)
  const reset = String(Math.floor(Date.now() / 1000) + 50)
  const headers = {
    'X-RateLimit-Limit': '100',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': reset,
  }
  const server = await scriptedIntercom([found(), { status: 409, json: conflict, headers }, { json: user }], {
    deadlineMs: 5000,
  })
  const { failure } = await server.intercom.call('upsert_contact', { email })
  assert.deepEqual(sent(server.received), [search, 'POST /contacts'])
  assert.deepEqual([failure?.code, failure?.outcome], ['deadline_exceeded', 'unknown'])
  assert.match(
    String(failure?.hint),
    /has this e-mail or external_id\. It may have been created by this call/,
  )
  await server.close()
})

test('a 409 that names an archived contact unarchives it first', async () => {
  const server = await scriptedIntercom([found(), archived, { json: {} }, { json: user }])
  assert.equal((await server.intercom.upsertContact({ email })).action_type, 'updated')
  assert.deepEqual(sent(server.received).slice(2), [
    `POST /contacts/${user.id}/unarchive`,
    `PUT /contacts/${user.id}`,
  ])
  await server.close()
})

test('unarchiving is repeated when its answer is lost: twice is the same as once', async () => {
  const lost = { status: 502, json: {} }
  const server = await scriptedIntercom([found(), archived, lost, { json: {} }, { json: user }])
  assert.equal((await server.intercom.upsertContact({ email })).action_type, 'updated')
  assert.equal(sent(server.received).filter((one) => one.endsWith('/unarchive')).length, 2)
  await server.close()
})

test('an update that fails after unarchiving says that the contact was unarchived', async () => {
  const script: Reply[] = [found(), archived, { json: {} }, { status: 500, json: {} }]
  const server = await scriptedIntercom(script)
  const { error } = await server.intercom.upsertContact({ email })
  assert.match(String(error), /has been unarchived/)
  await server.close()
})

test('a 409 by e-mail does not re-key a user with another external_id', async () => {
  const conflict = errorList('conflict', `A contact matching those details already exists with id=${user.id}`)
  const server = await scriptedIntercom([found(), { status: 409, json: conflict }, { json: user }])
  const { output, failure } = await server.intercom.call('upsert_contact', { email, external_id: 'B-2' })
  assert.deepEqual([output.success, failure?.code], [false, 'external_id_conflict'])
  assert.deepEqual(sent(server.received).slice(2), [`GET /contacts/${user.id}`])
  await server.close()
})

test('a 409 that names nobody is the failure itself', async () => {
  for (const message of ['Twice', `Twice with id=${user.id.slice(1)}`, `Twice with id=${user.id}0`]) {
    const server = await scriptedIntercom([found(), { status: 409, json: errorList('conflict', message) }])
    const { failure } = await server.intercom.call('upsert_contact', { email })
    assert.deepEqual([failure?.status, failure?.code, server.received.length], [409, 'conflict', 2])
    await server.close()
  }
})

test('a user cannot become a lead, and the error says so', async () => {
  const error = errorList('client_error', "Contact with user role can't be converted to a lead")
  const server = await scriptedIntercom([found(user), { status: 400, json: error }])
  const output = await server.intercom.upsertContact({ email, role: 'lead' })
  assert.match(String(output.error), /A user cannot become a lead/)
  await server.close()
})

test('the hint about leads is given for that refusal only', async () => {
  const error = errorList('parameter_invalid', "Custom attribute 'nope' does not exist")
  const server = await scriptedIntercom([found(lead), { status: 400, json: error }])
  const output = await server.intercom.upsertContact({ email, role: 'lead', custom_attributes: { nope: 1 } })
  assert.doesNotMatch(String(output.error), /cannot become a lead/)
  await server.close()
})

test('creating a lead may not be repeated when its outcome is unclear, creating a user may', async () => {
  for (const [role, retryable] of [
    ['lead', false],
    ['user', true],
    [undefined, true],
  ] as const) {
    const server = await scriptedIntercom([found(), { status: 502, json: {} }])
    const { failure } = await server.intercom.call('upsert_contact', { email, role })
    assert.deepEqual([failure?.outcome, failure?.retryable], ['unknown', retryable])
    await server.close()
  }
})

test('a search answer that does not fit the question changes nothing', async () => {
  const odd = [
    { data: [{ ...user, email: 'other@example.com' }] },
    { data: [{ ...user, id: undefined }] },
    { data: [null] },
    { data: [], total_count: 5 },
  ]
  for (const json of odd) {
    const server = await scriptedIntercom([{ json }, { json: user }])
    const { output, failure } = await server.intercom.call('upsert_contact', { email })
    assert.deepEqual([output.success, failure?.code], [false, 'unreadable_answer'])
    assert.deepEqual(sent(server.received), [search])
    await server.close()
  }
})

test('after unarchiving, a refusal says so and is not called "not sent"', async () => {
  const server = await scriptedIntercom([found(), archived, { json: {} }, { json: user }])
  const { output, failure } = await server.intercom.call('upsert_contact', { email, external_id: 'B-2' })
  assert.match(String(output.error), /has been unarchived\. Nothing else was changed/)
  assert.equal(failure?.outcome, 'rejected')
  await server.close()
})

test('what JSON would change without a word is refused', async () => {
  const server = await scriptedIntercom([found(), { json: user }])
  const loop: Record<string, unknown> = {}
  loop['self'] = loop
  for (const value of [Number.NaN, 10n, () => 1, undefined, new Date(), new Map(), loop]) {
    const output = await server.intercom.upsertContact({ email, custom_attributes: { value } })
    assert.equal(output.success, false, String(value))
  }
  assert.equal(server.received.length, 0)
  const odd = JSON.parse('{"__proto__": 1, "a": null}')
  await server.intercom.upsertContact({ email, custom_attributes: odd })
  assert.equal(
    JSON.stringify(server.received[1]?.body),
    `{"email":"${email}","custom_attributes":{"__proto__":1,"a":null}}`,
  )
  await server.close()
})

test('a lead that lost its answer is read back by its e-mail and, where one was given, its external_id', async () => {
  const { verify } = upsertContact
  assert.ok(verify)
  const shown = [
    { ...lead, id: 'a', created_at: 12 },
    { ...lead, id: 'b', created_at: 11, external_id: 'other' },
    { ...user, id: 'c', created_at: 13, external_id: 'uuid' },
    { ...lead, id: 'd', created_at: 14, email: 'else@example.com' },
  ]
  const seen = async (fields: { email: string; external_id?: string }) => {
    const matches = shown.filter((one) => one.email === email || one.external_id === fields.external_id)
    const { items } = await verify.look(
      portTo(async () => ({ data: [null, { id: 7 }, ...matches] })), // odd entries hide no lead
      fields,
      0,
    )
    return items.map(({ id, same }) => `${id} ${same}`)
  }
  assert.deepEqual(await seen({ email, external_id: 'uuid' }), ['b false', 'a true', 'd false'])
  assert.deepEqual(await seen({ email }), ['b true', 'a true'])
})

test('a search result counts by the e-mail in any case, or by the external_id', async () => {
  for (const [match, fields] of [
    [{ ...user, email: 'ADA@Example.com' }, { email }],
    [user, { email: 'ADA@Example.com' }],
    [
      { ...user, email: 'old@example.com' },
      { email, external_id: 'A-1' },
    ],
    [
      { ...user, email: null },
      { email, external_id: 'A-1' },
    ],
    [user, { email, external_id: 'A-1' }],
    [
      { ...user, external_id: null },
      { email, external_id: 'A-1' },
    ],
    [lead, { email, external_id: 'B-2' }],
  ] as const) {
    const server = await scriptedIntercom([found(match), { json: match }])
    assert.equal((await server.intercom.upsertContact(fields)).action_type, 'updated')
    assert.deepEqual(sent(server.received), [search, `PUT /contacts/${match.id}`])
    await server.close()
  }
})

test('a blank text is refused, since it would empty a field that nobody named', async () => {
  const server = await scriptedIntercom([found(user), { json: user }])
  for (const field of ['name', 'phone', 'avatar', 'external_id']) {
    for (const blank of ['', ' \t', '\u200b']) {
      const { output, failure } = await server.intercom.call('upsert_contact', { email, [field]: blank })
      assert.deepEqual([output.success, failure?.code, failure?.field], [false, 'invalid_input', field])
      assert.match(
        String(output.error),
        new RegExp(`${field} is empty; to empty it, use clear: \\["${field}"\\]`),
      )
    }
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

test('what clear names is emptied as Intercom takes it, and nothing else changes', async () => {
  const server = await scriptedIntercom([found(user), { json: user }])
  const clear = ['name', 'phone', 'avatar', 'external_id', 'custom_attributes.plan', 'name']
  await server.intercom.upsertContact({ email, custom_attributes: { seats: 3 }, clear })
  const empty = { name: null, phone: null, avatar: null, external_id: '' }
  assert.deepEqual(server.received[1]?.body, { email, ...empty, custom_attributes: { seats: 3, plan: null } })
  await server.close()
})

test('a contact that a 409 names is an update, so its fields are emptied', async () => {
  const conflict = errorList('conflict', `A contact matching those details already exists with id=${user.id}`)
  const server = await scriptedIntercom([found(), { status: 409, json: conflict }, { json: user }])
  await server.intercom.upsertContact({ email, clear: ['custom_attributes.a.b'] })
  assert.deepEqual(
    server.received.slice(1).map(({ body }) => body),
    [{ email }, { email, custom_attributes: { 'a.b': null } }],
  )
  await server.close()
})

test('clear refuses what it cannot empty, and a field that is given a value too', async () => {
  const server = await scriptedIntercom([found(user), { json: user }])
  for (const [input, says] of [
    [{ clear: ['phon'] }, /clear takes name, phone, .* not "phon"\. Did you mean "phone"\?/],
    [{ clear: ['Name'] }, /Did you mean "name"\?/],
    [{ clear: ['name, phone'] }, /each by itself in the list, not "name, phone"\. Nothing was sent\.$/],
    [{ clear: ['user_id'] }, /Did you mean "external_id"\?/],
    [{ clear: ['plan'] }, /Did you mean "custom_attributes\.plan"\?/],
    [{ clear: ['custom_attribute.plan'] }, /Did you mean "custom_attributes\.plan"\?/],
    [{ clear: ['email'] }, /not "email"\. Nothing was sent\.$/],
    [{ clear: ['custom_attributes'] }, /not "custom_attributes"\. Nothing was sent\.$/],
    [{ clear: ['custom_attributes.'] }, /not "custom_attributes\."\. Nothing was sent\.$/],
    [{ clear: ['__proto__'] }, /not "__proto__"/],
    [{ clear: 'name' }, /clear must be an array, not a string/],
    [{ clear: ['phone'], phone: '+1' }, /clear names "phone", which is also given a value/],
    [
      { clear: ['custom_attributes.plan'], custom_attributes: { plan: '' } },
      /clear names "custom_attributes\.plan", which is also given a value/,
    ],
  ] as const) {
    const { output, failure } = await server.intercom.call('upsert_contact', { email, ...input } as never)
    assert.deepEqual([output.success, failure?.code, failure?.field], [false, 'invalid_input', 'clear'])
    assert.match(String(output.error), says)
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

test('the plan of a dry run shows what would be emptied', async () => {
  const server = await scriptedIntercom([found(user)], { dryRun: true })
  const { contact } = await server.intercom.upsertContact({
    email,
    clear: ['phone', 'custom_attributes.plan'],
  })
  assert.partialDeepStrictEqual(contact, {
    method: 'PUT',
    body: { email, phone: null, custom_attributes: { plan: null } },
  })
  await server.close()
})

test('the external_id’s own contact is updated though others have the e-mail, unless two have it', async () => {
  const other = { ...lead, id: 'cccccccccccccccccccccccc' }
  const server = await scriptedIntercom([found(other, user), { json: user }])
  assert.equal((await server.intercom.upsertContact({ email, external_id: 'A-1' })).action_type, 'updated')
  assert.equal(sent(server.received)[1], `PUT /contacts/${user.id}`)
  await server.close()
  const twice = await scriptedIntercom([found(user, { ...user, id: other.id })])
  const { output, failure } = await twice.intercom.call('upsert_contact', { email, external_id: 'A-1' })
  assert.deepEqual([output.success, failure?.code], [false, 'ambiguous_contact'])
  await twice.close()
})

test('a contact that was created and cannot be read is a failure, one that is gone is created again', async () => {
  for (const [status, last] of [
    [404, 'POST /contacts'],
    [403, `GET /contacts/${user.id}`],
  ] as const) {
    const server = await scriptedIntercom(({ method, path }) => {
      if (path.endsWith('search')) return found()
      return method === 'GET' ? { status, json: errorList('x', 'No') } : { json: user }
    })
    await server.intercom.upsertContact({ email })
    const { success } = await server.intercom.upsertContact({ email: email.toUpperCase() })
    assert.deepEqual([success, sent(server.received).at(-1)], [status === 404, last])
    await server.close()
  }
})

test('after unarchiving, an update that may have taken effect says so', async () => {
  const script: Reply[] = [found(), archived, { json: {} }, { status: 500, json: {} }]
  const server = await scriptedIntercom(script)
  const { failure } = await server.intercom.call('upsert_contact', { email })
  assert.equal(failure?.outcome, 'unknown')
  assert.match(String(failure?.hint), /has been unarchived\. It may have taken effect; repeating it is safe/)
  await server.close()
})

const unseen: [fields: Record<string, string>, field: string, right: string][] = [
  [{ email: ' ada@example.com' }, 'email', 'ada@example.com'],
  [{ email: 'mailto:ada@example.com' }, 'email', 'ada@example.com'],
  [{ email: 'Ada <ada@example.com>' }, 'email', 'ada@example.com'],
  [{ email: 'ada@example.com.' }, 'email', 'ada@example.com'],
  [{ email: 'a\u200bda@example.com' }, 'email', 'ada@example.com'],
  [{ external_id: 'A-1\n' }, 'external_id', 'A-1'],
  [{ external_id: 'A\u200b-1' }, 'external_id', 'A-1'],
  [{ external_id: '\ufeffA-1' }, 'external_id', 'A-1'],
  [{ phone: '\u202a+49 30 1234\u202c' }, 'phone', '+49 30 1234'],
]
for (const [fields, field, right] of unseen) {
  test(`${JSON.stringify(fields)} would make a twin: refused with what is right`, async () => {
    const server = await scriptedIntercom([found()])
    const { output, failure } = await server.intercom.call('upsert_contact', { email, ...fields })
    assert.ok(String(output.error).includes(`write ${right}. Nothing was sent.`), String(output.error))
    assert.deepEqual([failure?.field, server.received.length], [field, 0])
    await server.close()
  })
}

test('an address whose accents are decomposed is sent composed, and found in either form', async () => {
  const [composed, decomposed] = ['jos\u00e9@example.com', 'jose\u0301@example.com']
  for (const given of [composed, decomposed]) {
    const known = { ...user, email: decomposed, external_id: null }
    const server = await scriptedIntercom([found(known), { json: known }])
    const { action_type } = await server.intercom.upsertContact({ email: given })
    assert.equal(action_type, 'updated')
    const byEmail = (value: string) => ({ field: 'email', operator: '=', value })
    assert.deepEqual(
      server.received.map(({ body }) => body),
      [
        {
          query: { operator: 'OR', value: [byEmail(composed), byEmail(decomposed)] },
          pagination: { per_page: 150 },
        },
        { email: composed },
      ],
    )
    await server.close()
  }
})

const known = { contact_id: lead.id, email, name: 'Ada' }

test('with contact_id nothing is searched: that contact is read and updated', async () => {
  for (const given of [email, email.toUpperCase()]) {
    const server = await scriptedIntercom([{ json: lead }, { json: { ...lead, name: 'Ada' } }])
    const output = await server.intercom.upsertContact({ ...known, email: given })
    assert.deepEqual([output.action_type, output.contact?.name], ['updated', 'Ada'])
    assert.deepEqual(sent(server.received), [`GET /contacts/${lead.id}`, `PUT /contacts/${lead.id}`])
    assert.deepEqual(server.received[1]?.body, { email: given, name: 'Ada' })
    await server.close()
  }
})

for (const [what, stored, given, problem] of [
  ['another e-mail', { ...lead, email: 'b@example.com' }, known, /has the e-mail "b@example.com", not "ada@/],
  [
    'no e-mail',
    { ...lead, email: null },
    known,
    /has no e-mail, not "ada@example.com"\. Nothing was changed/,
  ],
  ['another external_id', user, { ...known, external_id: 'B-2' }, /is a user with external_id "A-1"/],
] as const)
  test(`a contact_id whose contact has ${what} is refused, and nothing is changed`, async () => {
    const server = await scriptedIntercom([{ json: stored }])
    const { output, failure } = await server.intercom.call('upsert_contact', given)
    assert.match(String(output.error), problem)
    assert.equal(failure?.outcome, 'not_sent')
    assert.deepEqual(sent(server.received), [`GET /contacts/${lead.id}`])
    await server.close()
  })

test('a contact_id that nobody has creates nobody', async () => {
  const server = await scriptedIntercom([{ status: 404, json: errorList('not_found', 'User Not Found') }])
  const { output, failure } = await server.intercom.call('upsert_contact', known)
  assert.match(String(output.error), /404 not_found.*Nothing was changed\. Find the id with search_contacts/)
  assert.deepEqual([failure?.status, server.received.length], [404, 1])
  await server.close()
})

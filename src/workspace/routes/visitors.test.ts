import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { insertVisitor } from '../store/visitors.ts'

function deskWithVisitor(given: { name?: string; email?: string } = {}) {
  const desk = openDesk()
  const { id, external_id } = desk.store.write(() => insertVisitor(desk.store, given))
  const convert = (user: object, type = 'user', visitor: object = { user_id: external_id }) =>
    desk.ok('POST', '/visitors/convert', { visitor, user, type })
  return { ...desk, id, user_id: external_id, convert }
}

test('a visitor is found by user_id and changed by either id, and is in no list of contacts', () => {
  const { ok, refused, id, user_id } = deskWithVisitor()
  const before = ok('GET', `/visitors?user_id=${user_id}`)
  assert.deepEqual(
    [before.type, before.id, before.anonymous, before.email, before.name],
    ['visitor', id, true, '', null],
  )
  const named = ok('PUT', '/visitors', { id, name: 'Gareth Bale' })
  assert.equal(named.name, 'Gareth Bale')
  const shown = ok('PUT', '/visitors', { id, name: "Gareth O'Bale" }).name
  assert.deepEqual(
    [shown, ok('PUT', '/visitors', { id, name: shown }).name],
    ['Gareth O&#39;Bale', 'Gareth O&#39;Bale'],
  )
  ok('PUT', '/visitors', { id, name: 'Gareth Bale' })
  const changed = ok('PUT', '/visitors', { user_id, custom_attributes: { plan: 'pro' } })
  assert.deepEqual(changed, { ...named, custom_attributes: { plan: 'pro' } })
  assert.equal(ok('GET', '/contacts').total_count, 0)
  const query = { field: 'external_id', operator: '=', value: user_id }
  assert.equal(ok('POST', '/contacts/search', { query }).total_count, 0)
  for (const [method, path] of [
    ['GET', `/contacts/${id}`],
    ['DELETE', `/contacts/${id}`],
  ] as const) {
    assert.match(refused(method, path), /^404 not_found/)
  }
  assert.equal(refused('GET', '/visitors?user_id=fail'), '404 not_found: Visitor Not Found')
  assert.equal(
    refused('PUT', '/visitors', { user_id: 'fail', name: 'x' }),
    '404 not_found: Visitor Not Found',
  )
  assert.match(refused('GET', '/visitors'), /^400 parameter_not_found: user_id/)
  assert.match(refused('PUT', '/visitors', { name: 'x' }), /^400 parameter_not_found: id or user_id/)
})

test('a visitor becomes a contact of the same id with the given identifiers', () => {
  for (const [type, user, external] of [
    ['user', { email: 'foo@bar.com' }, null],
    ['user', { user_id: 'u7', email: 'foo@bar.com' }, 'u7'],
    ['user', { user_id: 'u7' }, 'u7'],
    ['lead', { email: 'foo@bar.com' }, undefined],
    ['user', { id: '8a88a590-e1c3-41e2-a502-e0649dbf721c', email: 'foo@bar.com' }, null],
  ] as const) {
    const { ok, refused, convert, id, user_id } = deskWithVisitor({ name: 'Jo' })
    const made = convert(user, type)
    const { email = null } = user as { email?: string }
    assert.deepEqual(
      [made.id, made.role, made.external_id, made.email, made.name],
      [id, type, external === undefined ? user_id : external, email, 'Jo'],
    )
    assert.deepEqual(ok('GET', `/contacts/${id}`), made)
    assert.match(refused('GET', `/visitors?user_id=${user_id}`), /^404/)
  }
})

test('who exists already takes the visitor in, whose name only fills a gap', () => {
  for (const key of ['id', 'user_id', 'email']) {
    const { ok, refused, user, convert, id, user_id } = deskWithVisitor({ name: 'Jo' })
    ok('PUT', '/visitors', { id, custom_attributes: { plan: 'pro' } })
    const ann = user({ external_id: 'u1', email: 'ann@example.com' })
    const made = convert({ [key]: key === 'id' ? ann.id : key === 'user_id' ? 'u1' : 'ANN@example.com' })
    assert.deepEqual([made.id, made.name, made.custom_attributes.plan], [ann.id, 'Jo', 'pro'])
    assert.equal(ok('GET', '/contacts').total_count, 1)
    assert.match(refused('GET', `/contacts/${id}`), /^404/)
    assert.match(refused('GET', `/visitors?user_id=${user_id}`), /^404/)
  }
})

test('who cannot be converted is refused', () => {
  const { refused, user_id } = deskWithVisitor()
  const convert = (body: object) => refused('POST', '/visitors/convert', body)
  const visitor = { user_id }
  const user = { email: 'foo@bar.com' }
  assert.equal(convert({ visitor: { user_id: 'x' }, user, type: 'user' }), '404 not_found: Visitor Not Found')
  assert.match(
    convert({ visitor, user: { id: 'f'.repeat(24) }, type: 'user' }),
    /^404 not_found: User Not Found/,
  )
  assert.match(convert({ visitor, user }), /^400 parameter_not_found: type/)
  assert.match(convert({ visitor, type: 'user' }), /^400 parameter_not_found: user/)
  assert.match(convert({ user, type: 'user' }), /^400 parameter_not_found: visitor/)
  assert.match(convert({ visitor, user, type: 'contact' }), /^400 parameter_invalid/)
  assert.match(convert({ visitor, user: { email: 'no address' }, type: 'user' }), /Email is invalid/)
  assert.match(convert({ visitor: 'x', user, type: 'user' }), /^400 type_mismatch/)
})

test('a visitor who writes becomes a lead', () => {
  const { ok, id, user_id } = deskWithVisitor()
  const from = { type: 'contact', id }
  const { conversation_id } = ok('POST', '/conversations', { from, body: 'Hello' })
  const { role, external_id } = ok('GET', `/contacts/${id}`)
  assert.deepEqual([role, external_id], ['lead', user_id])
  assert.equal(ok('GET', `/conversations/${conversation_id}`).contacts.contacts[0].id, id)
})

test('a call is redirected to a number in E.164, and attributes go to the contact who has it', () => {
  const { ok, call, user } = deskWithVisitor()
  const ann = user({ email: 'ann@example.com', phone: '+353832345678' })
  const custom_attributes = { plan: 'pro' }
  const made = ok('POST', '/phone_call_redirects', { phone: '+353 83 234 5678', custom_attributes })
  assert.deepEqual([made.type, made.phone], ['phone_call_redirect', '+353832345678'])
  assert.match(made.url, /^http:\/\/via\.intercom\.io\/msgr\/[0-9a-f-]{36}$/)
  assert.equal(ok('GET', `/contacts/${ann.id}`).custom_attributes.plan, 'pro')
  for (const phone of ['083 234 5678', '+0832345678', '+1', 'call me', '', undefined]) {
    const { status, json } = call('POST', '/phone_call_redirects', { phone })
    assert.deepEqual(
      [status, json],
      [400, { error_key: 'invalid_phone_number', message: 'Invalid phone number' }],
    )
  }
  const unknown = call('POST', '/phone_call_redirects', {
    phone: '+353832345678',
    custom_attributes: { nope: 1 },
  })
  assert.equal(unknown.status, 400)
})

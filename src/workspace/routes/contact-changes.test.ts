import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

/** A desk that writes down the topics it hears. */
function listening() {
  const desk = openDesk()
  const heard: string[] = []
  desk.store.announcements = { wants: () => true, add: (topic: string) => heard.push(topic) } as never
  return { ...desk, heard: () => heard.splice(0) }
}

test('what happens to a contact is announced in the words of its role', () => {
  const { lead, ok, heard } = listening()
  const { id } = lead()
  assert.deepEqual(heard(), ['contact.lead.created'])
  ok('PUT', `/contacts/${id}`, { email: 'a@example.com' })
  assert.deepEqual(heard(), ['contact.lead.updated', 'contact.email.updated', 'contact.lead.added_email'])
  ok('PUT', `/contacts/${id}`, { role: 'user', unsubscribed_from_emails: true })
  assert.deepEqual(heard(), ['contact.user.updated', 'contact.lead.signed_up', 'contact.unsubscribed'])
  ok('POST', '/tags', { name: 'Gold', users: [{ id }] })
  ok('POST', '/tags', { name: 'Gold', users: [{ id }] })
  ok('POST', '/tags', { name: 'Gold', users: [{ id, untag: true }] })
  assert.deepEqual(heard(), ['contact.user.tag.created', 'contact.user.tag.deleted'])
  ok('POST', `/contacts/${id}/archive`)
  ok('POST', `/contacts/${id}/archive`)
  ok('POST', `/contacts/${id}/unarchive`)
  ok('DELETE', `/contacts/${id}`)
  assert.deepEqual(heard(), ['contact.archived', 'contact.unarchive', 'contact.deleted'])
})

test('companies, events, subscriptions and merges are announced', () => {
  const { lead, user, ok, call, heard } = listening()
  const [from, into] = [lead(), user({ email: 'a@example.com' })]
  heard()
  const { id } = ok('POST', '/companies', { company_id: 'c' })
  ok('PUT', `/companies/${id}`, { name: 'C' })
  ok('POST', `/contacts/${into.id}/companies`, { id })
  ok('POST', `/contacts/${into.id}/companies`, { id })
  ok('DELETE', `/contacts/${into.id}/companies/${id}`)
  ok('DELETE', `/companies/${id}`)
  assert.deepEqual(heard(), [
    ...['company.created', 'company.updated', 'company.contact.attached', 'company.contact.detached'],
    'company.deleted',
  ])
  const [type] = ok('GET', '/subscription_types').data
  ok('POST', `/contacts/${into.id}/subscriptions`, { id: type.id, consent_type: 'opt_out' })
  ok('DELETE', `/contacts/${into.id}/subscriptions/${type.id}`)
  call('POST', '/events', { id: into.id, event_name: 'x', created_at: 1 })
  ok('POST', '/contacts/merge', { from: from.id, into: into.id })
  assert.deepEqual(heard(), [
    ...['contact.unsubscribed', 'contact.subscribed', 'event.created', 'contact.merged'],
  ])
})

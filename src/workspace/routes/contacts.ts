import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import { ApiError, invalid, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { noInput } from '../http/input.ts'
import { isAtLeast } from '../http/versions.ts'
import { contact, parseObject } from '../shapes/contact.ts'
import { companiesSeen, countInCompanies } from '../store/companies.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { foldedContact } from '../store/folded-contact.ts'
import { purgeDeleted } from '../store/purge.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { announceChange } from './contact-changes.ts'
import { readContactFields, refuseTaken } from './contact-fields.ts'
import { contactList, searchContacts } from './contact-list.ts'
import { mergeAttributes } from './custom-attributes.ts'
import { activeContact, anyContact, inGrace } from './find-contact.ts'

function create(call: RouteCall) {
  const { store, body } = call
  purgeDeleted(store)
  const fields = readContactFields(store, body)
  if (!fields.email && !fields.external_id && fields.role === undefined) {
    throw invalid('At least one of email, external_id or role is required')
  }
  const role = fields.role ?? 'user'
  if (role === 'user' && !fields.email && !fields.external_id) {
    throw invalid('A user needs an email or an external_id')
  }
  const custom = mergeAttributes(store, 'contact', {}, body.object('custom_attributes') ?? noInput)
  // Leads get an external id of their own when none is given (docs/intercom-api.md 2.3).
  const external_id = fields.external_id ?? (role === 'lead' ? randomUUID() : null)
  refuseTaken(store, { role, external_id, email: fields.email ?? null })
  const avatar = fields.avatar ?? (role === 'lead' ? pseudonymAvatar(external_id ?? '') : null)
  const { id } = store.insertContact({
    ...fields,
    role,
    external_id,
    avatar,
    created_at: seconds(store.clock),
    custom_attributes: custom,
  })
  const made = activeContact(store, id)
  announce(call, `contact.${role}.created`, () => contact(store, made))
  return contact(store, made)
}

const pseudonyms = [
  'azure_zebra',
  'coral_kite',
  'indigo_anchor',
  'lilac_comet',
  'olive_bicycle',
  'teal_umbrella',
]

/** The picture of a nameless lead (docs/intercom-api.md 2.3). */
function pseudonymAvatar(seed: string): string {
  let sum = 0
  for (let i = 0; i < seed.length; i++) sum += seed.charCodeAt(i)
  const name = pseudonyms[sum % pseudonyms.length]
  return `https://static.intercomassets.com/app/pseudonym_avatars_2019/${name}.png`
}

function update(call: RouteCall) {
  const { store, params, body } = call
  purgeDeleted(store)
  const row = activeContact(store, params['id'])
  const fields = readContactFields(store, body)
  if (row.role === 'user' && fields.role === 'lead') {
    throw new ApiError(400, 'client_error', "Contact with user role can't be converted to a lead")
  }
  const next = { role: row.role, external_id: row.external_id, email: row.email, name: row.name, ...fields }
  refuseTaken(store, next, row)
  const given = body.object('custom_attributes')
  const custom = parseObject(row.custom_attributes)
  const merged = given ? mergeAttributes(store, 'contact', custom, given) : custom
  if (given) store.setContactAttributes(row.seq, merged)
  store.update('contacts', row.seq, row, {
    ...fields,
    ...foldedContact(next),
    custom_attributes: merged,
    updated_at: seconds(store.clock),
  })
  if (fields.name !== undefined || fields.email !== undefined) {
    store.db.run(
      'UPDATE conversations SET source_author_name = ?, source_author_email = ? WHERE source_author_id = ?',
      next.name,
      next.email,
      row.id,
    )
  }
  if (fields.last_seen_at !== undefined) companiesSeen(store, row.seq)
  const changed = activeContact(store, row.id)
  announceChange(call, row, changed)
  return contact(store, changed)
}

function remove(call: RouteCall) {
  const { store, params } = call
  purgeDeleted(store)
  const row = livingContact(store, params['id'])
  if (row.standing === 'active') countInCompanies(store, row.seq, -1)
  const now = seconds(store.clock)
  store.update('contacts', row.seq, row, { standing: 'deleted', deleted_at: now, updated_at: now })
  const { id, external_id } = row
  announce(call, 'contact.deleted', { id, type: 'contact', deleted: true })
  return { id, external_id, type: 'contact', deleted: true }
}

function archive(archived: boolean) {
  return (call: RouteCall) => {
    const { store, params } = call
    purgeDeleted(store)
    if (!archived) refuseDeleted(store, params['id'])
    const row = livingContact(store, params['id'])
    const standing = archived ? 'archived' : 'active'
    const answer = { id: row.id, external_id: row.external_id, type: 'contact', archived }
    // Unarchiving what is not archived is 200 (docs/intercom-api.md 9).
    if (row.standing !== standing) {
      store.update('contacts', row.seq, row, { standing, updated_at: seconds(store.clock) })
      countInCompanies(store, row.seq, archived ? -1 : 1)
      if (archived) announce(call, 'contact.archived', answer)
      else announce(call, 'contact.unarchive', () => contact(store, anyContact(store, row.id) ?? row))
    }
    return answer
  }
}

/** Active or archived: both can be archived, unarchived and deleted (docs/intercom-api.md 3.2). */
function livingContact(store: Store, id: string | undefined): ContactRow {
  const row = anyContact(store, id)
  if (row?.standing === 'active' || row?.standing === 'archived') return row
  throw notFound('Contact Not Found')
}

function refuseDeleted(store: Store, id: string | undefined): void {
  const row = anyContact(store, id)
  if (row === undefined || !inGrace(store, row)) return
  const message = 'Contact is marked for permanent deletion and is not restorable'
  throw new ApiError(400, 'not_restorable', message)
}

const mostHops = 3

/** From 2.16 on a merged contact tells where it went, instead of a 404 (docs/intercom-api.md 3.2). */
function refuseMerged(store: Store, id: string | undefined, version: string): void {
  let row = anyContact(store, id)
  if (row?.standing !== 'merged' || !isAtLeast(version, '2.16')) return
  for (let hop = 0; hop < mostHops && row?.standing === 'merged'; hop++) {
    row = anyContact(store, row.merged_into ?? undefined)
  }
  if (row?.standing !== 'active') return
  const message = "This contact has been merged. See the 'Link' header for the canonical contact."
  const error = new ApiError(410, 'contact_merged', message)
  error.link = `</contacts/${row.id}>; rel="canonical"`
  throw error
}

/** Contacts: docs/intercom-api.md 3.2. */
export const contactRoutes: readonly Route[] = [
  { method: 'GET', path: '/contacts', handle: contactList },
  { method: 'POST', path: '/contacts', handle: create },
  { method: 'POST', path: '/contacts/search', handle: searchContacts, reads: true },
  {
    method: 'GET',
    path: '/contacts/:id',
    handle: ({ store, params, version }) => {
      refuseMerged(store, params['id'], version)
      return contact(store, activeContact(store, params['id']))
    },
  },
  { method: 'PUT', path: '/contacts/:id', handle: update },
  { method: 'DELETE', path: '/contacts/:id', handle: remove },
  { method: 'POST', path: '/contacts/:id/archive', handle: archive(true) },
  { method: 'POST', path: '/contacts/:id/unarchive', handle: archive(false) },
]

import { seconds } from '../clock.ts'
import { invalid, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { isObject, toId } from '../http/input.ts'
import { appliedTag, basicTag, tagsOfContact } from '../shapes/tag.ts'
import type { CompanyRow } from '../store/company-tables.ts'
import type { ContactRow, TagRow } from '../store/contact-tables.ts'
import { fold } from '../store/fold.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { contactTag } from '../webhooks/items.ts'
import { companyByOwnId, companyNotFound, findCompany } from './find-company.ts'
import { activeContact } from './find-contact.ts'

/** A tag by id, given as a number or as digits, or 404 `Resource Not Found`. */
function findTag(store: Store, id: unknown): TagRow {
  const number = toId(id)
  const row =
    number === undefined ? undefined : store.db.get<TagRow>('SELECT * FROM tags WHERE id = ?', number)
  if (row === undefined) throw notFound()
  return row
}

function tagNamed(store: Store, name: string): TagRow {
  const existing = store.db.get<TagRow>(
    'SELECT * FROM tags WHERE name_folded = ? ORDER BY id LIMIT 1',
    fold(name),
  )
  return existing ?? findTag(store, store.insertTag(name))
}

/** POST /tags: the shape of the body decides (docs/intercom-api.md 3.4). */
function createOrChange(call: RouteCall) {
  const { store, body } = call
  const given = body.get('name')
  if (typeof given !== 'string' || given.trim() === '') throw invalid('invalid tag parameters')
  const name = given.trim()
  const id = body.get('id')
  if (id !== undefined && id !== null) {
    const row = findTag(store, id)
    store.db.run('UPDATE tags SET name = ?, name_folded = ? WHERE id = ?', name, fold(name), row.id)
    return basicTag({ id: row.id, name })
  }
  const companies = body.array('companies') ?? []
  const users = body.array('users') ?? []
  // Everything is looked up before anything is tagged.
  const wantedCompanies = companies.map((given) => wanted(given, (item) => companyNamed(store, item)))
  const wantedUsers = users.map((given) => wanted(given, (item) => contactNamed(store, item)))
  const tag = tagNamed(store, name)
  for (const { found, untag } of wantedCompanies) {
    if (untag) untagCompany(store, found, tag.id)
    else tagCompany(call, found, tag.id)
  }
  for (const { found, untag } of wantedUsers) {
    if (untag) removeTag(call, found, tag)
    else addTag(call, found, tag)
  }
  return basicTag(tag)
}

function wanted<T>(given: unknown, find: (item: Readonly<Record<string, unknown>>) => T) {
  if (!isObject(given)) throw invalid('invalid tag parameters')
  return { found: find(given), untag: given['untag'] === true }
}

function contactNamed(store: Store, item: Readonly<Record<string, unknown>>): ContactRow {
  if (typeof item['id'] !== 'string') throw invalid('invalid tag parameters')
  return activeContact(store, item['id'])
}

/** A company by Intercom's id or by the customer's own (docs/intercom-api.md 3.4). */
function companyNamed(store: Store, item: Readonly<Record<string, unknown>>): CompanyRow {
  const { id, company_id: ownId } = item
  if (typeof id === 'string') return findCompany(store, id)
  if (typeof ownId !== 'string' && typeof ownId !== 'number') throw invalid('invalid tag parameters')
  const row = companyByOwnId(store, String(ownId))
  if (row === undefined) throw companyNotFound()
  return row
}

function tagCompany({ store, adminId }: RouteCall, { seq }: CompanyRow, tagId: number): void {
  store.db.run(
    'INSERT OR IGNORE INTO company_tags (company_seq, tag_id, applied_at, applied_by) VALUES (?, ?, ?, ?)',
    seq,
    tagId,
    seconds(store.clock),
    adminId,
  )
}

function untagCompany(store: Store, { seq }: CompanyRow, tagId: number): void {
  store.db.run('DELETE FROM company_tags WHERE company_seq = ? AND tag_id = ?', seq, tagId)
}

function addTag(call: RouteCall, contact: ContactRow, tag: TagRow): void {
  const { store, adminId } = call
  const sql = 'SELECT count(*) FROM contact_tags WHERE contact_seq = ? AND tag_id = ?'
  if (store.db.number(sql, contact.seq, tag.id) > 0) return
  const applied_at = seconds(store.clock)
  store.insertContactTag({ contact_seq: contact.seq, tag_id: tag.id, applied_at, applied_by: adminId })
  const topic = contact.role === 'user' ? 'contact.user.tag.created' : 'contact.lead.tag.created'
  announce(call, topic, () => contactTag(store, tag, contact))
}

function removeTag(call: RouteCall, contact: ContactRow, tag: TagRow): void {
  const { store } = call
  const sql = 'DELETE FROM contact_tags WHERE contact_seq = ? AND tag_id = ?'
  if (store.db.run(sql, contact.seq, tag.id) === 0) return
  const topic = contact.role === 'user' ? 'contact.user.tag.deleted' : 'contact.lead.tag.deleted'
  announce(call, topic, () => contactTag(store, tag, contact))
}

function tagContact(call: RouteCall) {
  const { store, params, body } = call
  const contact = activeContact(store, params['id'])
  const tag = findTag(store, body.id('id'))
  addTag(call, contact, tag)
  const applied = tagsOfContact(store, contact.seq).find((row) => row.id === tag.id)
  return appliedTag(applied ?? { ...tag, applied_at: null, applied_by: null })
}

function untagContact(call: RouteCall) {
  const { store, params } = call
  const contact = activeContact(store, params['id'])
  const tag = findTag(store, params['sub'])
  const applied = tagsOfContact(store, contact.seq).find((row) => row.id === tag.id)
  removeTag(call, contact, tag)
  // A tag that the contact does not carry is not an error (docs/intercom-api.md 3.4).
  return appliedTag(applied ?? { ...tag, applied_at: null, applied_by: null })
}

function remove({ store, params }: RouteCall) {
  const tag = findTag(store, params['id'])
  store.db.run('DELETE FROM contact_tags WHERE tag_id = ?', tag.id)
  store.db.run('DELETE FROM company_tags WHERE tag_id = ?', tag.id)
  store.db.run('DELETE FROM conversation_tags WHERE tag_id = ?', tag.id)
  store.db.run('DELETE FROM ticket_tags WHERE tag_id = ?', tag.id)
  store.db.run('DELETE FROM tags WHERE id = ?', tag.id)
  return null
}

/**
 * Tags, and tags on contacts (docs/intercom-api.md 3.4). Lists are never paged; `per_page` is ignored
 * (recorded).
 */
export const tagRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/tags',
    handle: ({ store }) => {
      const rows = store.db.all<TagRow>('SELECT * FROM tags ORDER BY id')
      return { type: 'list', data: rows.map(basicTag) }
    },
  },
  { method: 'POST', path: '/tags', handle: createOrChange },
  { method: 'GET', path: '/tags/:id', handle: ({ store, params }) => basicTag(findTag(store, params['id'])) },
  { method: 'DELETE', path: '/tags/:id', handle: remove },
  {
    method: 'GET',
    path: '/contacts/:id/tags',
    handle: ({ store, params }) => {
      const contact = activeContact(store, params['id'])
      return { type: 'list', data: tagsOfContact(store, contact.seq).map(appliedTag) }
    },
  },
  { method: 'POST', path: '/contacts/:id/tags', handle: tagContact },
  { method: 'DELETE', path: '/contacts/:id/tags/:sub', handle: untagContact },
]

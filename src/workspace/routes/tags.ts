import { seconds } from '../clock.ts'
import { ApiError, invalid, notFound } from '../http/api-error.ts'
import type { Call, Route } from '../http/call.ts'
import { isObject, toId } from '../http/input.ts'
import { appliedTag, basicTag, tagsOfContact } from '../shapes/tag.ts'
import type { ContactRow, TagRow } from '../store/contact-tables.ts'
import { fold } from '../store/fold.ts'
import type { Store } from '../store/store.ts'
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

/** POST /tags: the shape of the body decides (dossier 3). Companies do not exist yet, so none is found. */
function createOrChange({ store, body, adminId }: Call) {
  const given = body.get('name')
  if (typeof given !== 'string' || given.trim() === '') throw invalid('invalid tag parameters')
  const name = given.trim()
  const id = body.get('id')
  if (id !== undefined && id !== null) {
    const row = findTag(store, id)
    store.db.run('UPDATE tags SET name = ?, name_folded = ? WHERE id = ?', name, fold(name), row.id)
    return basicTag({ id: row.id, name })
  }
  const companies = body.array('companies')
  if (companies?.length) throw new ApiError(404, 'company_not_found', 'Company Not Found')
  const users = body.array('users') ?? []
  const wanted = users.map((user) => {
    if (!isObject(user) || typeof user['id'] !== 'string') throw invalid('invalid tag parameters')
    return { contact: activeContact(store, user['id']), untag: user['untag'] === true }
  })
  const tag = tagNamed(store, name)
  for (const { contact, untag } of wanted) {
    if (untag) removeTag(store, contact, tag.id)
    else addTag(store, contact, tag.id, adminId)
  }
  return basicTag(tag)
}

function addTag(store: Store, contact: ContactRow, tagId: number, adminId: number): void {
  const sql = 'SELECT count(*) FROM contact_tags WHERE contact_seq = ? AND tag_id = ?'
  if (store.db.number(sql, contact.seq, tagId) > 0) return
  const applied_at = seconds(store.clock)
  store.insertContactTag({ contact_seq: contact.seq, tag_id: tagId, applied_at, applied_by: adminId })
}

function removeTag(store: Store, contact: ContactRow, tagId: number): void {
  store.db.run('DELETE FROM contact_tags WHERE contact_seq = ? AND tag_id = ?', contact.seq, tagId)
}

function tagContact({ store, params, body, adminId }: Call) {
  const contact = activeContact(store, params['id'])
  const tag = findTag(store, body.id('id'))
  addTag(store, contact, tag.id, adminId)
  const applied = tagsOfContact(store, contact.seq).find((row) => row.id === tag.id)
  return appliedTag(applied ?? { ...tag, applied_at: null, applied_by: null })
}

function untagContact({ store, params }: Call) {
  const contact = activeContact(store, params['id'])
  const tag = findTag(store, params['sub'])
  const applied = tagsOfContact(store, contact.seq).find((row) => row.id === tag.id)
  removeTag(store, contact, tag.id)
  // A tag that the contact does not carry is not an error (dossier 3, INF).
  return appliedTag(applied ?? { ...tag, applied_at: null, applied_by: null })
}

function remove({ store, params }: Call) {
  const tag = findTag(store, params['id'])
  store.db.run('DELETE FROM contact_tags WHERE tag_id = ?', tag.id)
  store.db.run('DELETE FROM conversation_tags WHERE tag_id = ?', tag.id)
  store.db.run('DELETE FROM tags WHERE id = ?', tag.id)
  return null
}

/** Tags, and tags on contacts (dossier 3). Lists are never paged; `per_page` is ignored (REC). */
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

import { seconds } from '../clock.ts'
import { bodyToHtml } from '../html.ts'
import { notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { offsetPages, pageNumber, perPage } from '../http/pages.ts'
import { type NoteWithContact, note } from '../shapes/note.ts'
import type { Store } from '../store/store.ts'
import { findAdmin } from './admins.ts'
import { activeContact } from './find-contact.ts'

/** A note outlives its contact, and then has none (docs/intercom-api.md 2.4: `contact` may be null). */
const select = `SELECT notes.*, CASE standing WHEN 'deleted' THEN NULL ELSE contacts.id END AS contact_id
  FROM notes JOIN contacts ON contacts.seq = contact_seq`

function findNote(store: Store, id: unknown): NoteWithContact {
  const number = toId(id)
  const row =
    number === undefined ? undefined : store.db.get<NoteWithContact>(`${select} WHERE notes.id = ?`, number)
  if (row === undefined) throw notFound()
  return row
}

function create({ store, params, body, adminId, rewrite }: RouteCall) {
  const contact = activeContact(store, params['id'])
  const text = body.filled('body')
  const given = body.get('admin_id')
  const author = findAdmin(store, given === undefined || given === null ? adminId : given)
  if (author === undefined) throw notFound()
  const id = store.insertNote({
    contact_seq: contact.seq,
    author_id: author.id,
    body: rewrite(bodyToHtml(text)),
    created_at: seconds(store.clock),
  })
  return note(store, findNote(store, id))
}

function list({ store, params, query, origin }: RouteCall) {
  const contact = activeContact(store, params['id'])
  const size = perPage(query.get('per_page'), 50)
  const page = pageNumber(query.get('page'))
  const total = store.db.number('SELECT count(*) FROM notes WHERE contact_seq = ?', contact.seq)
  const rows = store.db.all<NoteWithContact>(
    `${select} WHERE contact_seq = ? ORDER BY notes.id DESC LIMIT ? OFFSET ?`,
    contact.seq,
    size,
    (page - 1) * size,
  )
  return {
    type: 'list',
    data: rows.map((row) => note(store, row)),
    total_count: total,
    pages: offsetPages(page, size, total, `${origin}/contacts/${contact.id}/notes`),
  }
}

/** Notes on contacts, newest first; without `admin_id` the token's admin signs (docs/intercom-api.md 3.3). */
export const noteRoutes: readonly Route[] = [
  { method: 'GET', path: '/contacts/:id/notes', handle: list },
  { method: 'POST', path: '/contacts/:id/notes', handle: create },
  {
    method: 'GET',
    path: '/notes/:id',
    handle: ({ store, params }) => note(store, findNote(store, params['id'])),
  },
]

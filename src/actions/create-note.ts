import { z } from 'zod'
import { path, withQuery } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { itemsOf } from '../core/list.ts'
import { saysThat } from '../core/same-text.ts'
import { unreadableIn } from '../core/verify.ts'
import type { Admin } from './types/admin.ts'
import type { Note } from './types/contact.ts'
import { html } from './types/html.ts'
import { id } from './types/input.ts'
import { bodyNames, contactIdNames } from './types/other-names.ts'

/**
 * POST /contacts/{id}/notes. No admin is named, so Intercom signs with the token's own (docs/intercom-api.md 3.3).
 */
export const createNote = defineAction({
  name: 'create_note',
  title: 'Create note',
  description:
    'Add an internal note to a contact. Teammates see it, the contact does not; the token’s owner signs it. Twice adds two. For a note inside a conversation use reply_to_conversation with message_type "note".',
  effect: 'create',
  input: z.strictObject({
    contact_id: id('The contact’s unique Intercom identifier; find it with search_contacts'),
    body: html('The note content (supports HTML), not Markdown'),
  }),
  otherNames: { ...contactIdNames, ...bodyNames },
  output: oneResult<Note>(),
  hints: { 404: 'Find the contact id with search_contacts.' },
  verify: {
    proof: 'record',
    risk: 'The note may have been added.',
    key: ({ contact_id }) => `notes of ${contact_id}`,
    made: (note) => [note['id']],
    look: async (intercom, { contact_id, body }) => {
      const me = await intercom.get<Admin>(path`/me`)
      const newest = withQuery(path`/contacts/${contact_id}/notes`, { per_page: 150 })
      const answer = await intercom.get(newest)
      const notes = itemsOf<Note>(answer, 'data')
      // The types are Intercom's word. A note by nobody who is named may be this one: it is not said to be missing.
      const read = notes.filter(
        (note) => note?.id !== undefined && [String(me.id), ''].includes(String(note.author?.id ?? '')),
      )
      const isSame = await saysThat(body)
      const items = read.map((note) => ({
        ...note,
        id: String(note.id),
        same: (note.author?.id ?? null) !== null && isSame(note.body),
        answer: note,
      }))
      return { items: [...items.reverse(), ...unreadableIn(notes, answer, 'id')] }
    },
    whereToLook: ({ contact_id }, at) => `Look in Intercom for a note on contact ${contact_id} from ${at}.`,
  },
  run: async (intercom, { contact_id, body }) => ({
    result: await intercom.post<Note>(path`/contacts/${contact_id}/notes`, { body }),
  }),
})

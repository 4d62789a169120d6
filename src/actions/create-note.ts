import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { id, text } from '../schemas/input.ts'
import type { Note } from '../schemas/note.ts'

/** POST /contacts/{id}/notes. No admin is named, so Intercom signs with the token's own (dossier 3, notes). */
export const createNote = defineAction({
  name: 'create_note',
  title: 'Create note',
  description:
    'Add an internal note to a contact. Teammates see it, the contact does not. Twice adds two notes. For a note inside a conversation use reply_to_conversation with message_type "note".',
  effect: 'create',
  input: z.strictObject({
    contact_id: id('The contact’s unique Intercom identifier; find it with search_contacts'),
    body: text('The note content (supports HTML)'),
  }),
  output: oneResult<Note>(),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id, body }) => ({
    result: await intercom.post<Note>(path`/contacts/${contact_id}/notes`, { body }),
  }),
})

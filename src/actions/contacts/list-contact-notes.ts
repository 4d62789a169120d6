import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import type { Note } from '../types/contact.ts'
import { contactId, page, perPage } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import type { LinkPages } from '../types/page.ts'

/** GET /contacts/{id}/notes: pages by number; one past the last is empty (docs/intercom-api.md 1.6). */
export const listContactNotes = defineAction({
  name: 'list_contact_notes',
  title: 'List contact notes',
  description:
    'List the internal notes on a contact, newest first. Notes inside conversations come with get_conversation.',
  effect: 'read',
  input: z.strictObject({
    contact_id: contactId(),
    per_page: perPage(50, 'Results per page (max 150) (Default: 50)'),
    page: page(),
  }),
  otherNames: contactIdNames,
  part: ({ page, per_page }) => ({ page, per_page }),
  output: listOf<Note, LinkPages, 'notes'>('notes'),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id, per_page, page }) => {
    const answer = await intercom.get(withQuery(path`/contacts/${contact_id}/notes`, { per_page, page }))
    const notes = itemsOf<Note>(answer, 'data')
    return { notes, total_count: totalOf(answer, notes), pages: pagesOf<LinkPages>(answer) }
  },
})

import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, withName } from '../../core/list.ts'
import { contactId, nameContains } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import type { LinkPages } from '../types/page.ts'
import type { Segment } from '../types/segment.ts'

/** GET /segments, or GET /contacts/{id}/segments, which has no counts. Neither has pages (docs/intercom-api.md 3.8). */
export const listSegments = defineAction({
  name: 'list_segments',
  title: 'List segments',
  description:
    'List the segments with their sizes, or those that one contact is in. search_contacts with query_field segment_id finds the members.',
  effect: 'read',
  input: z.strictObject({
    contact_id: contactId('Only those of this contact').optional(),
    name_contains: nameContains(),
  }),
  otherNames: contactIdNames,
  output: listOf<Segment, LinkPages, 'segments'>('segments'),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id, name_contains }) => {
    const all =
      contact_id === undefined
        ? withQuery(path`/segments`, { include_count: 'true' })
        : path`/contacts/${contact_id}/segments`
    const segments = withName(itemsOf<Segment>(await intercom.get(all), 'segments', 'data'), name_contains)
    return { segments, total_count: segments.length, pages: null }
  },
})

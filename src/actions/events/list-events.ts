import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf } from '../../core/list.ts'
import { pagePart, rowsOfPart } from '../../core/page-part.ts'
import type { ContactEvent, EventPages, EventSummary } from '../types/event.ts'
import { contactId, cursor, perPage } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'

/** GET /events, with `type=user` for leads too (docs/intercom-api.md 3.11). Intercom counts none. */
export const listEvents = defineAction({
  name: 'list_events',
  title: 'List events',
  description:
    'List what a contact did in the last 90 days, newest first, or with summary how often each event happened, first and last.',
  effect: 'read',
  input: z
    .strictObject({
      contact_id: contactId(),
      summary: z.boolean().default(false).describe('Counts instead of single events (Default: false)'),
      per_page: perPage(50, 'Results per page (max 150) (Default: 50)'),
      // Intercom takes anything else for none, and begins again.
      before: cursor('To go on: pages.next.before of the previous response').refine(
        (value) => value === undefined || /^(?:skip\d+of\d+(?::\d+)?|\d+)$/.test(value),
        'is none that this list has given; leave it out for the first page',
      ),
    })
    .transform(({ per_page, before, ...of }) => ({
      ...of,
      part: pagePart({ per_page, starting_after: before }),
    })),
  part: ({ summary, part }) => (summary ? undefined : part),
  otherNames: { ...contactIdNames, starting_after: 'before' },
  output: listOf<ContactEvent | EventSummary, EventPages, 'events'>('events'),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id, summary, part }) => {
    const { per_page, starting_after: before } = part.request
    const query = { type: 'user', intercom_user_id: contact_id, per_page, before }
    const of = summary ? { ...query, summary: 'true' } : query
    const answer = await intercom.get(withQuery(path`/events`, of))
    const all = itemsOf<ContactEvent | EventSummary>(answer, 'events')
    if (summary) return { events: all, total_count: all.length, pages: null }
    const { rows: events, within } = rowsOfPart(all, part)
    const pages = within === undefined ? olderThan(answer) : { next: { before: within } }
    return { events, total_count: events.length, pages }
  },
})

/** Intercom gives a URL, which is not followed: it could lead anywhere. */
function olderThan({ pages }: Record<string, unknown>): EventPages | null {
  const next = typeof pages === 'object' && pages !== null && 'next' in pages ? pages.next : null
  const before = typeof next === 'string' ? /[?&]before=(\d+)/.exec(next)?.[1] : undefined
  return before === undefined ? null : { next: { before } }
}

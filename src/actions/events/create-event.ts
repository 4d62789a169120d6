import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { explain, outcomeOf } from '../../core/outcome.ts'
import type { ContactEvent } from '../types/event.ts'
import { contactId, filledText, jsonObject } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import { time } from '../types/time.ts'

/** What Intercom takes of metadata (docs/intercom-api.md 3.11). */
const maxMetadata = 10

function refuseMetadata(metadata: Record<string, unknown>, context: z.RefinementCtx): void {
  const problem = (message: string, ...at: string[]) =>
    context.addIssue({ code: 'custom', path: at, message })
  if (Object.keys(metadata).length > maxMetadata) problem(`has more than ${maxMetadata} names`)
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== 'object' || value === null) continue
    const keys = Object.keys(value).sort().join()
    if (keys !== 'url,value' && keys !== 'amount,currency')
      problem('takes text, a number, true or false, {url, value} or {amount, currency}', name)
  }
}

/**
 * POST /events, answered with an empty 202. The time is fixed before the first attempt: an event of the same contact,
 * name and second counts once (docs/intercom-api.md 3.11).
 */
export const createEvent = defineAction({
  name: 'create_event',
  title: 'Create event',
  description:
    'Record that a contact did something. Messages that the workspace has tied to the event may go out. The same name in the same second counts once.',
  effect: 'create',
  input: z.strictObject({
    contact_id: contactId(),
    event_name: filledText('What happened, as invited-friend'),
    created_at: time('When: ISO with zone or Unix seconds (Default: now)').optional(),
    metadata: jsonObject('Up to 10 flat values; names ending in _date hold Unix seconds')
      .superRefine(refuseMetadata)
      .optional(),
  }),
  otherNames: { ...contactIdNames, name: 'event_name', event: 'event_name', data: 'metadata' },
  output: oneResult<ContactEvent>(),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id: id, event_name, created_at, metadata }) => {
    const event = {
      event_name,
      created_at: created_at ?? Math.floor((await intercom.begun()) / 1000),
      id,
      ...(metadata === undefined ? {} : { metadata }),
    }
    const posted = await outcomeOf(intercom.post(path`/events`, event, { semantics: 'idempotent' }))
    if ('failure' in posted) {
      const { failure } = posted
      if (failure.outcome !== 'unknown') throw failure
      explain(
        failure,
        `It may have been recorded. Repeat it with created_at ${event.created_at}: then it counts once.`,
        'unknown',
      )
    }
    const answer = posted.value
    // A dry run answers the request that it would have been; Intercom nothing.
    const taken = Object.keys(answer).length === 0 ? { type: 'event', ...event } : answer
    return { result: taken as ContactEvent }
  },
})

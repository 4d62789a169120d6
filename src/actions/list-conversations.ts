import { z } from 'zod'
import { path, withQuery } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { envelope, passedThrough } from '../core/envelope.ts'
import { itemsOf, pagesOf } from '../core/list.ts'
import { pagePart, partOfPage } from '../core/page-part.ts'
import type { ConversationListItem } from './types/conversation.ts'
import { cursor, perPage } from './types/input.ts'
import { pageNames } from './types/other-names.ts'
import type { CursorPages } from './types/page.ts'

/** GET /conversations, most recently updated first. The list's key is `conversations` (docs/intercom-api.md 8). */
export const listConversations = defineAction({
  name: 'list_conversations',
  title: 'List conversations',
  description:
    'List conversations, most recently updated first, without their threads (get_conversation has them). To go on, pass pages.next.starting_after; there is no next on the last page. To filter, use search_conversations.',
  effect: 'read',
  input: z
    .strictObject({
      per_page: perPage(20, 'Conversations per page (max 150) (Default: 20)'),
      starting_after: cursor('Pagination cursor from previous response (its pages.next.starting_after)'),
    })
    .transform(pagePart),
  part: (part) => part,
  otherNames: pageNames,
  output: envelope({
    conversations: z.array(passedThrough<ConversationListItem>()).default([]),
    pages: passedThrough<CursorPages>().nullable().default(null),
  }),
  run: async (intercom, part) => {
    const answer = await intercom.get(withQuery(path`/conversations`, part.request))
    const rows = itemsOf<ConversationListItem>(answer, 'conversations', 'data')
    const page = partOfPage(rows, pagesOf<CursorPages>(answer), part)
    return { conversations: page.rows, pages: page.pages }
  },
})

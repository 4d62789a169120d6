import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import type { Collection } from '../types/article.ts'
import { page, perPage } from '../types/input.ts'
import type { LinkPages } from '../types/page.ts'

/** GET /help_center/collections (docs/intercom-api.md 3.15). */
export const listCollections = defineAction({
  name: 'list_collections',
  title: 'List collections',
  description: 'List the collections (folders) of the help center with id, name and parent.',
  effect: 'read',
  input: z.strictObject({ per_page: perPage(50, 'Results per page (max 150) (Default: 50)'), page: page() }),
  part: ({ page, per_page }) => ({ page, per_page }),
  output: listOf<Collection, LinkPages, 'collections'>('collections'),
  run: async (intercom, { per_page, page }) => {
    const answer = await intercom.get(withQuery(path`/help_center/collections`, { per_page, page }))
    const collections = itemsOf<Collection>(answer, 'data')
    return { collections, total_count: totalOf(answer, collections), pages: pagesOf<LinkPages>(answer) }
  },
})

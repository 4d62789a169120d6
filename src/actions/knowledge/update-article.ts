import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { refuse } from '../../core/outcome.ts'
import type { Article } from '../types/article.ts'
import { articleFields, articleHints, articleId, articleNames, sentFields } from './article.ts'

const { title, author_id, body, description, collection_id } = articleFields

/** GET, then PUT /articles/{id} without `state`: a change of a published article is live at once (docs/intercom-api.md 3.15). */
export const updateArticle = defineAction({
  name: 'update_article',
  title: 'Update article',
  description:
    'Change a draft; only what is given changes. Refuses a published article, where each change is live at once: publish_article does that.',
  effect: 'update',
  confirms: true,
  input: z
    .strictObject({
      article_id: articleId(),
      title: title.optional(),
      body: body.optional(),
      description: description.optional(),
      author_id: author_id.optional(),
      collection_id: collection_id.optional(),
    })
    .refine((given) => Object.values(given).filter((value) => value !== undefined).length > 1, {
      message: 'is given, and nothing to change',
      path: ['article_id'],
    }),
  otherNames: articleNames,
  output: oneResult<Article>(),
  hints: articleHints,
  run: async (intercom, { article_id, ...fields }) => {
    const { state } = await intercom.get<Article>(path`/articles/${article_id}`)
    if (state !== 'draft' && state !== 'published')
      refuse(
        'unreadable_answer',
        `Intercom does not say whether article ${article_id} is published`,
        'Nothing was changed.',
      )
    if (state === 'published')
      refuse(
        'article_published',
        `article ${article_id} is published, and a change would be live at once`,
        'Nothing was changed. Use publish_article to change what visitors read.',
      )
    const changed = sentFields(fields, 'text')
    return { result: await intercom.put<Article>(path`/articles/${article_id}`, changed) }
  },
})

import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Article } from '../types/article.ts'
import { articleHints, articleId, articleNames } from './article.ts'

/** GET /articles/{id} (docs/intercom-api.md 3.15). */
export const getArticle = defineAction({
  name: 'get_article',
  title: 'Get article',
  description: 'Get one help article with its text, state, URL and statistics.',
  effect: 'read',
  input: z.strictObject({ article_id: articleId() }),
  otherNames: articleNames,
  output: oneResult<Article>(),
  resource: { collection: 'articles', parameter: 'article_id' },
  hints: articleHints,
  run: async (intercom, { article_id }) => ({
    result: await intercom.get<Article>(path`/articles/${article_id}`),
  }),
})

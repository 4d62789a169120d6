import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { idIn, itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import type { Article, FoundArticle } from '../types/article.ts'
import { filledText, page, perPage } from '../types/input.ts'
import type { LinkPages } from '../types/page.ts'

/** GET /articles/search, or GET /articles where nothing is looked for (docs/intercom-api.md 3.15). */
export const searchArticles = defineAction({
  name: 'search_articles',
  title: 'Search articles',
  description:
    'Find help articles by a phrase, or list all, the last changed first, without one. Shows title, state, URL and a snippet; get_article has the text.',
  effect: 'read',
  input: z.strictObject({
    phrase: filledText('Words to look for').optional(),
    state: z
      .enum(['published', 'draft', 'all'])
      .default('all')
      .describe('‘published’, ‘draft’ or ‘all’ (Default: all)'),
    per_page: perPage(10, 'Results per page (max 150) (Default: 10)'),
    page: page(),
  }),
  otherNames: { query: 'phrase', q: 'phrase', text: 'phrase', title: 'phrase', limit: 'per_page' },
  part: ({ page, per_page }) => ({ page, per_page }),
  output: listOf<FoundArticle, LinkPages, 'articles'>('articles'),
  searched: ({ phrase, state }) =>
    `${state === 'all' ? 'all' : state} articles${phrase === undefined ? '' : ` for ${JSON.stringify(phrase)}`}`,
  run: async (intercom, { phrase, state, per_page, page }) => {
    const paging = { per_page, page }
    if (phrase === undefined && state === 'all') {
      const answer = await intercom.get(withQuery(path`/articles`, paging))
      const articles = itemsOf<FoundArticle>(answer, 'data')
      return { articles, total_count: totalOf(answer, articles), pages: pagesOf<LinkPages>(answer) }
    }
    const query = { phrase, state, highlight: 'true', ...paging }
    const answer = await intercom.get(withQuery(path`/articles/search`, query))
    const data = answer['data']
    const found = typeof data === 'object' && data !== null ? { ...answer, ...data } : answer
    const articles = withSnippets(itemsOf<Article>(found, 'articles', 'data'), found)
    return { articles, total_count: totalOf(answer, articles), pages: pagesOf<LinkPages>(answer) }
  },
})

/** Each article with the pieces of its text that have the words, which Intercom gives beside the articles. */
function withSnippets(articles: Article[], { highlights }: Record<string, unknown>): FoundArticle[] {
  const all: unknown[] = Array.isArray(highlights) ? highlights : []
  const snippets = new Map(
    all.flatMap((one) => {
      if (typeof one !== 'object' || one === null || !('article_id' in one)) return []
      const summary = 'highlighted_summary' in one ? one.highlighted_summary : []
      const pieces: unknown[] = Array.isArray(summary) ? summary : []
      const snippet = pieces
        .map(textOf)
        .filter((text) => text !== '')
        .join(' … ')
      return snippet === '' ? [] : [[idIn({ id: one.article_id }), snippet] as const]
    }),
  )
  return articles.map((article) => {
    const snippet = snippets.get(idIn(article))
    return snippet === undefined ? article : { ...article, snippet }
  })
}

function textOf(piece: unknown): string {
  const runs: unknown[] = Array.isArray(piece) ? piece : []
  return runs
    .map((run) =>
      typeof run === 'object' && run !== null && 'text' in run && typeof run.text === 'string'
        ? run.text
        : '',
    )
    .join('')
    .trim()
}

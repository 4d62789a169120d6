import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { itemsOf } from '../../core/list.ts'
import { saysThat } from '../../core/same-text.ts'
import type { Article } from '../types/article.ts'
import { numericId } from '../types/input.ts'
import { articleFields, articleNames, collectionIn, sentFields } from './article.ts'

const { title, author_id, body, description } = articleFields

const input = z.strictObject({
  title,
  author_id,
  body: body.optional(),
  description: description.optional(),
  collection_id: numericId(collectionIn, 'is not the id of a collection').optional(),
})

/** POST /articles, always as a draft: publishing is another action (docs/intercom-api.md 3.15). */
export const createArticle = defineAction({
  name: 'create_article',
  title: 'Create article',
  description:
    'Write a new help article as a draft, seen by teammates only; publish_article puts it live. Twice makes two.',
  effect: 'create',
  confirms: true,
  input,
  otherNames: articleNames,
  output: oneResult<Article>(),
  hints: { 404: 'Find the author with list_admins and the collection with list_collections.' },
  verify: {
    proof: 'search', // nothing says that a list shows a new article at once
    risk: 'The article may have been created.',
    key: ({ title }) => `article ${title}`,
    made: (article) => [article['id']],
    look: async (intercom, given) => {
      const newest = withQuery(path`/articles`, { per_page: 50, page: 1 })
      const articles = itemsOf<Article | null>(await intercom.get(newest), 'data')
      const own = articles.filter(
        (one): one is Article => one?.id !== undefined && String(one.author_id) === given.author_id,
      )
      const isSame = await madeWith(given)
      const items = own.map((article) => ({
        id: String(article.id),
        created_at: article.created_at,
        same: isSame(article),
        answer: article,
      }))
      return { items: items.sort((a, b) => a.created_at - b.created_at) }
    },
    whereToLook: ({ title }) => `Look for an article named ${JSON.stringify(title)} with search_articles.`,
  },
  run: async (intercom, fields) => ({
    result: await intercom.post<Article>(path`/articles`, {
      ...sentFields(fields, 'number'),
      state: 'draft',
    }),
  }),
})

/** Whether an article is what was asked for, as far as a list of articles shows it. */
async function madeWith({ title, body, description, collection_id }: z.output<typeof input>) {
  const texts = { title, body, description }
  const asked = await Promise.all(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined
        ? []
        : [saysThat(text).then((isSaid) => [name as keyof typeof texts, isSaid] as const)],
    ),
  )
  return (article: Article) =>
    asked.every(([name, isSaid]) => article[name] === undefined || isSaid(article[name])) &&
    (collection_id === undefined ||
      article.parent_id === undefined ||
      String(article.parent_id) === collection_id)
}

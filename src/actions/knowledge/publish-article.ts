import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { refuse } from '../../core/outcome.ts'
import { emptyPreview } from '../../core/preview.ts'
import { shownAs, textIn } from '../preview/texts.ts'
import type { Article } from '../types/article.ts'
import { articleFields, articleHints, articleId, articleNames } from './article.ts'

const { title, body, description } = articleFields
const texts = ['title', 'body', 'description'] as const

/** PUT /articles/{id} with `state` (docs/intercom-api.md 3.15). */
export const publishArticle = defineAction({
  name: 'publish_article',
  title: 'Publish article',
  description:
    'Put an article live, with new text if given, or take it down with state "draft". Visitors of the help center see it, and AI agents answer from it.',
  effect: 'send',
  confirms: true,
  input: z.strictObject({
    article_id: articleId(),
    state: z
      .enum(['published', 'draft'])
      .default('published')
      .describe('‘published’ or ‘draft’ (Default: published)'),
    title: title.optional(),
    body: body.optional(),
    description: description.optional(),
  }),
  otherNames: articleNames,
  output: oneResult<Article>(),
  hints: articleHints,
  preview: async (intercom, { article_id, state, ...given }) => {
    const { title, body } = given
    const article = await intercom.get<Article>(path`/articles/${article_id}`)
    // update_article asks nobody: what a person has seen of a draft may be another text when it goes live.
    const unsaid = texts.filter((name) => given[name] === undefined && textIn(article[name]) !== null)
    if (state === 'published' && article.state !== 'published' && unsaid.length > 0)
      refuse(
        'invalid_input',
        `a person confirms what goes live, and a draft can change until then: give its ${unsaid.join(', ')} too`,
        'Nothing was published. Read the draft with get_article.',
      )
    const live = body ?? (typeof article.body === 'string' ? article.body : '')
    const name = JSON.stringify(title ?? textIn(article.title) ?? article_id)
    const becomes =
      state === 'draft'
        ? `The article ${name} is taken down: visitors of the help center see it no longer.`
        : `The article ${name} goes live: visitors of the help center see it, and AI agents answer from it.`
    return {
      ...emptyPreview,
      channel: 'help center',
      text: body ?? (state === 'published' && live !== '' ? live : null), // the page shows no other
      shown: state === 'published' ? await shownAs(live) : null,
      textParameter: body === undefined ? null : 'body',
      notes: [becomes, `It is ${textIn(article.state) ?? 'in an unknown state'} now.`],
    }
  },
  run: async (intercom, { article_id, ...fields }) => ({
    result: await intercom.put<Article>(path`/articles/${article_id}`, fields),
  }),
})

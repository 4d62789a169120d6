import { oneLine, readableText } from './customer-text.ts'
import { compactObject, type Json, pick } from './json.ts'
import type { TokenBudget } from './token-budget.ts'

const headKeys = ['id', 'state', 'author_id', 'parent_id', 'created_at', 'updated_at']
const snippetTokens = 60
/** Tokens kept for the statistics and the names of what is left out. */
const reservedTokens = 300

/** One article: teammates wrote it, so its text is not wrapped. */
export function compactArticle(article: Json, budget: TokenBudget): Json {
  const { body, statistics } = article
  const head = { ...headOf(article, budget), ...compactObject({ statistics }, budget) }
  if (typeof body !== 'string' || body === '') return head
  return { ...head, text: readableText(body, Math.max(0, budget.tokens - reservedTokens)) }
}

/** An article in a list, or one that was written. `brief`: only what tells it from others. */
export function listedArticle(article: Json, budget: TokenBudget, brief: boolean): Json {
  if (brief) return { ...pick(article, ['id', 'state'], budget), ...titleOf(article) }
  const { snippet } = article
  const shown = typeof snippet === 'string' ? { snippet: readableText(snippet, snippetTokens) } : {}
  return { ...headOf(article, budget), ...shown }
}

function headOf(article: Json, budget: TokenBudget): Json {
  const { description, url } = article
  return {
    ...pick(article, headKeys.slice(0, 2), budget),
    ...titleOf(article),
    ...(typeof description === 'string' && description !== ''
      ? { description: oneLine(description, 300) }
      : {}),
    ...compactObject({ link: url }, budget),
    ...pick(article, headKeys.slice(2), budget),
  }
}

function titleOf({ title }: Json): Json {
  return typeof title === 'string' ? { title: oneLine(title, 200) } : {}
}

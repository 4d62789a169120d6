import type { SQLInputValue } from 'node:sqlite'
import { plainText } from '../html.ts'
import { invalid } from '../http/api-error.ts'
import type { RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { articleItem } from '../shapes/article.ts'
import { searchWords } from '../store/fold.ts'
import type { ArticleRow } from '../store/knowledge-tables.ts'
import { highlighted, highlightedSummary } from './highlights.ts'
import { rowsOfPage } from './page-list.ts'

/**
 * GET /articles/search: articles in which each word of the phrase begins a word, those with the words in their title
 * first. Without a phrase, all (docs/intercom-api.md 3.15).
 */
export function searchArticles(call: RouteCall): object {
  const { store, query } = call
  const phrase = query.get('phrase') ?? ''
  const words = [...new Set(searchWords(phrase).split(' '))].filter((word) => word !== '')
  const conditions: string[] = []
  const values: SQLInputValue[] = []
  const add = (condition: string, ...given: SQLInputValue[]) => {
    conditions.push(condition)
    values.push(...given)
  }
  const state = query.get('state') || 'all'
  if (state === 'published' || state === 'draft') add('state = ?', state)
  else if (state !== 'all') throw invalid("State isn't an option")
  const center = query.get('help_center_id')
  if (center) add('parent_id IN (SELECT id FROM collections WHERE help_center_id = ?)', toId(center) ?? 0)
  const lacks = (text: string) =>
    `EXISTS (SELECT 1 FROM json_each(?) WHERE instr(' ' || ${text}, ' ' || value) = 0)`
  if (phrase.trim() !== '') add(words.length === 0 ? '0' : `NOT ${lacks('words')}`, ...list(words))
  const { rows, total_count, pages } = rowsOfPage<ArticleRow>(call, 10, {
    from: `articles WHERE ${conditions.join(' AND ') || '1'}`,
    order: 'updated_at DESC, id DESC',
    values,
  })
  const highlights = query.get('highlight') === 'true' ? rows.map((row) => highlightsOf(row, words)) : []
  const articles = rows.map((row) => articleItem(store, row))
  return { type: 'list', total_count, data: { articles, highlights }, pages }
}

function list(words: readonly string[]): SQLInputValue[] {
  return words.length === 0 ? [] : [JSON.stringify(words)]
}

function highlightsOf({ id, title, description, body }: ArticleRow, words: readonly string[]) {
  return {
    article_id: String(id),
    highlighted_title: highlighted(title, words),
    highlighted_summary: highlightedSummary([description, plainText(body)], words),
  }
}

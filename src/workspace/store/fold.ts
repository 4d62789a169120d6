import { plainText } from '../html.ts'

/**
 * The form in which text is compared: search and tag names ignore case (docs/intercom-api.md 4.2).
 * Unicode-wide, which SQLite's own NOCASE is not.
 */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/**
 * {@link fold} in SQL, of a column or an expression. SQLite itself folds what is ASCII (as many bytes as characters):
 * every text that a statement hands to JavaScript stays in memory until the statement ends.
 */
export function foldSql(sql: string): string {
  return `CASE WHEN length(${sql}) <> octet_length(${sql}) THEN fold(${sql}) WHEN typeof(${sql}) = 'text' THEN lower(${sql}) ELSE ${sql} END`
}

const betweenWords = /[^\p{L}\p{M}\p{N}]+/gu

/**
 * The words of a body, folded and one blank apart: what `source.body` is searched in
 * (docs/intercom-api.md 4.2).
 */
export function searchWords(html: string): string {
  return fold(plainText(html)).replace(betweenWords, ' ').trim()
}

/** A searched word in the same form, or undefined when it is several words or none. */
export function searchWord(value: string): string | undefined {
  const word = fold(value).replace(betweenWords, ' ').trim()
  return word === '' || word.includes(' ') ? undefined : word
}

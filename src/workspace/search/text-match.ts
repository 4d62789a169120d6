import type { Keys } from './indexes.ts'
import type { Operator } from './operators.ts'

const words = 'SELECT rowid AS key FROM conversation_words'

/** The conversations whose body has the words; `~` and `$` go by trigrams. */
export function matchWords(operator: Operator, list: readonly string[]): Keys[] {
  const [word = ''] = list
  const one = (match: string): Keys[] => [
    { sql: `${words} WHERE conversation_words MATCH ?`, values: [match], exact: true },
  ]
  switch (operator) {
    case '=':
      return one(phrase(word))
    case '^':
      return one(`${phrase(word)} *`)
    case 'IN': {
      const sql = `SELECT DISTINCT conversation_words.rowid AS key FROM json_each(?) AS wanted, conversation_words
        WHERE conversation_words MATCH wanted.value`
      return [{ sql, values: [JSON.stringify(list.map(phrase))], exact: true }]
    }
    case '~':
    case '$':
      return matchGrams('conversations', 'body', word)
    default:
      return []
  }
}

/** So many trigrams narrow a search down as far as it goes; whether the rest fits, the row itself tells. */
const mostGrams = 12

/** The rows whose text has every three characters of the value; fewer than three find nothing by index. */
export function matchGrams(table: string, column: string, value: string): Keys[] {
  const characters = [...value]
  // A zero ends a text in SQLite's query language.
  if (characters.length < 3 || value.includes('\0')) return []
  const grams = new Set<string>()
  const step = Math.max(1, Math.ceil((characters.length - 2) / mostGrams))
  for (let i = 0; i + 3 <= characters.length; i += step) grams.add(characters.slice(i, i + 3).join(''))
  const name = table === 'contacts' ? 'contact_grams' : 'conversation_grams'
  const way = (match: string): Keys => ({
    sql: `SELECT rowid AS key FROM ${name} WHERE ${name} MATCH ?`,
    values: [`{${column}} : (${match})`],
    exact: false,
  })
  const phrases = [...grams].map(phrase)
  // One that is rare saves reading the lists of those that are frequent.
  return phrases.length === 1 ? phrases.map(way) : [...phrases.map(way), way(phrases.join(' AND '))]
}

function phrase(word: string): string {
  return `"${word.replaceAll('"', '""')}"`
}

import { plainName } from '../shell/plain-name.ts'
import type { IdOf } from './fields.ts'

/** Something whose id a parameter takes. All of it is what Intercom gave: text, never markup. */
export type Choice = { id: string; name: string; detail: string }

/** The call of an action that finds things by a text. */
type Lookup = { action: string; input: object }

const rows = 12

/** How the things of a kind are found. Blank text: some of them. */
export function lookup(of: IdOf, text: string): Lookup {
  const wanted = text.trim()
  const named = wanted === '' ? {} : { name_contains: wanted }
  switch (of) {
    case 'contact':
      return searchOf('search_contacts', wanted, ['name', 'email'], {
        query_field: 'role',
        query_value: 'user',
      })
    case 'conversation':
      return wanted === ''
        ? { action: 'list_conversations', input: { per_page: rows } }
        : searchOf('search_conversations', wanted, ['source.body', 'source.subject', 'source.author.email'])
    case 'ticket':
      return searchOf('search_tickets', wanted, ['title'], {
        query_field: 'open',
        query_operator: '=',
        query_value: 'true',
      })
    case 'tag':
      return { action: 'list_tags', input: named }
    case 'admin':
      return { action: 'list_admins', input: named }
    case 'team':
      return { action: 'list_teams', input: named }
    case 'ticket type':
      return { action: 'list_ticket_types', input: named }
    case 'company':
      return { action: 'list_companies', input: { per_page: 60 } }
    case 'article':
      return {
        action: 'search_articles',
        input: wanted === '' ? { per_page: rows } : { phrase: wanted, per_page: rows },
      }
    case 'collection':
      return { action: 'list_collections', input: { per_page: 150 } }
    case 'segment':
      return { action: 'list_segments', input: named }
    case 'subscription':
      return { action: 'list_subscriptions', input: {} }
  }
}

/** Texts that contain the wanted one in any of the fields. `some`: what is asked for without a text. */
function searchOf(action: string, wanted: string, fields: readonly string[], some: object = {}): Lookup {
  if (wanted === '') return { action, input: { ...some, per_page: rows } }
  const filters = fields.map((field) => ({ field, operator: '~', value: wanted }))
  return { action, input: { query_operator: 'OR', query_value: JSON.stringify(filters), per_page: rows } }
}

/** The text of HTML. */
type TextOf = (html: string) => string

/** What an envelope of a lookup holds, those that match the text first narrowed to it where the action cannot. */
export function choicesOf(
  of: IdOf,
  text: string,
  envelope: Record<string, unknown>,
  textOf: TextOf,
): Choice[] {
  const wanted = text.trim().toLowerCase()
  const found = listIn(envelope).flatMap((row) =>
    isObject(row) && row['id'] !== undefined ? choiceOf(of, row, textOf) : [],
  )
  const narrows = of === 'company' || of === 'collection' || of === 'subscription'
  const matching = narrows ? found.filter(({ name }) => name.toLowerCase().includes(wanted)) : found
  return matching.slice(0, 50)
}

/** The first list in it, or in its result. */
function listIn({ result, ...rest }: Record<string, unknown>): unknown[] {
  const places = [...Object.values(rest), ...(isObject(result) ? Object.values(result) : [])]
  return places.find(Array.isArray) ?? []
}

function choiceOf(of: IdOf, row: Record<string, unknown>, textOf: TextOf): Choice {
  const { id, email, title, state, role, category, source } = row
  const said = isObject(source) ? source : {}
  const author = isObject(said['author']) ? said['author'] : {}
  const attributes = isObject(row['ticket_attributes']) ? row['ticket_attributes'] : {}
  const name = of === 'contact' || of === 'company' ? named(row['name']) : row['name']
  const body = typeof said['body'] === 'string' ? textOf(said['body']) : null
  const names = [name, title, attributes['_default_title_'], said['subject'], body, email, id]
  const details = [email, role, category, named(author['name']) ?? author['email'], state]
  const shown = textIn(names) ?? String(id)
  const detail = details.filter((one) => typeof one === 'string' && one !== '' && one !== shown)
  return { id: String(id), name: shown.slice(0, 120), detail: detail.join(' · ').slice(0, 120) }
}

function named(name: unknown): string | null {
  return typeof name === 'string' ? plainName(name) : null
}

function textIn(values: readonly unknown[]): string | undefined {
  return values.find((one): one is string => typeof one === 'string' && one.trim() !== '')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

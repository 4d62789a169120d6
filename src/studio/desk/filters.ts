import { route } from '../shell/router.tsx'
import type { Filter, Row } from './intercom.ts'

/** What of the inbox is shown; `none` for what is assigned to nobody. */
export type Filters = {
  state: 'open' | 'snoozed' | 'closed' | 'all'
  team: string | null
  assignee: string | null
  tag: string | null
  sort: 'updated' | 'waiting'
  text: string
}

const states = ['open', 'snoozed', 'closed', 'all'] as const
/** Words of a search; Intercom takes fifteen conditions. */
const mostWords = 8

/** The filters that the address names. */
export function filtersHere(): Filters {
  const { state, team, assignee, tag, sort, q } = route.value.query
  return {
    state: states.find((one) => one === state) ?? 'open',
    team: team ?? null,
    assignee: assignee ?? null,
    tag: tag ?? null,
    sort: sort === 'waiting' ? 'waiting' : 'updated',
    text: q?.trim() ?? '',
  }
}

/** The conditions of a search; there is always one. */
export function conditionsOf({ state, team, assignee, tag, sort, text }: Filters): Filter[] {
  const all: Filter[] = [
    sort === 'waiting'
      ? { field: 'waiting_since', operator: '>', value: 1 }
      : { field: 'updated_at', operator: '>', value: 0 },
  ]
  if (state !== 'all') all.push({ field: 'state', operator: '=', value: state })
  if (team !== null) all.push({ field: 'team_assignee_id', operator: '=', value: idOf(team) })
  if (assignee !== null) all.push({ field: 'admin_assignee_id', operator: '=', value: idOf(assignee) })
  if (tag !== null) all.push({ field: 'tag_ids', operator: '=', value: tag })
  for (const word of text.split(/\s+/).filter(Boolean).slice(0, mostWords)) all.push(containing(word))
  return all
}

export function sortOf({ sort }: Filters) {
  return sort === 'waiting'
    ? { field: 'waiting_since', order: 'ascending' }
    : { field: 'updated_at', order: 'descending' }
}

/** The order of a list as Intercom sorts it, ties included. */
export function orderOf({ sort }: Filters): (a: Row, b: Row) => number {
  if (sort === 'waiting')
    return (a, b) => (a.waiting_since ?? 0) - (b.waiting_since ?? 0) || Number(a.id) - Number(b.id)
  return (a, b) => b.updated_at - a.updated_at || Number(b.id) - Number(a.id)
}

/** A word in what the customer wrote first, its subject, their name or address; digits are an id as well. */
function containing(word: string): Filter {
  const fields = ['source.body', 'source.subject', 'source.author.name', 'source.author.email']
  const value: Filter[] = fields.map((field) => ({ field, operator: '~', value: word }))
  if (/^\d{1,15}$/.test(word)) value.push({ field: 'id', operator: '=', value: word })
  return { operator: 'OR', value }
}

function idOf(given: string): number | null {
  return /^\d{1,15}$/.test(given) ? Number(given) : null
}

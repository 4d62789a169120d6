import { useEffect, useMemo } from 'preact/hooks'
import { textOf } from '../shell/parts/customer-html.tsx'
import { Badge, Empty } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { VirtualList } from '../shell/parts/virtual-list.tsx'
import { plainName } from '../shell/plain-name.ts'
import { go, Link, pathOf, route } from '../shell/router.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'
import { FilterBar } from './filter-bar.tsx'
import { type Filters, filtersHere } from './filters.ts'
import { inboxOf } from './inbox.ts'
import type { Row } from './intercom.ts'
import { failed } from './kept.ts'
import { adminName, teamName } from './names.ts'
import { contactName } from './people.ts'

const rowHeight = 84

/** The list of conversations that the address asks for. */
export function InboxList({ current }: { current: string | null }) {
  const filters = filtersHere()
  const key = JSON.stringify(filters)
  const inbox = useMemo(() => inboxOf(filters), [key])
  useEffect(() => () => inbox.stop(), [inbox])
  const problem = inbox.problem.value
  const { query } = route.value
  const path = (id: string) => pathOf('desk', [id], query)
  return (
    <div class="desk-inbox">
      <FilterBar filters={filters} total={inbox.total.value} />
      <VirtualList
        label="Conversations"
        what="conversation"
        items={inbox.rows.value}
        problem={problem && failed(problem, inbox.rows.value !== null)}
        rowHeight={rowHeight}
        keyOf={(row) => row.id}
        row={(row) => <InboxRow row={row} sort={filters.sort} />}
        current={current}
        onOpen={(row) => go(path(row.id))}
        hrefOf={(row) => `/studio${path(row.id)}`}
        onRange={(_from, to) => inbox.reach(to)}
        empty={<NoRows filters={filters} />}
      />
    </div>
  )
}

function NoRows({ filters: { state, sort, team, assignee, tag, text } }: { filters: Filters }) {
  const showAll = <Link to={pathOf('desk', [], { state: 'all' })}>Show all conversations</Link>
  const isNarrow = sort === 'waiting' || (team ?? assignee ?? tag) !== null || text !== ''
  if (isNarrow || (state !== 'open' && state !== 'all'))
    return <Empty says="No conversation matches the filters.">{showAll}</Empty>
  return (
    <Empty
      says={`${state === 'open' ? 'No conversation is open. One' : 'A conversation'} appears here when a customer writes, or when a program starts one by Intercom’s API.`}
    >
      {state === 'open' && showAll}
      <Link to="/lab/data">Fill it with demo data</Link>
    </Empty>
  )
}

function InboxRow({ row, sort }: { row: Row; sort: 'updated' | 'waiting' }) {
  const { state, waiting_since, updated_at, admin_assignee_id, team_assignee_id, tags, priority, ticket } =
    row
  const since = sort === 'waiting' ? waiting_since : updated_at
  return (
    <div class="inbox-row" data-state={state}>
      <p class="inbox-who">
        <bdi>{customerOf(row)}</bdi>
        {since !== null && <Time at={since * 1000} by="workspace" />}
      </p>
      <p class="inbox-says" dir="auto">
        {snippetOf(row)}
      </p>
      <p class="inbox-facts">
        {state !== 'open' && <Badge>{sentenceCase(state)}</Badge>}
        {state === 'open' && waiting_since !== null && <Badge tone="warn">Waiting</Badge>}
        {priority === 'priority' && <Badge tone="bad">Priority</Badge>}
        {ticket !== null && <Badge>Ticket</Badge>}
        <span class="quiet">
          {[
            admin_assignee_id === null ? null : adminName(admin_assignee_id),
            team_assignee_id === null ? null : teamName(team_assignee_id),
            ...tags.tags.map(({ name }) => name),
          ]
            .filter((one) => one !== null)
            .join(' · ')}
        </span>
      </p>
    </div>
  )
}

/** Whom the conversation is with: who began it, else the first of its contacts. */
export function customerOf({ source, contacts }: Row): string {
  const [first] = contacts.contacts
  const isCustomer = source !== null && !['admin', 'bot', 'team'].includes(source.author.type)
  const name = isCustomer ? plainName(source.author.name) : null
  return name ?? contactName(isCustomer ? source.author.id : first?.id)
}

const snippets = new WeakMap<Row, string>()
const longest = 200

function snippetOf(row: Row): string {
  const known = snippets.get(row)
  if (known !== undefined) return known
  const { source, title } = row
  const subject = title || source?.subject || ''
  const said = source === null ? '' : textOf(source.body)
  const text = [subject, said]
    .filter((one) => one !== '')
    .join(' — ')
    .slice(0, longest)
  snippets.set(row, text)
  return text
}

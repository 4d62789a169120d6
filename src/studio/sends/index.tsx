import { useSignal } from '@preact/signals'
import { Badge, Empty, Words } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { Time } from '../shell/parts/time.tsx'
import { VirtualList } from '../shell/parts/virtual-list.tsx'
import { go, Link, pathOf, route, withQuery } from '../shell/router.tsx'
import { session } from '../shell/session.ts'
import { useRows } from './rows.ts'
import { SendView } from './send-view.tsx'
import { type SendRow, states, stateWords } from './words.ts'

const rowHeight = 60

/** What became of every write of the caller, or, for an operator, of their callers; what waits for a person comes first. */
export function View() {
  const { parts, query } = route.value
  // /sends/approvals/{id} is where other programs send people.
  const id = (parts[0] === 'approvals' ? parts[1] : parts[0]) ?? null
  const state = states.find((one) => one === query['state'])
  const chosen = { state, action: query['action'], caller: query['caller'] }
  const list = useRows(chosen)
  const text = useSignal(query['q'] ?? '')
  const rows = list.rows.value
  const shown = rows?.filter((row) => matches(row, text.value)) ?? null
  const change = id === null ? 0 : (list.changes.value.get(id) ?? 0)
  const path = (row: SendRow) => pathOf('sends', [row.id], query)
  return (
    <Split
      isOpen={id !== null}
      back={{ to: pathOf('sends', [], query), label: 'Sends' }}
      labels={{ list: 'Sends', detail: 'Send' }}
      list={
        <>
          <Filters
            rows={rows ?? []}
            text={text.value}
            onText={(value) => {
              text.value = value
              go(withQuery({ q: value }), { replace: true })
            }}
          />
          <VirtualList
            label="Sends"
            what="send"
            items={shown}
            problem={list.problem.value}
            onRetry={list.again}
            rowHeight={rowHeight}
            keyOf={(row) => row.id}
            row={(row) => <Row row={row} />}
            current={id}
            onOpen={(row) => go(path(row))}
            hrefOf={(row) => `/studio${path(row)}`}
            onRange={(_, to) => {
              if (to >= (shown?.length ?? 0) - 10) list.more()
            }}
            empty={<Nothing isFiltered={Object.values(query).some(Boolean)} />}
          />
        </>
      }
    >
      {id === null ? (
        <Empty says="Choose a send to see its story: when it was recorded, transmitted, answered or looked for." />
      ) : (
        <SendView key={id} id={id} change={change} />
      )}
    </Split>
  )
}

function matches(row: SendRow, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  const { title, action, caller, id, idempotency_key, conversation_id, error } = row
  const words = [title, action, caller, id, idempotency_key, conversation_id, error]
  return wanted === '' || words.some((one) => one?.toLowerCase().includes(wanted))
}

function Filters(props: { rows: readonly SendRow[]; text: string; onText: (text: string) => void }) {
  const { rows, text, onText } = props
  const { query } = route.value
  const set = (name: string, value: string) => go(withQuery({ [name]: value }), { replace: true })
  return (
    <div class="pane-head sends-filters">
      <input
        data-filter
        type="search"
        aria-label="Filter by text"
        placeholder="Key, conversation, error…"
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <select
        aria-label="Outcome"
        value={query['state'] ?? ''}
        onChange={(event) => set('state', event.currentTarget.value)}
      >
        <option value="">All outcomes</option>
        {states.map((one) => (
          <option key={one} value={one}>
            {stateWords[one].says}
          </option>
        ))}
      </select>
      <Options
        label="Action"
        all="All actions"
        chosen={query['action']}
        names={rows.map(({ action }) => action)}
        onChoose={(value) => set('action', value)}
      />
      {session.value?.operator != null && (
        <Options
          label="Caller"
          all="All callers"
          chosen={query['caller']}
          names={rows.map(({ caller }) => caller)}
          onChoose={(value) => set('caller', value)}
        />
      )}
    </div>
  )
}

/** Those that are in the list, and what is chosen. */
function Options(props: {
  label: string
  all: string
  chosen: string | undefined
  names: readonly string[]
  onChoose: (value: string) => void
}) {
  const { label, all, chosen, names, onChoose } = props
  const options = [...new Set([...names, ...(chosen ? [chosen] : [])])].sort()
  return (
    <select aria-label={label} value={chosen ?? ''} onChange={(event) => onChoose(event.currentTarget.value)}>
      <option value="">{all}</option>
      {options.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  )
}

function Row({ row }: { row: SendRow }) {
  const { title, state, begun_at, changed_at, idempotency_key, approval_id, conversation_id, code } = row
  const { says, tone } = stateWords[state]
  const about = idempotency_key ?? approval_id ?? 'no key'
  return (
    <div class="send-row">
      <p class="send-what">
        <strong class="cut">{title}</strong>
        <Time at={begun_at ?? changed_at} />
      </p>
      <p class="send-more">
        <Badge tone={tone}>{says}</Badge>
        <span class="quiet small cut">
          <Words
            text={[code, conversation_id && `conversation ${conversation_id}`, about]
              .filter(Boolean)
              .join(' · ')}
          />
        </span>
      </p>
    </div>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty says="No send matches the filters.">
      <Link to={pathOf('sends')}>Show all</Link>
    </Empty>
  ) : (
    <Empty says="Nothing has been sent yet. Every write of an action shows here with what became of it, whoever makes it.">
      {session.value?.views.includes('actions') && <Link to={pathOf('actions')}>Try an action</Link>}
    </Empty>
  )
}

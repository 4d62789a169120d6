import { useEffect, useRef, useState } from 'preact/hooks'
import { go, withQuery } from '../shell/router.tsx'
import type { Filters } from './filters.ts'
import { names } from './names.ts'

const typingMs = 250

/** What of the inbox is shown, kept in the address. */
export function FilterBar({ filters, total }: { filters: Filters; total: number | null }) {
  const all = names.value
  const set = (changes: Record<string, string | undefined>) => go(withQuery(changes), { replace: true })
  const nobody = { id: 'none', name: 'Nobody' }
  return (
    <search class="desk-filters">
      <SearchField text={filters.text} onSearch={(q) => set({ q })} />
      <div class="desk-selects">
        <Select
          label="State"
          value={filters.state}
          options={[
            { id: 'open', name: 'Open' },
            { id: 'snoozed', name: 'Snoozed' },
            { id: 'closed', name: 'Closed' },
            { id: 'all', name: 'All states' },
          ]}
          onChoose={(state) => set({ state: state === 'open' ? undefined : state })}
        />
        <Select
          label="Team"
          value={filters.team ?? ''}
          options={[{ id: '', name: 'Any team' }, nobody, ...(all?.teams ?? [])]}
          onChoose={(team) => set({ team })}
        />
        <Select
          label="Assignee"
          value={filters.assignee ?? ''}
          options={[{ id: '', name: 'Anybody' }, nobody, ...(all?.admins ?? [])]}
          onChoose={(assignee) => set({ assignee })}
        />
        <Select
          label="Tag"
          value={filters.tag ?? ''}
          options={[{ id: '', name: 'Any tag' }, ...(all?.tags ?? [])]}
          onChoose={(tag) => set({ tag })}
        />
        <Select
          label="Order"
          value={filters.sort}
          options={[
            { id: 'updated', name: 'Last updated' },
            { id: 'waiting', name: 'Waiting longest' },
          ]}
          onChoose={(sort) => set({ sort: sort === 'updated' ? undefined : sort })}
        />
      </div>
      <p class="quiet desk-total" role="status">
        {total === null ? '' : `${total.toLocaleString('en')} conversation${total === 1 ? '' : 's'}`}
      </p>
    </search>
  )
}

function SearchField({ text, onSearch }: { text: string; onSearch: (text: string | undefined) => void }) {
  const [typed, setTyped] = useState(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <input
      type="search"
      class="desk-search"
      data-filter
      aria-label="Search conversations"
      placeholder="Words, a name, an address, an id"
      value={typed}
      onInput={(event) => {
        const { value } = event.currentTarget
        setTyped(value)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => onSearch(value.trim() || undefined), typingMs)
      }}
    />
  )
}

function Select(props: {
  label: string
  value: string
  options: readonly { id: string; name: string }[]
  onChoose: (id: string) => void
}) {
  const { label, value, options, onChoose } = props
  const isKnown = options.some((one) => one.id === value)
  return (
    <select
      aria-label={label}
      data-set={value !== options[0]?.id}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      {!isKnown && <option value={value}>{value}</option>}
      {options.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

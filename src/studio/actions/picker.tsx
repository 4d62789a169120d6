import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { textOf } from '../shell/parts/customer-html.tsx'
import { Words } from '../shell/parts/small.tsx'
import { ask, isAborted, messageOf } from '../shell/server.ts'
import { isOffered } from './catalogue.ts'
import type { IdOf } from './fields.ts'
import { type Choice, choicesOf, lookup } from './lookups.ts'

const pauseMs = 200

type Found = Choice & { of: IdOf }
type Control = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }

/** An id, typed or found by a name: the actions of the caller are asked as somebody types. */
export function Picker(props: {
  control: Control
  of: readonly IdOf[]
  value: string
  onInput: (value: string) => void
}) {
  const { control, value, onInput } = props
  const of = props.of.filter((kind) => isOffered(lookup(kind, '').action))
  const isOpen = useSignal(false)
  const found = useSignal<readonly Found[]>([])
  const says = useSignal('')
  const active = useSignal(-1)
  const chosen = useSignal<Found | null>(null)
  const asking = useRef(new AbortController())
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const list = useId()

  useEffect(() => () => close(), [])

  function close(): void {
    clearTimeout(timer.current)
    asking.current.abort()
    isOpen.value = false
    active.value = -1
  }

  function look(text: string, afterMs: number): void {
    if (of.length === 0) return
    close()
    asking.current = new AbortController()
    const { signal } = asking.current
    timer.current = setTimeout(async () => {
      try {
        const all = await Promise.all(of.map((kind) => choicesFor(kind, text, signal)))
        if (signal.aborted) return
        found.value = all.flat()
        says.value = found.value.length === 0 ? `No ${of.join(' or ')} matches.` : ''
      } catch (error) {
        if (signal.aborted || isAborted(error)) return
        found.value = []
        says.value = messageOf(error)
      }
      isOpen.value = true
    }, afterMs)
  }

  function choose(one: Found): void {
    chosen.value = one
    onInput(one.id)
    close()
  }

  function pressed(event: KeyboardEvent): void {
    const { key } = event
    if (key === 'Escape' && isOpen.value) close()
    else if (key === 'ArrowDown' && !isOpen.value) look(value, 0)
    else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const by = key === 'ArrowDown' ? 1 : -1
      active.value = Math.max(0, Math.min(found.value.length - 1, active.value + by))
      document.getElementById(`${list}-${active.value}`)?.scrollIntoView({ block: 'nearest' })
    } else if (
      key === 'Enter' &&
      !event.ctrlKey &&
      !event.metaKey &&
      isOpen.value &&
      found.value[active.value]
    ) {
      const one = found.value[active.value]
      if (one !== undefined) choose(one)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  const shown = chosen.value?.id === value ? chosen.value : null
  return (
    <div class="picker">
      <input
        {...control}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen.value}
        aria-controls={list}
        aria-activedescendant={isOpen.value && active.value >= 0 ? `${list}-${active.value}` : undefined}
        placeholder={of.length === 0 ? undefined : `Id, or search for a name: ${of.join(' or ')}`}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value)
          look(event.currentTarget.value, pauseMs)
        }}
        onClick={() => isOpen.value || look(value === shown?.id ? '' : value, 0)}
        onKeyDown={pressed}
        onBlur={close}
      />
      {shown !== null && (
        <p class="picked small">
          <Words text={shown.name} /> <span class="quiet">{shown.detail}</span>
        </p>
      )}
      <div class="picker-list" hidden={!isOpen.value}>
        {says.value !== '' && <p class="picker-says quiet small">{says.value}</p>}
        <div id={list} role="listbox" aria-label={`Found: ${of.join(', ')}`}>
          {found.value.map((one, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and hears the keys
            <div
              key={`${one.of} ${one.id}`}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active.value}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(one)}
            >
              <span class="cut">
                <Words text={one.name} />
              </span>
              <span class="quiet small cut">
                {of.length > 1 ? `${one.of} · ` : ''}
                <Words text={one.detail} />
              </span>
              <code class="tiny">{one.id}</code>
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

async function choicesFor(of: IdOf, text: string, signal: AbortSignal): Promise<Found[]> {
  const { action, input } = lookup(of, text)
  const envelope = await ask<Record<string, unknown>>('POST', `/actions/${action}`, input, { signal })
  return choicesOf(of, text, envelope, textOf).map((one) => ({ ...one, of }))
}

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { Dialog } from '../shell/parts/dialog.tsx'

export type Option = { id: string; label: string; detail?: string; isOn?: boolean }

/** Picks one of a list by typing: arrows and Enter choose, Esc leaves. `children` stand below the list. */
export function Pick(props: {
  title: string
  options: readonly Option[]
  onPick: (id: string) => void
  onClose: () => void
  /** Offers what was typed where it is none of the options. */
  offer?: { label: (text: string) => string; onPick: (text: string) => void }
  children?: ComponentChildren
}) {
  const { title, options, onPick, onClose, offer, children } = props
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const wanted = text.trim().toLowerCase()
  const found = options.filter(({ label, detail = '' }) =>
    `${label} ${detail}`.toLowerCase().includes(wanted),
  )
  const isNew = wanted !== '' && !options.some(({ label }) => label.toLowerCase() === wanted)
  const offered = offer !== undefined && isNew ? [{ id: '', label: offer.label(text.trim()) } as Option] : []
  const all = [...found, ...offered]
  const active = Math.min(at, all.length - 1)

  function choose(option: Option | undefined): void {
    if (option === undefined) return
    onClose()
    if (option.id === '' && offer !== undefined) offer.onPick(text.trim())
    else onPick(option.id)
  }

  function pressed(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setAt(Math.min(active + 1, all.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0))
    else if (event.key === 'Enter' && !event.isComposing) choose(all[active])
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <input
        class="pick-text"
        role="combobox"
        aria-label={title}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={all.length > 0 ? `${id}-${active}` : undefined}
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={pressed}
      />
      <div class="pick-list" id={id} role="listbox" aria-label={title}>
        {all.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and hears the keys
          <div
            class="pick-option"
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            data-on={option.isOn ?? false}
            onClick={() => choose(option)}
          >
            <bdi>{option.label}</bdi>
            {option.detail !== undefined && <span class="quiet"> {option.detail}</span>}
            {option.isOn && <span class="pick-on">✓</span>}
          </div>
        ))}
      </div>
      {all.length === 0 && <p class="quiet">Nothing by that name.</p>}
      {children}
    </Dialog>
  )
}

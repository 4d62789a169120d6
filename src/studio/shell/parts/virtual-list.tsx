import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'
import { useKeys } from '../keys.tsx'
import { Busy, Problem } from './small.tsx'

/** Rows that are drawn beyond what is in sight, on each side. */
const beyond = 6

export type VirtualListProps<Item> = {
  label: string
  /** What a row is, as the list of keys says it: `conversation`. */
  what: string
  /** In order; `null` until they are read. */
  items: readonly Item[] | null
  /** Why they cannot be read, or may be old. */
  problem: string | null
  onRetry?: () => void
  /** Of every row, px. */
  rowHeight: number
  keyOf: (item: Item) => string
  /** What a row shows; no links or buttons, since the row is what is pressed. */
  row: (item: Item) => ComponentChildren
  /** The key of the row that is open. */
  current?: string | null | undefined
  /** On Enter and on a click. */
  onOpen: (item: Item) => void
  /** Where a row leads, below the origin: for a click that wants a tab of its own. */
  hrefOf?: (item: Item) => string
  /** The first row in sight and the one after the last, whenever that changes. */
  onRange?: (from: number, to: number) => void
  /** In place of a list that is read and has no rows. */
  empty?: ComponentChildren
}

/** A list of any length: only what is in sight is drawn. Arrows, j and k, Home and End go along it, Enter opens. */
export function VirtualList<Item>(props: VirtualListProps<Item>): ComponentChildren {
  const { label, what, problem, onRetry, rowHeight, keyOf, row, current = null } = props
  const { onOpen, hrefOf, onRange, empty } = props
  const items = props.items ?? []
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const top = useSignal(0)
  const height = useSignal(0)
  /** The row that the keyboard is at: its key, and its place should it go. */
  const active = useSignal<{ key: string; index: number } | null>(null)
  const firstKey = useRef<string | null>(null)

  const keyAt = (index: number) => {
    const item = items[index]
    return item === undefined ? null : keyOf(item)
  }
  const placeOf = (key: string, near: number) =>
    keyAt(near) === key ? near : items.findIndex((item) => keyOf(item) === key)

  const from = Math.max(0, Math.floor(top.value / rowHeight))
  const to = Math.min(items.length, Math.ceil((top.value + height.value) / rowHeight))
  const firstDrawn = Math.max(0, from - beyond)
  const drawn = items.slice(firstDrawn, to + beyond)
  const activeIndex = indexOfActive()

  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight
    })
    height.value = element.clientHeight
    observer.observe(element)
    return () => observer.disconnect()
  }, [items.length === 0])

  useEffect(() => {
    if (to > from) onRange?.(from, to)
  }, [from, to, items])

  // What comes in above does not move what is being read.
  useLayoutEffect(() => {
    const element = list.current
    const before = firstKey.current
    if (element !== null && before !== null && from > 0 && keyAt(from) !== before) {
      const place = placeOf(before, from)
      if (place >= 0) element.scrollTop += (place - from) * rowHeight
    }
  }, [items])
  useLayoutEffect(() => {
    firstKey.current = keyAt(from)
  })

  function indexOfActive(): number {
    const key = active.value?.key ?? current
    if (key === null) return -1
    const place = placeOf(key, active.value?.index ?? 0)
    return place >= 0 ? place : Math.min(active.value?.index ?? -1, items.length - 1)
  }

  function moveTo(wanted: number): void {
    const index = Math.max(0, Math.min(items.length - 1, wanted))
    const key = keyAt(index)
    const element = list.current
    if (element === null) return
    const [start, end] = [index * rowHeight, (index + 1) * rowHeight]
    if (start < element.scrollTop) element.scrollTop = start
    if (end > element.scrollTop + element.clientHeight) element.scrollTop = end - element.clientHeight
    if (key !== null) active.value = { key, index }
    element.focus({ preventScroll: true })
  }

  const step = (by: number) => moveTo(activeIndex + by)
  useKeys(
    [
      { key: 'j', says: `Next ${what}`, run: () => step(1) },
      {
        key: 'k',
        says: `${what[0]?.toUpperCase()}${what.slice(1)} before`,
        run: () => moveTo(Math.max(activeIndex, 1) - 1),
      },
    ],
    label,
  )

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor(height.value / rowHeight) - 1)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: Math.max(activeIndex, 1) - 1,
      PageDown: activeIndex + page,
      PageUp: activeIndex - page,
      Home: 0,
      End: items.length - 1,
    }
    const move = moves[event.key]
    const item = items[activeIndex]
    if (move !== undefined) moveTo(move)
    else if (event.key === 'Enter' && item !== undefined) onOpen(item)
    else return
    event.preventDefault()
  }

  function clicked(event: MouseEvent, item: Item, index: number): void {
    if (hrefOf !== undefined && (event.ctrlKey || event.metaKey || event.button === 1)) {
      open(hrefOf(item), '_blank', 'noopener')
      return
    }
    if (event.button !== 0) return
    active.value = { key: keyOf(item), index }
    onOpen(item)
  }

  const told = problem !== null && <Problem onRetry={onRetry}>{problem}</Problem>
  if (items.length === 0) return told || (props.items === null ? <Busy /> : empty)
  return (
    <>
      {told}
      <div
        ref={list}
        class="list"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={
          drawn[activeIndex - firstDrawn] !== undefined ? `${id}-${activeIndex}` : undefined
        }
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop
        }}
        onKeyDown={pressed}
      >
        <div class="list-space" role="presentation" style={{ height: `${items.length * rowHeight}px` }}>
          {drawn.map((item, nth) => {
            const index = firstDrawn + nth
            const key = keyOf(item)
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and hears the keys
              <div
                key={key}
                id={`${id}-${index}`}
                class="list-row"
                role="option"
                tabIndex={-1}
                aria-selected={key === current}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                data-active={index === activeIndex}
                style={{ height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
                onClick={(event) => clicked(event, item, index)}
                onAuxClick={(event) => clicked(event, item, index)}
              >
                {row(item)}
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

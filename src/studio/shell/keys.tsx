import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Dialog } from './parts/dialog.tsx'

/** `key` as the browser names it (`j`, `Enter`, `?`), or two after each other (`g d`). */
export type Key = { key: string; says: string; run: () => void }
type Held = { where: string; keys: readonly Key[] }

const held: { current: Held }[] = []
const shown = signal(false)
/** How long the second of two keys is waited for, ms. */
const secondMs = 1200
let first: { key: string; at: number } | null = null

/** Keys that hold while a component is there; of two the later one. `where`: what they are listed under. */
export function useKeys(keys: readonly Key[], where: string): void {
  const own = useRef<Held>({ where, keys })
  own.current = { where, keys }
  useEffect(() => {
    held.push(own)
    return () => {
      held.splice(held.indexOf(own), 1)
    }
  }, [])
}

export function showKeys(): void {
  shown.value = true
}

export function followKeys(): () => void {
  document.addEventListener('keydown', pressed)
  return () => document.removeEventListener('keydown', pressed)
}

function pressed(event: KeyboardEvent): void {
  const { key, target } = event
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (document.querySelector('dialog[open]') !== null) return
  if (isTypedInto(target)) {
    if (key === 'Escape') (target as HTMLElement).blur()
    return
  }
  // Enter and the blank press what has the focus.
  if (
    (key === 'Enter' || key === ' ') &&
    target instanceof HTMLElement &&
    target.matches('a, button, summary')
  )
    return
  const both = first !== null && event.timeStamp - first.at < secondMs ? `${first.key} ${key}` : null
  first = null
  const found = (both === null ? undefined : find(both)) ?? find(key)
  if (found !== undefined) {
    event.preventDefault()
    found.run()
  } else if (all().some((one) => one.key.startsWith(`${key} `))) {
    first = { key, at: event.timeStamp }
  }
}

/** Those that hold, the latest first. */
function all(): (Key & { where: string })[] {
  return held.toReversed().flatMap(({ current: { where, keys } }) => keys.map((key) => ({ ...key, where })))
}

function find(key: string): Key | undefined {
  return all().find((one) => one.key === key)
}

function isTypedInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  return target.isContentEditable || target.matches('textarea, select')
}

/** The list of all keys that hold here. */
export function KeysDialog() {
  if (!shown.value) return null
  const seen = new Set<string>()
  const keys = all().filter(({ key }) => !seen.has(key) && seen.add(key))
  const groups = Map.groupBy(keys, ({ where }) => where)
  return (
    <Dialog title="Keys" onClose={() => (shown.value = false)}>
      <div class="keys">
        {[...groups].map(([where, own]) => (
          <section key={where}>
            <h3>{where}</h3>
            <dl>
              {own.map(({ key, says }) => (
                <div key={key}>
                  <dt>
                    <KeyCaps of={key} />
                  </dt>
                  <dd>{says}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

const names: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  ' ': 'Space',
}

/** Keys as they are drawn. */
function KeyCaps({ of }: { of: string }) {
  const parts = of === ' ' ? [of] : of.split(' ')
  return (
    <>
      {parts.map((part) => (
        <kbd key={part}>{names[part] ?? part}</kbd>
      ))}
    </>
  )
}

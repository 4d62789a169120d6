import type { ComponentChildren } from 'preact'
import { CopyButton, Words } from './small.tsx'

/** Entries of one list or object that are drawn at once. */
const step = 100

/** A value as collapsible text; `depth`: how many levels are open. */
export function Json({ value, depth = 2 }: { value: unknown; depth?: number }) {
  return (
    <div class="json">
      <Value value={value} depth={depth} name={null} />
    </div>
  )
}

function Value({ value, depth, name }: { value: unknown; depth: number; name: string | null }) {
  const label = name === null ? null : <span class="json-name">{name}: </span>
  if (typeof value !== 'object' || value === null)
    return (
      <div class="json-line">
        {label}
        <Scalar value={value} />
      </div>
    )
  const isList = Array.isArray(value)
  const entries = Object.entries(value)
  const [open, close] = isList ? '[]' : '{}'
  if (entries.length === 0)
    return (
      <div class="json-line">
        {label}
        {open}
        {close}
      </div>
    )
  const count = isList ? `${entries.length}` : entries.map(([key]) => key).join(', ')
  return (
    <details open={depth > 0}>
      <summary>
        {label}
        {open}
        <span class="json-closed">
          <span class="json-count">{count}</span>
          {close}
        </span>
      </summary>
      <Entries entries={entries} depth={depth - 1} />
    </details>
  )
}

function Entries({ entries, depth }: { entries: [string, unknown][]; depth: number }): ComponentChildren {
  const first = entries.slice(0, step)
  const rest = entries.slice(step)
  return (
    <div class="json-inside">
      {first.map(([key, value]) => (
        <Value key={key} value={value} depth={depth} name={key} />
      ))}
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <Entries entries={rest} depth={depth} />
        </details>
      )}
    </div>
  )
}

function Scalar({ value }: { value: unknown }) {
  if (typeof value === 'string')
    return (
      <span class="json-text">
        “<Words text={value} />”
      </span>
    )
  return <span class="json-plain">{String(value)}</span>
}

/** A text of a program with a way to copy it. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <figure class="code">
      <figcaption>
        {label}
        <CopyButton text={text} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and only the focus scrolls with keys */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  )
}

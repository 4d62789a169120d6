import { computed, signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

const base = '/studio'
const names = ['desk', 'actions', 'sends', 'traffic', 'lab'] as const

export type ViewName = (typeof names)[number]
export type Query = Readonly<Record<string, string | undefined>>
/** Where the page is: `/studio/desk/215468?state=open` is desk, ['215468'], { state: 'open' }. */
export type Route = {
  view: ViewName | null
  parts: readonly string[]
  query: Readonly<Record<string, string | undefined>>
}

const address = signal(location.pathname + location.search)
addEventListener('popstate', () => {
  address.value = location.pathname + location.search
})

export const route = computed<Route>(() => {
  const { pathname, searchParams } = new URL(address.value, location.origin)
  const [name, ...parts] = pathname.slice(base.length).split('/').filter(Boolean).map(decoded)
  const view = names.find((one) => one === name) ?? null
  return { view, parts: view === null ? [] : parts, query: Object.fromEntries(searchParams) }
})

/** Goes to a path below /studio, such as `/desk/215468`; `replace` leaves no step to go back to. */
export function go(path: string, { replace = false } = {}): void {
  const full = base + path
  if (full === address.value) return
  if (replace) history.replaceState(null, '', full)
  else history.pushState(null, '', full)
  address.value = full
}

/** The path of a place; what of the query is undefined or empty is left out. */
export function pathOf(view: ViewName, parts: readonly string[] = [], query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  const search = new URLSearchParams(given).toString()
  const path = `/${[view, ...parts].map(encodeURIComponent).join('/')}`
  return search === '' ? path : `${path}?${search}`
}

/** The path of here with something else in the query. */
export function withQuery(changes: Query): string {
  const { view, parts, query } = route.value
  return pathOf(view ?? 'desk', parts, { ...query, ...changes })
}

type LinkProps = {
  /** A path below /studio. */
  to: string
  children?: ComponentChildren
  class?: string
  title?: string
  'aria-current'?: 'page' | true | undefined
  'aria-label'?: string
}

/** A link within the studio, which a click follows without leaving the page. */
export function Link({ to, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={base + to}
      onClick={(event) => {
        const { ctrlKey, metaKey, shiftKey, altKey, button } = event
        if (ctrlKey || metaKey || shiftKey || altKey || button !== 0) return // a tab of its own
        event.preventDefault()
        go(to)
      }}
    />
  )
}

/** A part of an address that nobody can decode stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

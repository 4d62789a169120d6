import type { Difference } from './differences.ts'

/** How the `pages` of lists are written, apart for the last page and for one that another follows. */
export type Pages = Map<'last' | 'more', Set<string>>

/** Adds the form of an answer's `pages`, if it has one that says where in the list it stands. */
export function addPages(to: Pages, json: unknown): void {
  const pages = objectOf(objectOf(json)?.['pages'])
  if (pages === undefined) return
  const { page, total_pages: total, next } = pages
  if (!Number.isInteger(page) || !Number.isInteger(total)) return
  const at = Number(page) >= Number(total) ? 'last' : 'more'
  const forms = to.get(at) ?? new Set()
  to.set(at, forms.add('next' in pages ? nextForm(next) : 'absent'))
}

/** The answer without what `addPages` compares, which hangs on the place in the list. */
export function withoutNext(json: unknown): unknown {
  const pages = objectOf(objectOf(json)?.['pages'])
  if (pages === undefined) return json
  const { next: _, ...rest } = pages
  return { ...objectOf(json), pages: rest }
}

export function pageDifferences(live: Pages, local: Pages): Difference[] {
  return [...live].flatMap(([at, forms]) => {
    const known = local.get(at)
    if (known === undefined || [...forms].every((form) => known.has(form))) return []
    const where = at === 'last' ? 'pages.next of the last page' : 'pages.next before the last page'
    const shown = (all: Set<string>) => [...all].toSorted().join(' or ')
    return [{ kind: 'pages' as const, where, live: shown(forms), local: shown(known) }]
  })
}

function nextForm(next: unknown): string {
  if (next === null) return 'null'
  if (typeof next === 'string') return /^https?:\/\//.test(next) ? 'a URL' : 'a text'
  const parts = objectOf(next)
  if (parts === undefined) return 'something else'
  const names = ['page', 'per_page', 'starting_after'].filter((name) => name in parts)
  const strange = Object.keys(parts).length > names.length ? ' and more' : ''
  return `an object with ${names.join(', ')}${strange}; the cursor is ${cursorForm(parts['starting_after'])}`
}

function cursorForm(cursor: unknown): string {
  if (typeof cursor !== 'string' || cursor === '') return 'no text'
  if (cursor.length > 4000) return 'a long text'
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'))
    if (Array.isArray(value)) return `a list of ${value.length} in base64`
  } catch {
    // It is opaque.
  }
  return 'another text'
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

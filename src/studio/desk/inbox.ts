import { computed, signal } from '@preact/signals'
import { contactOf, conversationOf, onChange } from './changes.ts'
import { conditionsOf, type Filters, orderOf, sortOf } from './filters.ts'
import { type Filter, intercom, type ListPage, type Row } from './intercom.ts'
import { kept } from './kept.ts'

/** Intercom's largest page. */
const pageSize = 150
/** Milliseconds between two readings of what has changed. */
const gap = 100
const countGap = 1000
/** The conversation and the Messenger go first. */
const wait = 15
const countWait = 200
/** Rows before the end at which the next two pages are read. */
const ahead = 60

/**
 * A list of conversations as Intercom has it, read page by page along its cursor and kept up to date: what changed is asked
 * for by its ids under the same conditions, so that a row comes, goes and moves as in Intercom's own list.
 */
export function inboxOf(filters: Filters) {
  const conditions = conditionsOf(filters)
  const order = orderOf(filters)
  const rows = signal<readonly Row[] | null>(null)
  const total = signal<number | null>(null)

  let byId = new Map<string, Row>()
  /** The last row that the pages so far have led to, and the cursor behind it; without one, all is read. */
  let boundary: Row | undefined
  let cursor: string | undefined
  let isWhole = false
  let pages = 0

  let dirty = new Set<string>()
  let wanted = 1
  let isStale = false

  const reading = kept(
    async (stopping) => {
      if (isStale) await readAnew(stopping)
      while (pages < wanted && !isWhole) await readPage(stopping)
      if (dirty.size > 0) await readChanged(stopping)
      rows.value = [...byId.values()].sort(order)
    },
    gap,
    wait,
  )

  const counting = kept(
    async (stopping) => {
      total.value = (await search(conditions, { per_page: 1 }, stopping)).total_count
    },
    countGap,
    countWait,
  )

  const end = onChange((change) => {
    if (change === null) isStale = true
    else {
      const id = conversationOf(change)
      if (id !== null) dirty.add(id)
      else if (change.entity === 'contact') addOfContact(contactOf(change))
      else if (change.entity === 'tag')
        for (const [one, { tags }] of byId) if (tags.tags.length > 0) dirty.add(one)
      if (dirty.size === 0) return
    }
    reading.poke()
    counting.poke()
  })

  /** Names of whoever wrote are those of the contact. */
  function addOfContact(contact: string | null): void {
    for (const [id, { contacts }] of byId)
      if (contacts.contacts.some((one) => one.id === contact)) dirty.add(id)
  }

  async function readPage(stopping: AbortSignal): Promise<void> {
    const page = await search(conditions, { per_page: pageSize, ...after(cursor) }, stopping)
    for (const row of page.conversations) byId.set(row.id, row)
    boundary = page.conversations.at(-1) ?? boundary
    cursor = page.pages.next?.starting_after
    isWhole = cursor === undefined
    pages += 1
    if (pages === 1) total.value = page.total_count
    rows.value = [...byId.values()].sort(order)
  }

  /** As many pages as before; until they are there, what is shown stays. */
  async function readAnew(stopping: AbortSignal): Promise<void> {
    dirty = new Set()
    isStale = false
    const fresh = new Map<string, Row>()
    let last: Row | undefined
    let next: string | undefined
    try {
      for (let n = 0; n < Math.max(pages, 1) && (n === 0 || next !== undefined); n += 1) {
        const page = await search(conditions, { per_page: pageSize, ...after(next) }, stopping)
        for (const row of page.conversations) fresh.set(row.id, row)
        last = page.conversations.at(-1) ?? last
        next = page.pages.next?.starting_after
        if (n === 0) total.value = page.total_count
      }
    } catch (error) {
      isStale = true
      throw error
    }
    byId = fresh
    boundary = last
    cursor = next
    isWhole = next === undefined
    pages = Math.max(pages, 1)
  }

  async function readChanged(stopping: AbortSignal): Promise<void> {
    const ids = [...dirty].slice(0, pageSize)
    for (const id of ids) dirty.delete(id)
    try {
      const these: Filter = { field: 'id', operator: 'IN', value: ids }
      const page = await search([...conditions, these], { per_page: pageSize }, stopping)
      const found = new Map(page.conversations.map((row) => [row.id, row]))
      for (const id of ids) {
        const row = found.get(id)
        if (row !== undefined && isRead(row)) byId.set(id, row)
        else byId.delete(id)
      }
    } catch (error) {
      for (const id of ids) dirty.add(id)
      throw error
    }
    if (dirty.size > 0) reading.poke()
  }

  /** Whether the pages so far reach as far as a row; the others come with a later page. */
  function isRead(row: Row): boolean {
    return isWhole || (boundary !== undefined && order(row, boundary) <= 0)
  }

  async function search(all: Filter[], pagination: object, stopping: AbortSignal): Promise<ListPage> {
    const body = { query: { operator: 'AND', value: all }, sort: sortOf(filters), pagination }
    return await intercom<ListPage>('POST', '/conversations/search', body, stopping)
  }

  reading.poke()
  return {
    /** `null` until the first page is there. */
    rows,
    total,
    problem: computed(() => reading.problem.value),
    /** Rows up to here are in sight. */
    reach(to: number): void {
      if (isWhole || rows.value === null || to + ahead < rows.value.length) return
      wanted = pages + 2
      reading.poke()
    },
    stop(): void {
      end()
      reading.stop()
      counting.stop()
    },
  }
}

function after(cursor: string | undefined) {
  return cursor === undefined ? {} : { starting_after: cursor }
}

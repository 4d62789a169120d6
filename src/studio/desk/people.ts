import { signal } from '@preact/signals'
import { plainName } from '../shell/plain-name.ts'
import { contactOf, onChange } from './changes.ts'
import { intercom } from './intercom.ts'
import { kept } from './kept.ts'

type Known = { id: string; name: string | null; email: string | null; role: string }

/** Contacts by id, as far as somebody asked for their names. */
const known = signal<ReadonlyMap<string, Known>>(new Map())
const asked = new Set<string>()
const most = 100
const nobody = { name: null, email: null, role: 'contact' }

const reading = kept(async (stopping) => {
  const ids = [...asked].slice(0, most)
  if (ids.length === 0) return
  const query = { field: 'id', operator: 'IN', value: ids }
  const body = { query, pagination: { per_page: most } }
  const { data } = await intercom<{ data: Known[] }>('POST', '/contacts/search', body, stopping)
  const found = new Map(data.map((one) => [one.id, one]))
  // Whom no search finds, as one who is archived, is not asked for again.
  const read = ids.map((id) => [id, found.get(id) ?? { ...nobody, id }] as const)
  for (const id of ids) asked.delete(id)
  known.value = new Map([...known.value, ...read])
  if (asked.size > 0) reading.poke()
}, 100)

/** Follows changes of contacts while the desk is open. */
export function followPeople(): () => void {
  return onChange((change) => {
    if (change !== null && change.entity !== 'contact') return
    const id = change === null ? null : contactOf(change)
    for (const one of known.value.keys()) if (id === null || one === id) asked.add(one)
    if (asked.size > 0) reading.poke()
  })
}

/** What a contact is called: asked for when it is not known, and then drawn again. */
export function contactName(id: string | undefined): string {
  if (id === undefined) return 'Nobody'
  const found = known.value.get(id)
  if (found === undefined && !asked.has(id)) {
    asked.add(id)
    queueMicrotask(() => reading.poke())
  }
  return nameOf(found ?? { ...nobody, id })
}

const roles: Readonly<Record<string, string>> = { lead: 'Lead', visitor: 'Visitor' }

type Nameable = { id: string; name: string | null; email: string | null; role?: string }

/** What a contact of Intercom's API is called. */
export function nameOf(one: Nameable): string {
  return calledBy({ ...one, name: plainName(one.name) })
}

/** A contact's name, in plain text, else its address, else the end of its id. */
export function calledBy({ id, name, email, role = '' }: Nameable): string {
  return name?.trim() || email || `${roles[role] ?? 'Contact'} …${id.slice(-6)}`
}

import type { EntityChange, FieldChange } from './read.ts'
import type { Change } from './time-machine.ts'

const longest = 80

/** One line: `contact 65f… updated: name "Ann" → "Bea"`. */
export function describeChange({ entity, entity_id, action, fields, customer_saw }: EntityChange): string {
  const what = [entity, entity_id, action].filter((word) => word !== null).join(' ')
  const details = Object.entries(fields).map(([name, change]) => `${name} ${describeField(change, action)}`)
  return `${what}${details.length > 0 ? `: ${details.join(', ')}` : ''}${customer_saw ? ' [customer saw it]' : ''}`
}

function describeField(change: FieldChange, action: EntityChange['action']): string {
  if ('added' in change) {
    return [...change.added.map((id) => `+${id}`), ...change.removed.map((id) => `-${id}`)].join(' ')
  }
  if (action === 'created') return short(change.after)
  if (action === 'deleted' && change.after === null) return short(change.before)
  return `${short(change.before)} → ${short(change.after)}`
}

function short(value: unknown): string {
  const text = JSON.stringify(value ?? null)
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

/** When, who and on which request, and the change: two spaces between them. */
export function describeWithAuthor(change: Change): string {
  const { at, cause, route, token, admin_id, undone } = change
  const who = cause === 'request' ? [`admin ${admin_id}`, token] : [`by ${cause}`]
  const columns = [new Date(at).toISOString(), who.join(' '), route, describeChange(change)]
  return `${columns.filter((column) => column !== null).join('  ')}${undone ? ' [undone]' : ''}`
}

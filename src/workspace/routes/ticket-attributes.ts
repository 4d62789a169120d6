import { invalid } from '../http/api-error.ts'
import { type Input, isObject } from '../http/input.ts'
import { parseObject } from '../shapes/contact.ts'
import { attributesOfType } from '../shapes/ticket-type.ts'
import type { Store } from '../store/store.ts'
import type { TicketTypeAttributeRow } from '../store/ticket-tables.ts'
import { attributeKey } from '../store/tickets.ts'
import { fromUrl } from './attachments.ts'

/** An item that a list attribute offers. */
export interface ListItem {
  readonly id: string
  readonly name: string
}

/** The items of a list attribute. */
export function listItems(attribute: TicketTypeAttributeRow): ListItem[] {
  const items = parseObject(attribute.input_options ?? '{}')['items']
  return Array.isArray(items) ? items.filter(isItem) : []
}

function isItem(item: unknown): item is ListItem {
  return isObject(item) && typeof item['id'] === 'string' && typeof item['name'] === 'string'
}

/**
 * Lays the given values over those that a ticket has, by the keys under which it keeps them
 * (docs/intercom-api.md 3.12); null empties.
 */
export function mergeTicketAttributes(
  store: Store,
  typeId: number,
  current: Readonly<Record<string, unknown>>,
  given: Input,
): Record<string, unknown> {
  const declared = attributesOfType(store, typeId)
  const merged = new Map(Object.entries(current))
  for (const [name, value] of given.values) {
    const attribute = declared.find((candidate) => candidate.name === name)
    if (attribute === undefined) throw invalid(`Ticket attribute '${name.slice(0, 200)}' does not exist`)
    if (value === null) merged.delete(attributeKey(attribute))
    else if (attribute.archived === 1) throw invalid(`Ticket attribute '${name}' is archived`)
    else merged.set(attributeKey(attribute), typed(attribute, value))
  }
  return Object.fromEntries(merged)
}

/** Refuses a new ticket that lacks what its type requires. */
export function refuseIncomplete(
  store: Store,
  typeId: number,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const attribute of attributesOfType(store, typeId)) {
    if (attribute.required_to_create === 0 || attribute.archived === 1) continue
    const value = values[attributeKey(attribute)]
    const isBlank = typeof value === 'string' && value.trim() === ''
    if (value === undefined || isBlank) throw invalid(`Ticket attribute '${attribute.name}' is required`)
  }
}

const wholeNumber = /^-?\d{1,15}$/
const decimal = /^-?\d{1,15}(?:\.\d{1,15})?$/

function typed(attribute: TicketTypeAttributeRow, value: unknown): unknown {
  const { name, data_type } = attribute
  switch (data_type) {
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'list':
      if (listItems(attribute).some(({ id }) => id === value)) return value
      throw invalid(`Ticket attribute '${name}' has no list item with the id ${shown(value)}`)
    case 'integer':
    case 'datetime':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      if (typeof value === 'string' && wholeNumber.test(value)) return Number(value)
      break
    case 'decimal':
      if (typeof value === 'number' && Number.isFinite(value)) return value
      if (typeof value === 'string' && decimal.test(value)) return Number(value)
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (value === 'true' || value === 'false') return value === 'true'
      break
    case 'files':
      return files(attribute, value)
  }
  throw invalid(`Ticket attribute '${name}' must be of type ${data_type}`)
}

/** URLs become attachments; only an attribute that allows several shows a list. */
function files(attribute: TicketTypeAttributeRow, value: unknown): unknown {
  const urls: readonly unknown[] = Array.isArray(value) ? value : [value]
  const many = parseObject(attribute.input_options ?? '{}')['allow_multiple_values'] === true
  const most = many ? 10 : 1
  if (urls.length === 0 || urls.length > most) {
    throw invalid(`Ticket attribute '${attribute.name}' takes ${many ? '1 to 10 URLs' : 'one URL'}`)
  }
  // Unlike attachments of messages, a file that is no picture has no measures (docs/intercom-api.md 3.12).
  const attachments = urls.map((url) => {
    const { width: _, height: __, ...file } = fromUrl(url)
    return file
  })
  return many ? attachments : attachments[0]
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 200)
}

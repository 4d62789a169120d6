import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, toId } from '../http/input.ts'
import { parseObject } from '../shapes/contact.ts'
import { attributesOfType, typeAttribute } from '../shapes/ticket-type.ts'
import type { Store } from '../store/store.ts'
import type { TicketTypeAttributeRow } from '../store/ticket-tables.ts'
import { setRow } from '../store/tickets.ts'
import { type ListItem, listItems } from './ticket-attributes.ts'
import { foundType } from './ticket-types.ts'

const dataTypes = ['string', 'list', 'integer', 'decimal', 'boolean', 'datetime', 'files'] as const
const flags = [
  'required_to_create',
  'required_to_create_for_contacts',
  'visible_on_create',
  'visible_to_contacts',
] as const

function create({ store, params, body }: RouteCall) {
  const type = foundType(store, params['id'])
  const name = freeName(store, type.id, body)
  if (typeof body.text('description') !== 'string') throw missing('description not specified')
  const data_type = body.option('data_type', dataTypes)
  if (data_type === undefined) throw missing('data_type not specified')
  const at = seconds(store.clock)
  const id = store.db.number('SELECT max(id) + 1 FROM ticket_type_attributes')
  const others = attributesOfType(store, type.id)
  store.insert('ticket_type_attributes', {
    id,
    ticket_type_id: type.id,
    name,
    description: body.text('description') ?? '',
    data_type,
    input_options: inputOptions(body, data_type, undefined),
    position: Math.max(-1, ...others.map(({ position }) => position)) + 1,
    ...givenFlags(body),
    created_at: at,
    updated_at: at,
  })
  return shown(store, id)
}

function update({ store, params, body }: RouteCall) {
  const type = foundType(store, params['id'])
  const row = attributesOfType(store, type.id).find(({ id }) => id === toId(params['sub']))
  if (row === undefined) throw notFound()
  const renames = body.get('name') !== undefined && body.text('name') !== row.name
  if (renames && row.built_in === 1) throw invalid('The name of a default attribute cannot be changed')
  setRow(store, 'ticket_type_attributes', row.id, {
    ...(renames ? { name: freeName(store, type.id, body) } : {}),
    description: body.text('description') ?? row.description,
    input_options: inputOptions(body, row.data_type, row),
    ...givenFlags(body),
    archived: body.flag('archived') ?? row.archived === 1,
    updated_at: seconds(store.clock),
  })
  return shown(store, row.id)
}

/** Tickets name attributes, so that a type has no two of one name. */
function freeName(store: Store, typeId: number, body: Input): string {
  const name = body.filled('name').trim()
  if (attributesOfType(store, typeId).some((attribute) => attribute.name === name)) {
    throw invalid('A ticket type attribute with this name already exists')
  }
  return name
}

function givenFlags(body: Input): Record<string, boolean> {
  const given = flags.flatMap((name) => {
    const value = body.flag(name)
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given)
}

/** What the data type makes of the request; what is not given stays (docs/intercom-api.md 2.13). */
function inputOptions(body: Input, dataType: string, row: TicketTypeAttributeRow | undefined) {
  const before = parseObject(row?.input_options ?? '{}')
  switch (dataType) {
    case 'string':
      return { multiline: body.flag('multiline') ?? before['multiline'] ?? false }
    case 'list':
      return { items: items(body, row === undefined ? [] : listItems(row)) }
    case 'files': {
      const many = body.flag('allow_multiple_values') ?? before['allow_multiple_values'] ?? false
      return { allow_multiple_values: many }
    }
    default:
      return null
  }
}

function items(body: Input, before: readonly ListItem[]): ListItem[] {
  const text = body.text('list_items')
  if ((text === undefined || text === null) && before.length > 0) return [...before]
  const names = (text ?? '').split(',').map((name) => name.trim())
  const different = [...new Set(names.filter((name) => name !== ''))]
  if (different.length === 0) throw missing('list_items not specified')
  return different.map((name) => before.find((item) => item.name === name) ?? { id: randomUUID(), name })
}

function shown(store: Store, id: number) {
  const row = store.db.get<TicketTypeAttributeRow>('SELECT * FROM ticket_type_attributes WHERE id = ?', id)
  if (row === undefined) throw notFound()
  return typeAttribute(store, row)
}

/** The fields of ticket types (docs/intercom-api.md 3.12). */
export const ticketTypeAttributeRoutes: readonly Route[] = [
  { method: 'POST', path: '/ticket_types/:id/attributes', handle: create },
  { method: 'PUT', path: '/ticket_types/:id/attributes/:sub', handle: update },
]

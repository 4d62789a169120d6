import { ApiError } from '../http/api-error.ts'
import type { Store } from '../store/store.ts'
import type { TicketTypeAttributeRow } from '../store/ticket-tables.ts'
import { attributeKey } from '../store/tickets.ts'
import { always, column, type Field, type FindField, foldedColumn, member } from './field.ts'

const numberAsText = (sql: string): Field => ({
  type: 'string',
  operand: { kind: 'value', sql, values: [], stored: 'number' },
  always: true,
})

/** What a ticket is linked to: by itself, or by the conversation that it was. */
const linked = (link: 'contacts' | 'teammates', column: string, more: string) =>
  `(SELECT ticket_id AS linked, ${column} FROM ticket_${link}
    UNION ALL SELECT conversation_id, ${column} FROM conversation_${link}
      JOIN tickets ON tickets.id = conversation_id) ${more}`

/** The words by which searches call the categories (docs/intercom-api.md 4.5). */
const category = `(SELECT CASE category WHEN 'Customer' THEN 'request' WHEN 'Back-office' THEN 'task' ELSE 'tracker' END
  FROM ticket_types WHERE ticket_types.id = ticket_type_id)`

const fields: Readonly<Record<string, Field>> = {
  id: numberAsText('tickets.id'),
  created_at: { ...always('date', 'created_at'), orEqual: true },
  updated_at: always('date', 'updated_at'),
  title: member('string', 'attributes', '$._default_title_'),
  description: member('string', 'attributes', '$._default_description_'),
  category: always('string', category),
  ticket_type_id: numberAsText('ticket_type_id'),
  contact_ids: {
    type: 'string',
    operand: {
      kind: 'linked',
      from: linked('contacts', 'contact_seq', 'JOIN contacts ON contacts.seq = contact_seq'),
      key: 'linked',
      value: 'contacts.id',
      stored: 'plain',
      negative: 'none',
    },
  },
  teammate_ids: {
    type: 'string',
    operand: {
      kind: 'linked',
      from: linked('teammates', 'admin_id', ''),
      key: 'linked',
      value: 'admin_id',
      stored: 'number',
      negative: 'none',
    },
  },
  // "0" is nobody, as answers say it.
  admin_assignee_id: numberAsText('ifnull(admin_assignee_id, 0)'),
  team_assignee_id: numberAsText('ifnull(team_assignee_id, 0)'),
  open: always('boolean', 'open'),
  state: always('string', '(SELECT category FROM ticket_states WHERE ticket_states.id = ticket_state_id)'),
  snoozed_until: column('date', 'snoozed_until'),
}

const table = new Map(Object.entries(fields))
const prefix = 'ticket_attribute.'

/** The searchable fields of tickets (docs/intercom-api.md 4.5). */
export function ticketFields(store: Store): FindField {
  return (name) => {
    if (!name.startsWith(prefix)) return table.get(name)
    const id = name.slice(prefix.length)
    if (!/^\d{1,15}$/.test(id)) {
      throw new ApiError(400, 'field_not_found', 'The requested ticket attribute ID is not a valid integer')
    }
    const attribute = store.db.get<TicketTypeAttributeRow>(
      'SELECT * FROM ticket_type_attributes WHERE id = ?',
      Number(id),
    )
    if (attribute === undefined) {
      throw new ApiError(400, 'field_not_found', 'The requested ticket attribute was not found')
    }
    return attributeField(attribute)
  }
}

/** An attribute is of one type: tickets of the others are no matches, whatever they keep under the same name. */
function attributeField(attribute: TicketTypeAttributeRow): Field | undefined {
  const { data_type, ticket_type_id: type } = attribute
  const path = `json_extract(attributes, '$."${attributeKey(attribute)}"')`
  const sql = attribute.built_in === 1 ? `iif(ticket_type_id = ${type}, ${path}, NULL)` : path
  switch (data_type) {
    case 'string':
    case 'list':
      return foldedColumn(`fold(${sql})`)
    case 'integer':
    case 'decimal':
      return column('integer', sql)
    case 'boolean':
      return column('boolean', sql)
    case 'datetime':
      return column('date', sql)
    default:
      return undefined
  }
}

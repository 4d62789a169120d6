// What the tests of tickets share; it holds no test of its own.
import { openDesk } from '../desk.test.ts'

/** A part of a ticket as these tests look at it. */
export interface TicketPart {
  id: string
  part_type: string
  body?: string
  author: { type: string; id: string }
  assigned_to?: { type: string; id: string | null }
  ticket_state?: string
  previous_ticket_state?: string
}

/** A workspace with a type of each category (1 Customer, 2 Back-office, 3 Tracker), a user and a second admin. */
export function deskWithTickets() {
  const desk = openDesk()
  desk.ok('POST', '/ticket_types', { name: 'Outage', category: 'Tracker' })
  const contact = desk.user({ email: 'ann@example.com', name: 'Ann', external_id: 'u1' })
  const colleague = String(desk.store.nextId('admins'))
  desk.store.write(() =>
    desk.store.insertAdmin({ id: Number(colleague), name: 'Bo', email: 'bo@example.com' }),
  )
  const make = (more: object = {}) =>
    desk.ok('POST', '/tickets', { ticket_type_id: '1', contacts: [{ id: contact.id }], ...more })
  const parts = (id: string): TicketPart[] => desk.ok('GET', `/tickets/${id}`).ticket_parts.ticket_parts
  const kinds = (id: string) => parts(id).map(({ part_type, author }) => `${part_type} by ${author.type}`)
  const search = (field: string, operator: string, value: unknown): string[] =>
    desk
      .ok('POST', '/tickets/search', {
        query: { field, operator, value },
        sort: { field: 'id', order: 'ascending' },
      })
      .tickets.map(({ id }: { id: string }) => id)
  const attribute = (typeId: string, fields: object) =>
    desk.ok('POST', `/ticket_types/${typeId}/attributes`, { description: '', ...fields })
  return { ...desk, contact, colleague, make, parts, kinds, search, attribute }
}

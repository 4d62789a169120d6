import type { Store } from '../store/store.ts'
import { insertTicket, setTicket } from '../store/tickets.ts'
import { advance } from '../threads/advance.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { addPart } from '../threads/record.ts'
import { recordOnTicket, ticketRow } from '../threads/record-ticket.ts'
import { startedByAdmin } from '../threads/thread.ts'
import { DAY, END, FIRST_CONVERSATION, HOUR, workingTime } from './calendar.ts'
import { contactsAt } from './people.ts'
import { at, below, between, chance, type Random, random, STREAM } from './prng.ts'
import type { Amounts } from './size.ts'
import { ADMINS, type Staff } from './staff.ts'
import { TICKETS } from './words/tickets.ts'

const fewest = 4
const contactsEach = 25

/** What becomes of a ticket: the states it goes through after the first. */
const courses = [
  [],
  ['in_progress'],
  ['in_progress', 'waiting_on_customer'],
  ['in_progress', 'resolved'],
] as const

/** Tickets of a Customer and a Back-office type, in every state, in order of time. After all else: they take ids. */
export function seedTickets(store: Store, amounts: Amounts, staff: Staff, firstSeq: number): void {
  if (amounts.contacts === 0) return
  const count = Math.max(fewest, Math.floor(amounts.contacts / contactsEach))
  const span = END - 14 * DAY - FIRST_CONVERSATION
  for (let index = 0; index < count; index++) {
    const next = random(STREAM.ticket, index)
    const place = (index + next()) / count
    seedTicket(store, staff, index, next, {
      created_at: workingTime(next, FIRST_CONVERSATION + Math.floor(place * span)),
      contactAt: (moment) => firstSeq + below(next, contactsAt(moment, amounts)),
    })
  }
}

function seedTicket(
  store: Store,
  staff: Staff,
  index: number,
  next: Random,
  given: { created_at: number; contactAt: (moment: number) => number },
): void {
  const { created_at } = given
  const { title, description, note, reply, ...kind } = at(TICKETS, index)
  const isInternal = 'internal' in kind
  const category = isInternal ? 'Back-office' : 'Customer'
  const ticket_type_id = store.db.number('SELECT min(id) FROM ticket_types WHERE category = ?', category)
  const id = store.nextId('conversations')
  const contact_seq = given.contactAt(created_at)
  const attributes = { _default_title_: title, _default_description_: description }
  store.insert('ticket_contacts', { ticket_id: id, contact_seq })
  insertTicket(store, { id, ticket_type_id, attributes, is_shared: !isInternal, created_at })

  const bot_id = at(staff.admins, ADMINS.length)
  const admin_id = at(staff.admins, below(next, ADMINS.length))
  let moment = created_at
  const happens = (event: ThreadEvent) => recordOnTicket(store, ticketRow(store, id), event)
  const later = () => {
    moment = workingTime(next, moment + between(next, HOUR / 4, DAY))
    return moment
  }
  let from = 'submitted'
  const becomes = (to: string, when: number) => {
    const states = `SELECT min(id) FROM ticket_states WHERE category = ?`
    if (to !== from) setTicket(store, id, { ticket_state_id: store.db.number(states, to) })
    happens({ type: 'ticket_state_updated', at: when, bot_id, from, to })
    from = to
  }
  becomes('submitted', created_at)
  const course = at(courses, index)
  if (course.length > 0)
    happens({ type: 'assign', at: later(), admin_id, to: { type: 'admin', id: admin_id } })
  for (const to of course) {
    if (to === 'in_progress' && chance(next, 0.7))
      happens({ type: 'admin_note', at: later(), admin_id, body: `<p>${note}</p>` })
    if (to !== 'in_progress' && reply !== null) {
      const event = { type: 'admin_comment', at: later(), admin_id, body: `<p>${reply}</p>` } as const
      // The contact stays as its conversations left it.
      addPart(store, id, advance({ ...startedByAdmin(created_at), state: 'open' }, event).part, event)
      store.insert('ticket_teammates', { ticket_id: id, admin_id })
    }
    becomes(to, later())
  }
}

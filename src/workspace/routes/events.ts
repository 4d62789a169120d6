import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, isObject, noInput } from '../http/input.ts'
import { event } from '../shapes/event.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { summarise } from '../store/event-summaries.ts'
import type { EventRow } from '../store/event-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { eventList } from './event-lists.ts'
import { anyContact, contactByEmail, contactByExternalId } from './find-contact.ts'

/** Further keys are ignored, in the order sent (docs/intercom-api.md 3.11). */
const mostMetadata = 10

/** POST /events: 202 with nothing in it, also for one that was sent before (docs/intercom-api.md 3.11). */
function create(call: RouteCall) {
  const { store, body } = call
  const contact = contactOf(store, body)
  const name = body.filled('event_name')
  const created_at = body.time('created_at')
  if (created_at === undefined || created_at === null) throw missing('created_at not specified')
  const metadata = readMetadata(body.object('metadata') ?? noInput)
  const known = 'SELECT count(*) FROM events WHERE contact_seq = ? AND name = ? AND created_at = ?'
  if (store.db.number(known, contact.seq, name, created_at) > 0) return null
  const id = store.nextId('events')
  const moment = nextMoment(store, contact.seq, created_at)
  const row = { id, uid: randomUUID(), contact_seq: contact.seq, name, created_at, moment, metadata }
  store.insert('events', row)
  summarise(store, contact.seq, { name, count: 1, first: created_at, last: created_at })
  const stored: EventRow = { ...row, metadata: JSON.stringify(metadata) }
  announce(call, 'event.created', () => event(stored, contact))
  return null
}

function nextMoment(store: Store, contactSeq: number, at: number): number {
  const start = at * 1000
  const latest = store.db.number(
    'SELECT max(moment) FROM events WHERE contact_seq = ? AND moment BETWEEN ? AND ?',
    contactSeq,
    start,
    start + 999,
  )
  return Math.min(Math.max(start, latest + 1), start + 999)
}

/** The contact by Intercom's id, else by external id, else by e-mail: an unknown id falls through (docs/intercom-api.md 3.11). */
function contactOf(store: Store, body: Input): ContactRow {
  const id = body.text('id')
  const external = body.text('user_id')
  const email = body.text('email')
  if (!id && !external && !email) throw missing('id, user_id or email not specified')
  const byId = id ? anyContact(store, id) : undefined
  const row =
    (byId?.standing === 'active' ? byId : undefined) ??
    (external ? contactByExternalId(store, external) : undefined) ??
    // An external id that is given and unknown is somebody else than whoever has the e-mail.
    (email && !external ? contactByEmail(store, email) : undefined)
  if (row === undefined) throw notFound('User Not Found')
  return row
}

/** Flat, but for a rich link and an amount of money (docs/intercom-api.md 3.11). */
function readMetadata(given: Input): Record<string, unknown> {
  const entries = [...given.values].slice(0, mostMetadata)
  for (const [name, value] of entries) {
    if (Array.isArray(value) || (isObject(value) && !isLinkOrMoney(value))) {
      throw invalid(`Metadata '${name}' must not be nested`)
    }
  }
  return Object.fromEntries(entries)
}

function isLinkOrMoney(value: Readonly<Record<string, unknown>>): boolean {
  return (
    (typeof value['url'] === 'string' && typeof value['value'] === 'string') ||
    (typeof value['amount'] === 'number' && typeof value['currency'] === 'string')
  )
}

/** POST /events/summaries: what happened elsewhere is added to what is counted here. 200, empty. */
function addSummary({ store, body }: RouteCall) {
  const external = body.text('user_id')
  if (!external) throw missing('user_id not specified')
  const contact = contactByExternalId(store, external)
  if (contact === undefined) throw notFound('User Not Found')
  const given = body.object('event_summaries')
  if (!given) throw missing('event_summaries not specified')
  const now = seconds(store.clock)
  const first = given.time('first') ?? now
  const count = given.integer('count') ?? 1
  if (count < 1 || count > 2 ** 31 - 1) throw invalid('Count is invalid')
  const last = Math.max(given.time('last') ?? first, first)
  summarise(store, contact.seq, { name: given.filled('event_name'), count, first, last })
  return null
}

/** Events of contacts (docs/intercom-api.md 3.11). */
export const eventRoutes: readonly Route[] = [
  { method: 'POST', path: '/events', handle: create, status: 202 },
  { method: 'GET', path: '/events', handle: eventList },
  { method: 'POST', path: '/events/summaries', handle: addSummary },
]

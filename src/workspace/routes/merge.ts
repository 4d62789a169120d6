import { seconds } from '../clock.ts'
import { ApiError, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { contact } from '../shapes/contact.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { moveContact } from '../store/merge.ts'
import { announce } from '../webhooks/announce.ts'
import { mergedContact } from '../webhooks/items.ts'
import { activeContact, colliding } from './find-contact.ts'

/**
 * POST /contacts/merge: a lead goes into a user, who takes what they lack and all that hangs on the lead. The
 * lead is a 404 afterwards, and holds no identifier any more (docs/intercom-api.md 3.2).
 */
function merge(call: RouteCall) {
  const { store, body } = call
  const from = contactNamed(call, 'from')
  const into = contactNamed(call, 'into')
  if (from.role !== 'lead' || into.role !== 'user') {
    throw new ApiError(400, 'invalid_merge', 'Merging can only be performed on a lead into a user')
  }
  moveContact(store, from, into, takesEmail(call, from, into), seconds(store.clock))
  const merged = activeContact(store, body.text('into') ?? '')
  announce(call, 'contact.merged', () => mergedContact(store, merged, from))
  return contact(store, merged)
}

function contactNamed({ store, body }: RouteCall, name: 'from' | 'into'): ContactRow {
  const id = body.text(name)
  if (!id) throw missing(`${name} not specified`)
  return activeContact(store, id, 'Contact Not Found')
}

/** A lead may share its e-mail with a user; the user it goes into may then not take it. */
function takesEmail({ store }: RouteCall, from: ContactRow, into: ContactRow): boolean {
  if (from.email === null || into.email !== null) return false
  const wanted = { role: 'user', external_id: null, email: from.email }
  return colliding(store, wanted, into.seq) === undefined
}

/** Merging (docs/intercom-api.md 3.2). */
export const mergeRoutes: readonly Route[] = [{ method: 'POST', path: '/contacts/merge', handle: merge }]

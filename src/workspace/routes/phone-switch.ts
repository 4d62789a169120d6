import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import { ApiError } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { parseObject } from '../shapes/contact.ts'
import { bindable } from '../store/columns.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { mergeAttributes } from './custom-attributes.ts'

/** A plus, a country code that does not begin with 0, and 15 digits in all. */
const e164 = /^\+[1-9]\d{5,14}$/

/** No SMS is sent. Attributes go to the contact with the number, if there is one (docs/intercom-api.md 3.14). */
function redirect({ store, body }: RouteCall) {
  const phone = body.text('phone')?.replaceAll(/[\s().-]/g, '') ?? ''
  if (!e164.test(phone)) throw invalidPhone()
  const given = body.object('custom_attributes')
  const row = store.db.get<ContactRow>(
    `SELECT * FROM contacts WHERE phone = ? AND standing = 'active' ORDER BY role = 'user' DESC, seq DESC LIMIT 1`,
    phone,
  )
  const before = row === undefined ? {} : parseObject(row.custom_attributes)
  const custom = given ? mergeAttributes(store, 'contact', before, given) : before
  if (row !== undefined && given) {
    store.setContactAttributes(row.seq, custom)
    store.db.run(
      'UPDATE contacts SET custom_attributes = ?, updated_at = ? WHERE seq = ?',
      bindable(custom),
      seconds(store.clock),
      row.seq,
    )
  }
  return { type: 'phone_call_redirect', url: `http://via.intercom.io/msgr/${randomUUID()}`, phone }
}

function invalidPhone(): ApiError {
  const error = new ApiError(400, 'invalid_phone_number', 'Invalid phone number')
  error.keyed = true
  return error
}

/** POST /phone_call_redirects. */
export const phoneSwitchRoutes: readonly Route[] = [
  { method: 'POST', path: '/phone_call_redirects', handle: redirect },
]

import { type Allowance, isObject, type Json } from './allowance.ts'
import { picked } from './contact.ts'
import { fenced, oneLine, readable } from './fence.ts'
import { compactedObject } from './generic.ts'

/** The most shown of a text that the caller has just written. */
const echo = 250

/** A note or a message, as the actions that write one answer it; only what a contact wrote is fenced. */
export function wholeMessage(message: Json, allowance: Allowance): Json {
  const { body, author, owner, contact, ...rest } = message
  const writer = isObject(author) ? author : isObject(owner) ? owner : undefined
  const said = message['type'] === 'user_message' || writer === undefined ? fenced : readable
  return {
    ...picked(rest, ['id', 'conversation_id', 'created_at', 'message_type', 'subject'], allowance),
    ...compactedObject({ contact_id: isObject(contact) ? contact['id'] : undefined }, allowance),
    ...(writer === undefined ? {} : { author: oneLine(`${writer['name']} (${writer['id']})`) }),
    ...(typeof body === 'string' && body !== '' ? { body: said(body, echo) } : {}),
  }
}

/** The list of teammates, each with what choosing one needs. */
export function teammates(list: Json, allowance: Allowance): Json | undefined {
  const admins = Array.isArray(list['admins']) ? list['admins'].map(teammate) : list['admins']
  return compactedObject({ ...list, admins }, allowance)
}

function teammate(admin: unknown): unknown {
  if (!isObject(admin)) return admin
  const { id, name, email, job_title, has_inbox_seat, ...rest } = admin
  const others = Object.entries(rest).filter(([, value]) => value !== false)
  return { id, name, email, job_title, has_inbox_seat, ...Object.fromEntries(others) }
}

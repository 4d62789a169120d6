import { nameAndId, readableText, wrapCustomerText } from './customer-text.ts'
import { compactObject, isObject, type Json, pick } from './json.ts'
import type { TokenBudget } from './token-budget.ts'

/** Types of authors who are no teammates. */
const contactTypes = new Set(['user', 'lead', 'contact'])

/** Shown of a text that the caller has just written. */
const echoTokens = 250
/** Of a note in a list, which is shown nowhere else. */
const noteTokens = 400

/** A note or a message, as an action that writes one returns it. Only a contact's words are wrapped. */
export function compactMessage(message: Json, budget: TokenBudget, tokens = echoTokens): Json {
  const { type, body, author, owner, contact, ...rest } = message
  const writer = isObject(author) ? author : isObject(owner) ? owner : undefined
  const isOurs = writer !== undefined && type !== 'user_message' && !contactTypes.has(String(writer['type']))
  const shown = isOurs ? readableText : wrapCustomerText
  return {
    ...pick(rest, ['id', 'conversation_id', 'created_at', 'message_type', 'subject'], budget),
    ...compactObject({ contact_id: isObject(contact) ? contact['id'] : undefined }, budget),
    ...(writer === undefined ? {} : { author: nameAndId(writer['name'], writer['id']) }),
    ...(typeof body === 'string' && body !== '' ? { body: shown(body, tokens) } : {}),
  }
}

/** A note in the list of those on one contact. */
export function listedNote({ contact: _, ...note }: Json, budget: TokenBudget): Json {
  return compactMessage(note, budget, noteTokens)
}

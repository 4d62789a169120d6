import { path } from '../../client/path.ts'
import { explain, isMissing, outcomeOf } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import type { PreviewContact, PreviewConversation, PreviewMessage } from '../../core/preview.ts'
import type { Conversation } from '../types/conversation.ts'
import type { Ticket } from '../types/ticket.ts'
import { contactCard } from './people.ts'
import { messageIn, nameIn, textIn } from './texts.ts'

/** Messages that are shown of a thread. */
const mostMessages = 3

/** A conversation and what of it a person sees; a 404 where there is none. */
export async function conversationCard(
  intercom: Port,
  id: string,
): Promise<{ conversation: Conversation; card: PreviewConversation }> {
  const conversation = await found(
    intercom.get<Conversation>(path`/conversations/${id}`),
    'There is no such conversation: find the id with search_conversations.',
  )
  const { source, conversation_parts: parts, title, state } = conversation
  const thread = [
    source ? { ...source, created_at: conversation.created_at } : null,
    ...listIn(parts, 'conversation_parts'),
  ]
  const subject = textIn(await messageIn(source?.subject)) ?? (await nameIn(title))
  return { conversation, card: { id, subject, state: textIn(state), last: await lastOf(thread) } }
}

/** A ticket and what of it a person sees; a 404 where there is none. */
export async function ticketCard(
  intercom: Port,
  id: string,
): Promise<{ ticket: Ticket; card: PreviewConversation }> {
  const ticket = await found(
    intercom.get<Ticket>(path`/tickets/${id}`),
    'There is no such ticket: find the id with search_tickets; its number in the Inbox is another.',
  )
  const { ticket_state, ticket_attributes, ticket_parts } = ticket
  const subject = textIn(ticket_attributes?.['_default_title_'])
  const state = textIn(ticket_state?.internal_label) ?? textIn(ticket_state?.category)
  return { ticket, card: { id, subject, state, last: await lastOf(listIn(ticket_parts, 'ticket_parts')) } }
}

async function found<T>(step: Promise<T>, hint: string): Promise<T> {
  const read = await outcomeOf(step)
  if ('value' in read) return read.value
  return isMissing(read.failure) ? explain(read.failure, hint) : explain(read.failure, read.failure.hint)
}

/** The contacts of a thread, in three requests at most; those beyond are named by their ids. */
export async function membersOf(
  intercom: Port,
  { contacts }: Pick<Conversation, 'contacts'>,
): Promise<PreviewContact[]> {
  const ids = listIn(contacts, 'contacts').flatMap((one) => textIn(one?.['id']) ?? [])
  const cards: PreviewContact[] = []
  for (const [at, id] of ids.entries()) {
    const unread = { type: 'contact' as const, id, name: null, email: null, role: null, company: null }
    if (at >= mostMembers) {
      cards.push({ ...unread, warnings: [] })
      continue
    }
    const read = await outcomeOf(contactCard(intercom, id, ids.length > 1 ? 'briefly' : undefined))
    if ('value' in read) cards.push(read.value.card)
    else if (isMissing(read.failure))
      cards.push({ ...unread, warnings: ['there is no such contact any more'] })
    else throw read.failure
  }
  return cards
}

const mostMembers = 3

type Fields = Record<string, unknown>

/** The objects of one of Intercom's lists, whose shape is its word. */
function listIn(list: unknown, key: string): (Fields | null)[] {
  const items: unknown = isFields(list) ? list[key] : undefined
  return Array.isArray(items) ? items.map((item) => (isFields(item) ? item : null)) : []
}

/** The newest of a thread's messages, oldest first; entries that only record a change are none. */
async function lastOf(thread: readonly (Fields | null)[]): Promise<PreviewMessage[]> {
  const last: PreviewMessage[] = []
  for (const part of thread.toReversed()) {
    if (last.length === mostMessages) break
    const message = part && (await messageOf(part))
    if (message) last.unshift(message)
  }
  return last
}

async function messageOf({
  body,
  author,
  created_at,
  part_type,
  attachments,
}: Fields): Promise<PreviewMessage | null> {
  const files = Array.isArray(attachments) ? attachments.length : 0
  const text = await messageIn(body)
  if (text === '' && files === 0) return null
  const by = isFields(author) ? author : {}
  const type = textIn(by['type']) ?? 'unknown'
  return {
    by: (await nameIn(by['name'])) ?? textIn(by['email']) ?? type,
    kind: type === 'admin' || type === 'team' ? 'admin' : contactTypes.has(type) ? 'user' : 'bot',
    at: typeof created_at === 'number' ? created_at : 0,
    text: files === 0 ? text : `${text}${text === '' ? '' : '\n'}[${files} attached]`,
    note: part_type === 'note' || part_type === 'note_and_reopen',
  }
}

const contactTypes = new Set(['user', 'lead', 'contact'])

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

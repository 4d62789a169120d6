import { signal } from '@preact/signals'
import { ask, Refused } from '../shell/server.ts'
import { contactOf, conversationOf, onChange } from './changes.ts'
import { type Attachment, asHtml, intercom } from './intercom.ts'
import { kept } from './kept.ts'

/** What the local Intercom's control plane says a customer sees (docs/workspace.md); times in Unix seconds. */
export type Message = {
  id: string
  at: number
  from: { type: 'customer' | 'teammate' | 'bot'; name: string | null; is_you: boolean }
  html: string | null
  text: string | null
  attachments: Attachment[]
  deleted: boolean
}
export type Shown = {
  conversation_id: string | null
  ticket_id: string | null
  message_id: string | null
  channel: 'inapp' | 'email'
  subject: string | null
  created_at: number
  closed: boolean
  unread: boolean | null
  rating: { score: number; remark: string } | null
  ticket: { type: string; state: string; title: string | null; description: string | null } | null
  last: Message | null
}
type Customer = { id: string; role: string; name: string | null; email: string | null }
export type List = { contact: Customer; conversations: Shown[]; has_more: boolean }
export type Thread = { contact: Customer; conversation: Shown; messages: Message[]; has_more: boolean }

/** What the customer looks at: their list, a new conversation, one they have, a message that they have not answered, a ticket. */
export type Place =
  | { at: 'list' }
  | { at: 'new' }
  | { at: 'conversation'; id: string }
  | { at: 'message'; id: string }
  | { at: 'ticket'; id: string }

const gap = 50

/** A customer's Messenger at one place, kept up to date. */
export function messengerOf(contact: string, place: Place) {
  const list = signal<List | null>(null)
  const thread = signal<Thread | null>(null)
  /** Why there is nothing to see, such as that the customer was deleted. */
  const refused = signal<string | null>(null)
  const reading = kept(async (stopping) => {
    try {
      if (place.at === 'list' || place.at === 'new') list.value = await read<List>({}, stopping)
      else thread.value = await read<Thread>({ [place.at]: place.id }, stopping)
      refused.value = null
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 400) throw error
      refused.value = error.message
    }
  }, gap)

  function read<Answer>(query: Record<string, string>, stopping: AbortSignal): Promise<Answer> {
    const search = new URLSearchParams({ contact, ...query })
    return ask<Answer>('GET', `/workspace/messenger?${search}`, undefined, { signal: stopping })
  }

  const end = onChange((change) => {
    if (change === null || change.entity === 'admin' || contactOf(change) === contact) return reading.poke()
    const id = conversationOf(change)
    if (id === null ? change.entity === 'conversation_part' : isOurs(id, change.action)) reading.poke()
  })

  /** A new conversation tells of its contacts only in its own change. */
  function isOurs(id: string, action: string): boolean {
    if (place.at === 'conversation' || place.at === 'ticket') return id === place.id
    const known =
      list.value?.conversations.some((one) => id === (one.conversation_id ?? one.ticket_id)) ?? true
    return known || action === 'created'
  }

  reading.poke()
  return {
    list,
    thread,
    refused,
    problem: reading.problem,
    poke: reading.poke,
    stop(): void {
      end()
      reading.stop()
    },
  }
}

/** The customer writes: by Intercom's API, but for the first answer to a message, for which it has no operation. */
export async function write(customer: Customer, place: Place, text: string): Promise<Place> {
  if (place.at === 'message') {
    const body = { contact: customer.id, message: place.id, body: text.trim() }
    const { conversation_id } = await ask<{ conversation_id: string }>('POST', '/workspace/messenger', body)
    return { at: 'conversation', id: conversation_id }
  }
  if (place.at === 'conversation' || place.at === 'ticket') {
    const by = { message_type: 'comment', type: 'user', intercom_user_id: customer.id }
    await intercom('POST', `/${place.at}s/${encodeURIComponent(place.id)}/reply`, {
      ...by,
      body: asHtml(text),
    })
    return place
  }
  const from = { type: customer.role === 'lead' ? 'lead' : 'user', id: customer.id }
  const { conversation_id } = await intercom<{ conversation_id: string }>('POST', '/conversations', {
    ...{ from, body: text.trim() },
  })
  return { at: 'conversation', id: conversation_id }
}

/** The customer has read it. */
export function markRead(conversation: string): Promise<unknown> {
  return intercom('PUT', `/conversations/${encodeURIComponent(conversation)}`, { read: true })
}

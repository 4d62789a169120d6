import type { Desk, Question } from './desk.ts'

/** Brings a fresh workspace into an example's situation and gives the request to send there. */
export interface Situation {
  /** @default 'empty' */
  readonly seed?: 'empty' | 'small'
  prepare(desk: Desk): Promise<Question>
}

/** Situations by the name of their example: operation, status, title. */
export type Situations = Readonly<Record<string, Situation>>

interface Named {
  readonly id: string
}

/** An id that no contact, company or segment has. */
export const NOBODY = '0123456789abcdef01234567'

/** A situation in a workspace that holds nothing but its first admin. */
export function fresh(prepare: Situation['prepare']): Situation {
  return { prepare }
}

/** A situation in a seeded workspace: teams, segments and the like cannot be made by an API call. */
export function seeded(prepare: Situation['prepare']): Situation {
  return { seed: 'small', prepare }
}

/** The same request, whatever the workspace holds. */
export function always(path: string, body?: unknown): Situation {
  return { prepare: async () => ({ path, body }) }
}

/** The id of the workspace's first admin, whose token is used. */
export async function myId(desk: Desk): Promise<string> {
  return (await desk.ask<Named>('GET', '/me')).id
}

/** The user of most examples, signed up like theirs. */
export async function makeUser(desk: Desk, more: object = {}): Promise<string> {
  const joe = { role: 'user', external_id: '70', email: 'joe@bloggs.com', name: 'Joe Bloggs' }
  const body = { ...joe, signed_up_at: 1_736_201_551, ...more }
  return (await desk.ask<Named>('POST', '/contacts', body)).id
}

/** Another user, and another for each number. */
export function makeOther(desk: Desk, number: number): Promise<string> {
  return makeUser(desk, { external_id: `other-${number}`, email: `other${number}@example.com` })
}

/** A lead without anything. */
export async function makeLead(desk: Desk): Promise<string> {
  return (await desk.ask<Named>('POST', '/contacts', { role: 'lead' })).id
}

/** A tag by this name. */
export async function makeTag(desk: Desk, name = 'Manual tag'): Promise<string> {
  return (await desk.ask<Named>('POST', '/tags', { name })).id
}

/** A company like those of the examples. */
export async function makeCompany(desk: Desk, company_id = '1'): Promise<string> {
  const body = { company_id, name: 'company1', remote_created_at: 1_736_201_471 }
  return (await desk.ask<Named>('POST', '/companies', body)).id
}

/** A company with one user. */
export async function makeCompanyOf(desk: Desk, contact: string): Promise<string> {
  const id = await makeCompany(desk)
  await desk.ask('POST', `/contacts/${contact}/companies`, { id })
  return id
}

/** A conversation as in most examples: an admin's message, closed until the contact answers. */
export async function makeConversation(desk: Desk, contact: string): Promise<string> {
  const from = { type: 'admin', id: await myId(desk) }
  const message = { message_type: 'inapp', body: 'this is the message body', from }
  const to = { type: 'user', id: contact }
  const wanted = { create_conversation_without_contact_reply: true }
  const { id } = await desk.ask<Named>('POST', '/messages', { ...message, to, ...wanted })
  const query = { field: 'source.id', operator: '=', value: id }
  const found = await desk.ask<{ conversations: Named[] }>('POST', '/conversations/search', { query })
  return found.conversations[0]?.id ?? 'none'
}

/** A reply of the contact. */
export async function answerAs(desk: Desk, contact: string, conversation: string): Promise<void> {
  const body = { message_type: 'comment', type: 'user', intercom_user_id: contact, body: 'Thanks' }
  await desk.ask('POST', `/conversations/${conversation}/reply`, body)
}

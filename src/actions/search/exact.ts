import { jsonValue } from '../../core/exact-json.ts'
import { didYouMean } from '../../core/nearest.ts'
import { sentences } from '../../errors.ts'
import { composed, emailProblem, invisibleProblem } from '../types/email.ts'
import { isUnfilled } from '../types/input.ts'
import type { Typed } from '../types/seconds.ts'

/** What a text has to be, where a field is compared with all of it: what else it is would find nothing. */
export type Exact =
  /** One of some words, in any case. */
  | { words: readonly string[] }
  /** An id; `are` says of which form, and where it is found. */
  | { ids: RegExp; are: string }
  | { email: true }
  | { emailDomain: true }
  /** Without invisible characters. */
  | { visible: true }

const hex24 = /^[0-9a-f]{24}$/i
const digits = /^\d+$/

const contact: Exact = {
  ids: hex24,
  are: "takes a contact's id (24 hexadecimal digits); search_contacts finds it",
}
const admin: Exact = { ids: digits, are: "takes a teammate's id (digits); list_admins finds it" }
const tag: Exact = { ids: digits, are: "takes a tag's id (digits); list_tags finds it by name" }

/** By field of a contact search (docs/intercom-api.md 1.7, 4.3). */
export const exactOfContacts: Readonly<Record<string, Exact>> = {
  id: contact,
  role: { words: ['user', 'lead'] },
  email: { email: true },
  email_domain: { emailDomain: true },
  phone: { visible: true },
  external_id: { visible: true },
  segment_id: { ids: hex24, are: "takes a segment's id (24 hexadecimal digits)" },
  tag_id: tag,
  owner_id: admin,
}

/** By field of a conversation search (docs/intercom-api.md 1.7, 2.6 to 2.8, 4.4). */
export const exactOfConversations: Readonly<Record<string, Exact>> = {
  id: { ids: digits, are: "takes a conversation's id (digits), not a message's" },
  state: { words: ['open', 'closed', 'snoozed'] },
  priority: { words: ['priority', 'not_priority'] },
  'source.type': {
    words: 'conversation email facebook instagram phone_call phone_switch push sms twitter whatsapp'.split(
      ' ',
    ),
  },
  'source.delivered_as': {
    words: [
      'customer_initiated',
      'admin_initiated',
      'operator_initiated',
      'campaigns_initiated',
      'automated',
    ],
  },
  'source.author.type': { words: ['user', 'lead', 'contact', 'admin', 'bot', 'team'] },
  'source.author.id': { ids: /^(?:[0-9a-f]{24}|\d+)$/i, are: 'takes the id of a contact or a teammate' },
  'source.author.email': { email: true },
  contact_ids: contact,
  teammate_ids: admin,
  admin_assignee_id: admin,
  team_assignee_id: { ids: digits, are: "takes a team's id (digits)" },
  tag_ids: tag,
  'statistics.last_closed_by_id': admin,
  'conversation_rating.contact_id': contact,
  'conversation_rating.admin_id': admin,
  'conversation_rating.admin_d': admin,
}

/** By field of a ticket search (docs/intercom-api.md 4.5). */
export const exactOfTickets: Readonly<Record<string, Exact>> = {
  id: { ids: digits, are: "takes a ticket's id (digits), not its number in the Inbox" },
  state: { words: ['submitted', 'in_progress', 'waiting_on_customer', 'resolved'] },
  ticket_type_id: { ids: digits, are: "takes a ticket type's id (digits); list_ticket_types finds it" },
  contact_ids: contact,
  teammate_ids: admin,
  admin_assignee_id: admin,
  team_assignee_id: { ids: digits, are: "takes a team's id (digits)" },
}

/** The text that is compared, or why there is nothing that it could find. */
export function exactText(exact: Exact, text: string): Typed<string> {
  if ('words' in exact) return wordOf(exact.words, text)
  if ('ids' in exact) {
    if (exact.ids.test(text)) return { value: text }
    return { problem: text.includes(',') ? `${exact.are}; several go with query_operator "IN"` : exact.are }
  }
  if ('emailDomain' in exact) {
    const domain = text.slice(text.lastIndexOf('@') + 1)
    return domain === text ? { value: text } : { problem: `takes what follows the @; write ${domain}` }
  }
  if ('visible' in exact) {
    const problem = invisibleProblem(text)
    return problem === null ? { value: text } : { problem }
  }
  // A text without an @ is for Intercom to search: the answer that it finds nothing says what was searched.
  const problem = /[@＠﹫]/.test(text) ? emailProblem(text) : null
  if (problem === null) return { value: composed(text) }
  if (/[,;\s]/.test(text) && !problem.includes('write'))
    return { problem: 'takes one e-mail address; several go with query_operator "IN", as a list' }
  return {
    problem: text.startsWith('@') ? `${problem}; for all of a domain use query_operator "$"` : problem,
  }
}

function wordOf(words: readonly string[], text: string): Typed<string> {
  const word = text.toLowerCase()
  if (words.includes(word)) return { value: word }
  const some = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  return { problem: sentences(`takes ${some}`, didYouMean(text, words)) }
}

const quotes = '["\'`“”„‘’«»]'
const inQuotes = new RegExp(`^\\\\?${quotes}(.*?)\\\\?${quotes}$`, 'su')
export const unset = 'to find what is unset, use query_operator "AND" and a filter whose value is null'

/** Why a text is no value that somebody meant to search for, in whatever field. */
export function meantProblem(field: string, operator: string, text: string): string | null {
  const bare = inQuotes.exec(text)?.[1]
  if (bare !== undefined) return `is in quotes; write ${bare.trim()}`
  const json = text.startsWith('{') || text.startsWith('[') ? jsonValue(text) : undefined
  if (Array.isArray(json) && !json.some((item) => item instanceof Object))
    return 'is a list; lists go with query_operator "IN" or "NIN"'
  if (json !== undefined)
    return 'is a whole query; it goes with query_operator "AND" or "OR", as [{"field":…,"operator":…,"value":…}]'
  if (text.toLowerCase().startsWith(field.toLowerCase()) && /^\s*(?:[:=~]|!=)/.test(text.slice(field.length)))
    return `repeats the field; write ${text.slice(field.length).replace(/^[\s:=~!]+/, '')}`
  const isWord = ['~', '!~'].includes(operator) || field === 'source.body'
  if (!isWord && (text === 'null' || isUnfilled(text)))
    return `is what a program writes for a missing value; ${unset}`
  return null
}

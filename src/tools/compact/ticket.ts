import { nameAndId, wrapCustomerText } from './customer-text.ts'
import { compactObject, isObject, type Json, objectsIn, pick } from './json.ts'
import { participantsOf } from './participants.ts'
import type { Steps } from './steps.ts'
import { estimateJsonTokens, type TokenBudget } from './token-budget.ts'
import { formatTranscript } from './transcript.ts'

const headTokens = 600
const titleTokens = 40
const descriptionTokens = 300

/** One ticket: its head, and its thread as a transcript. Anybody may have written its title and attributes. */
export function* compactTicket(ticket: Json, budget: TokenBudget): Steps<Json> {
  const list = isObject(ticket['ticket_parts']) ? ticket['ticket_parts'] : {}
  const parts = objectsIn(list['ticket_parts'])
  const participants = participantsOf(ticket, parts)
  const top = {
    ...confirmedTicket(ticket, budget),
    ...compactObject({ contacts: participants.contacts }, { tokens: 300, leftOut: budget.leftOut }),
  }
  const forThread = { ...budget, tokens: budget.tokens - estimateJsonTokens(top) }
  const { lines, leftOut } = yield* formatTranscript(undefined, parts, participants, forThread)
  const older = Number(list['total_count'] ?? 0) - parts.length
  if (older > 0) leftOut.push(`${older} older parts, which Intercom does not give`)
  const left_out = leftOut.join('; ')
  return { ...top, transcript: lines, ...(left_out === '' ? {} : { left_out }) }
}

/** A ticket without its thread. */
export function confirmedTicket(ticket: Json, budget: TokenBudget): Json {
  const { _default_title_: _, _default_description_: description, ...attributes } = attributesOf(ticket)
  const own = { tokens: headTokens, leftOut: budget.leftOut }
  return {
    ...headOf(ticket, own),
    ...(typeof description === 'string' && description !== ''
      ? { description: wrapCustomerText(description, descriptionTokens) }
      : {}),
    ...compactObject({ attributes }, own),
  }
}

/** A ticket in a list. `brief`: only what tells it from others. */
export function listedTicket(ticket: Json, budget: TokenBudget, brief: boolean): Json {
  if (brief) return { ...pick(ticket, ['id'], budget), ...titleOf(ticket), ...stateOf(ticket) }
  const { contacts } = participantsOf(ticket, [])
  return { ...headOf(ticket, budget), ...compactObject({ contacts }, budget) }
}

/** `number` is what people see of it, `id` what calls take. */
function headOf(ticket: Json, budget: TokenBudget): Json {
  const { ticket_id: number, ticket_type, admin_assignee_id: admin, team_assignee_id: team } = ticket
  const type = isObject(ticket_type) ? nameAndId(ticket_type['name'], ticket_type['id']) : undefined
  const assignees = {
    admin_assignee_id: admin === '0' ? undefined : admin,
    admin_assignee: ticket['admin_assignee'],
    team_assignee_id: team === '0' ? undefined : team,
    team_assignee: ticket['team_assignee'],
  }
  return {
    ...compactObject({ id: ticket['id'], number }, budget),
    ...titleOf(ticket),
    ...stateOf(ticket),
    ...compactObject({ type, ...assignees }, budget),
    ...pick(ticket, ['category', 'open', 'is_shared', 'snoozed_until', 'created_at', 'updated_at'], budget),
  }
}

function attributesOf({ ticket_attributes }: Json): Json {
  return isObject(ticket_attributes) ? ticket_attributes : {}
}

function titleOf(ticket: Json): Json {
  const title = attributesOf(ticket)['_default_title_']
  return typeof title === 'string' && title !== '' ? { title: wrapCustomerText(title, titleTokens) } : {}
}

function stateOf({ ticket_state }: Json): Json {
  return isObject(ticket_state) ? { state: labelled(ticket_state) } : {}
}

/** `In progress (3, in_progress)`. */
function labelled({ id, category, internal_label }: Json): string {
  return nameAndId(internal_label, [id, category].filter((one) => (one ?? '') !== '').join(', '))
}

/** Attributes that have parameters of their own. */
const parameters: Readonly<Record<string, string | undefined>> = {
  _default_title_: 'title',
  _default_description_: 'description',
}

/** A type of tickets, with what to give for its states, its attributes and their items. */
export function shortTicketType(type: unknown): unknown {
  if (!isObject(type)) return type
  const { id, name, category, archived, ticket_states, ticket_type_attributes } = type
  const states = listIn(ticket_states).map(({ id, internal_label, category }) =>
    idOf(id, internal_label, category),
  )
  const attributes = listIn(ticket_type_attributes)
    .filter(({ archived }) => archived !== true)
    .map((attribute) => {
      const { name, data_type, required_to_create, input_options } = attribute
      const items = isObject(input_options) ? objectsIn(input_options['items']) : []
      const choices = items.map(({ id, name }) => idOf(id, name))
      return {
        name: parameters[String(name)] ?? name,
        type: `${data_type ?? 'unknown'}${required_to_create === true ? ', required' : ''}`,
        ...(choices.length === 0 ? {} : { items: choices }),
      }
    })
  return { id, name, category, archived, states, attributes }
}

/** `7 (In progress, in_progress)`: what calls take stands first. */
function idOf(id: unknown, ...words: unknown[]): string {
  const known = words.filter((word) => typeof word === 'string' && word !== '')
  return known.length === 0 ? `${id}` : `${id} (${known.join(', ')})`
}

function listIn(list: unknown): Json[] {
  return objectsIn(isObject(list) ? list['data'] : undefined)
}

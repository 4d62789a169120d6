import type { Sought } from '../../core/action.ts'
import { nameAndId, oneLine, quoted, readableText, wrapCustomerText } from './customer-text.ts'
import { htmlToText } from './html-to-text.ts'
import { compactObject, isObject, type Json, keyLabel, objectsIn, pick, withDates } from './json.ts'
import { isTeammate, participantsOf } from './participants.ts'
import { withSought } from './sought.ts'
import type { Steps } from './steps.ts'
import { estimateJsonTokens, listNames, type TokenBudget } from './token-budget.ts'
import { formatTranscript } from './transcript.ts'

const headKeys =
  'state priority waiting_since snoozed_until admin_assignee_id admin_assignee team_assignee_id team_assignee'.split(
    ' ',
  )
/** Fields that the transcript or other lines already show, or that only give the type of the object. */
const shownKeys = new Set(
  'type id custom_attributes first_contact_reply statistics teammates source contacts tags title open read conversation_parts conversation_rating created_at updated_at'
    .split(' ')
    .concat(headKeys),
)

/** Limits within a conversation's head, however many contacts and attributes there are. */
const headTokens = { fields: 400, contacts: 300, attributes: 300 }

/**
 * One conversation: its head, and its thread as a transcript, which also shows what `created_at`, `updated_at` and
 * `statistics` say. Fields that are left out are named. Contacts have id and name; get_contact has the rest.
 */
export function* compactConversation(conversation: Json, budget: TokenBudget): Steps<Json> {
  const { source, created_at, conversation_parts } = conversation
  const list = isObject(conversation_parts) ? conversation_parts : {}
  const parts = objectsIn(list['conversation_parts'])
  const first = isObject(source) ? { ...source, created_at } : undefined
  const participants = participantsOf(conversation, first === undefined ? parts : [first, ...parts])
  const { leftOut: missing } = budget
  const contacts = participants.contacts.map(nameOrEmail)
  const top = {
    ...headOf(conversation, { tokens: headTokens.fields, leftOut: missing }),
    ...compactObject({ contacts }, { tokens: headTokens.contacts, leftOut: missing }),
    ...(isObject(source) && compactObject({ page: source['url'] }, { tokens: 100, leftOut: missing })),
    ...attributesOf(conversation, missing),
  }
  const forThread = { ...budget, tokens: budget.tokens - estimateJsonTokens(top) }
  const { lines, leftOut } = yield* formatTranscript(first, parts, participants, forThread)
  const older = Number(list['total_count'] ?? 0) - parts.length
  if (older > 0) leftOut.push(`${older} older parts, which Intercom does not give`)
  const fields = Object.entries(conversation).filter(
    ([key, value]) => !shownKeys.has(key) && hasContent(value),
  )
  if (fields.length > 0) leftOut.push(listNames(fields.map(([key]) => quoted(keyLabel(key)))))
  if (budget.leftOut.length > 0) leftOut.push(`for space: ${listNames(budget.leftOut)}`)
  const left_out = leftOut.join('; ')
  return { ...top, transcript: lines, ...(left_out === '' ? {} : { left_out }) }
}

/** A conversation without its thread. */
export function confirmedConversation(conversation: Json, budget: TokenBudget): Json {
  return {
    ...headOf(conversation, budget),
    ...attributesOf(conversation, budget.leftOut),
    left_out: 'the thread: get_conversation has it',
  }
}

/**
 * A conversation in a list: its head, how it began and who acted last. `brief`: only what tells it from others. Either
 * way it shows what a search looks for.
 */
export function listedConversation(
  conversation: Json,
  budget: TokenBudget,
  brief: boolean,
  { fields, words }: Sought,
): Json {
  const source = isObject(conversation['source']) ? conversation['source'] : {}
  const participants = participantsOf(conversation, [source])
  if (brief) {
    const ids = participants.contacts.map(({ id }) => id)
    const contact_ids = ids.length > 3 ? [...ids.slice(0, 3), `${ids.length - 3} more`] : ids
    const name = participants.contacts.flatMap((contact) => contact['name'] ?? contact['email'] ?? [])
    const row = {
      ...pick(conversation, ['id', 'state', 'waiting_since', 'updated_at'], budget),
      ...subjectOf(conversation),
      ...compactObject({ contact_ids, name: name.slice(0, 3).join(', ') }, budget),
      ...(fields.some((field) => field === 'tag_ids') &&
        compactObject({ tags: tagsOf(conversation['tags']) }, budget)),
    }
    return withSought(row, conversation, fields, budget)
  }
  const body = typeof source['body'] === 'string' ? source['body'] : ''
  const began = isTeammate(source['author'])
    ? {
        began_by: participants.nameOf(source['author']),
        first_message: readableText(body, excerptTokens, words),
      }
    : { first_message: wrapCustomerText(body, excerptTokens, words) }
  const row = {
    ...headOf(conversation, budget),
    ...pick(conversation, ['created_at', 'updated_at'], budget),
    ...activityOf(conversation, budget),
    ...compactObject({ contacts: participants.contacts }, budget),
    ...(body === '' ? {} : began),
    ...attributesOf(conversation, budget.leftOut, budget.tokens),
  }
  return withSought(row, conversation, fields, budget)
}

/** A conversation in a list, briefly, with who has it and who acted when. */
export function actedConversation(conversation: Json, budget: TokenBudget, sought: Sought): Json {
  return {
    ...listedConversation(conversation, budget, true, sought),
    ...pick(conversation, ['admin_assignee', 'team_assignee'], budget),
    ...activityOf(conversation, budget),
  }
}

/** Who acted when, as far as lists show it; they do not show what was said last. */
function activityOf({ statistics, ai_agent_participated }: Json, budget: TokenBudget): Json {
  const known = isObject(statistics) ? statistics : {}
  const [customer, teammate] = ['last_contact_reply_at', 'last_admin_reply_at'].map((key) => {
    const time = known[key]
    return typeof time === 'number' ? time : 0
  }) as [number, number]
  const last = Math.max(customer, teammate)
  const spoke =
    last === 0 ? {} : { last_reply_by: customer >= teammate ? 'customer' : 'teammate', last_reply_at: last }
  const own = ['first_admin_reply_at', 'last_close_at', 'last_closed_by_id', 'last_closed_by']
  const reopened = Number(known['count_reopens'] ?? 0) > 0 ? { count_reopens: known['count_reopens'] } : {}
  return {
    ...compactObject(spoke, budget),
    ...pick(known, own, budget),
    ...compactObject(reopened, budget),
    ...pick({ ai_agent_participated }, ['ai_agent_participated'], budget),
  }
}

/** Of the first message in a list. */
const excerptTokens = 40

function headOf(conversation: Json, budget: TokenBudget): Json {
  const { conversation_rating: rating, priority } = conversation
  const { rating: stars, remark } = isObject(rating) ? rating : {}
  const keys = priority === 'priority' ? headKeys : headKeys.filter((key) => key !== 'priority')
  return {
    ...compactObject({ id: conversation['id'] }, budget),
    ...subjectOf(conversation),
    ...pick(conversation, keys, budget),
    ...compactObject({ tags: tagsOf(conversation['tags']) }, budget),
    ...compactObject({ rating: stars }, budget),
    ...(typeof remark === 'string' && remark !== '' ? { rating_remark: wrapCustomerText(remark, 100) } : {}),
  }
}

/** What every conversation has (docs/intercom-api.md 2.6), and which says nothing when it is false or 0. */
const systemAttributes = new Set([
  ...['Has attachments', 'SDR Success Counted', 'Imported via standalone', 'Auto-translated'],
  ...['Fin AI Agent: Preview', 'Fin awaiting teammate input', 'Fin AI Agent: Image used in reply'],
  ...['Copilot used', 'Has QA Notes', 'QA Notes Count'],
])

function telling(attributes: unknown): unknown {
  if (!isObject(attributes)) return attributes
  const kept = Object.entries(attributes).filter(
    ([name, value]) => !systemAttributes.has(name) || (value !== false && value !== 0),
  )
  return Object.fromEntries(kept)
}

/** They come last: however many there are, they take nothing from what a reader needs first. */
function attributesOf(
  { custom_attributes }: Json,
  leftOut: string[],
  tokens = headTokens.attributes,
): Json | undefined {
  return compactObject({ custom_attributes: withDates(telling(custom_attributes)) }, { tokens, leftOut })
}

function nameOrEmail({ email, ...contact }: Json): Json {
  return contact['name'] === undefined && email !== undefined ? { ...contact, email } : contact
}

/** Whoever began a conversation wrote its subject. */
function subjectOf({ title, source }: Json): { subject?: string } {
  const { subject: first, author } = isObject(source) ? source : {}
  const subject = title || first
  if (typeof subject !== 'string' || subject === '') return {}
  return {
    subject: isTeammate(author) ? oneLine(htmlToText(subject)) : wrapCustomerText(subject, excerptTokens),
  }
}

function tagsOf(tags: unknown): string[] | undefined {
  const list = isObject(tags) ? objectsIn(tags['tags']) : []
  return list.length === 0 ? undefined : list.slice(0, 20).map(({ id, name }) => nameAndId(name, id))
}

/** Empty lists, zeros and false are no content. */
function hasContent(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (!isObject(value)) return value !== null && value !== '' && value !== false && value !== 0
  return Object.entries(value).some(([key, item]) => key !== 'type' && hasContent(item))
}

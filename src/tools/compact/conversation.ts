import { type Allowance, costOf, isObject, type Json, named, objects } from './allowance.ts'
import { picked } from './contact.ts'
import { fenced, oneLine, quoted, readable } from './fence.ts'
import { attributes, compactedObject, label } from './generic.ts'
import { htmlToText } from './html-text.ts'
import { isTeammate, peopleOf } from './people.ts'
import { transcriptOf } from './transcript.ts'

const head = ['state', 'priority', 'waiting_since', 'snoozed_until', 'admin_assignee_id', 'team_assignee_id']
/** Fields that the transcript or other lines already say, or that only say what kind of object it is. */
const said = new Set(
  'type id custom_attributes first_contact_reply statistics teammates source contacts tags title open read conversation_parts conversation_rating created_at updated_at'
    .split(' ')
    .concat(head),
)

/** What the parts of a conversation's head may cost, however many contacts and attributes there are. */
const headTokens = { fields: 400, contacts: 300, attributes: 300 }

/**
 * One conversation: its head, and its thread as a transcript, which also says what `created_at`, `updated_at` and
 * `statistics` do. Names the fields it leaves out. Contacts come with id and name; get_contact has the rest.
 */
export function wholeConversation(conversation: Json, allowance: Allowance): Json {
  const { source, created_at, conversation_parts } = conversation
  const list = isObject(conversation_parts) ? conversation_parts : {}
  const parts = objects(list['conversation_parts'])
  const first = isObject(source) ? { ...source, created_at } : undefined
  const people = peopleOf(conversation, first === undefined ? parts : [first, ...parts])
  const { leftOut: missing } = allowance
  const contacts = { contacts: people.contacts.map(shortly) }
  const top = {
    ...headOf(conversation, { tokens: headTokens.fields, leftOut: missing }),
    ...compactedObject(contacts, { tokens: headTokens.contacts, leftOut: missing }),
    ...(isObject(source) && compactedObject({ page: source['url'] }, { tokens: 100, leftOut: missing })),
    ...attributesOf(conversation, missing),
  }
  const forThread = { ...allowance, tokens: allowance.tokens - costOf(top) }
  const { lines, leftOut } = transcriptOf(first, parts, people, forThread)
  const older = Number(list['total_count'] ?? 0) - parts.length
  if (older > 0) leftOut.push(`${older} older parts, which Intercom does not give`)
  const fields = Object.entries(conversation).filter(([key, value]) => !said.has(key) && says(value))
  if (fields.length > 0) leftOut.push(named(fields.map(([key]) => quoted(label(key)))))
  if (allowance.leftOut.length > 0) leftOut.push(`for space: ${named(allowance.leftOut)}`)
  const left_out = leftOut.join('; ')
  return { ...top, transcript: lines, ...(left_out === '' ? {} : { left_out }) }
}

/** A conversation in a list: its head and how it began. `brief` holds only what tells it from others. */
export function listedConversation(conversation: Json, allowance: Allowance, brief: boolean): Json {
  const source = isObject(conversation['source']) ? conversation['source'] : {}
  const people = peopleOf(conversation, [source])
  if (brief) {
    const ids = people.contacts.map(({ id }) => id)
    const contact_ids = ids.length > 3 ? [...ids.slice(0, 3), `${ids.length - 3} more`] : ids
    return {
      ...picked(conversation, ['id', 'state', 'updated_at'], allowance),
      ...subjectOf(conversation),
      ...compactedObject({ contact_ids }, allowance),
    }
  }
  const body = typeof source['body'] === 'string' ? source['body'] : ''
  const began = isTeammate(source['author'])
    ? { began_by: people.nameOf(source['author']), first_message: readable(body, excerpt) }
    : { first_message: fenced(body, excerpt) }
  return {
    ...headOf(conversation, allowance),
    ...picked(conversation, ['created_at', 'updated_at'], allowance),
    ...compactedObject({ contacts: people.contacts }, allowance),
    ...(body === '' ? {} : began),
    ...attributesOf(conversation, allowance.leftOut, allowance.tokens),
  }
}

/** Estimated tokens of the first message in a list. */
const excerpt = 40

function headOf(conversation: Json, allowance: Allowance): Json {
  const { conversation_rating: rating, priority } = conversation
  const { rating: stars, remark } = isObject(rating) ? rating : {}
  const keys = priority === 'priority' ? head : head.filter((key) => key !== 'priority')
  return {
    ...compactedObject({ id: conversation['id'] }, allowance),
    ...subjectOf(conversation),
    ...picked(conversation, keys, allowance),
    ...compactedObject({ tags: tagsOf(conversation['tags']) }, allowance),
    ...compactedObject({ rating: stars }, allowance),
    ...(typeof remark === 'string' && remark !== '' ? { rating_remark: fenced(remark, 100) } : {}),
  }
}

/** Attributes come last, so that however many there are, they take nothing from what a reader needs first. */
function attributesOf(
  { custom_attributes }: Json,
  leftOut: string[],
  tokens = headTokens.attributes,
): Json | undefined {
  return compactedObject({ custom_attributes: attributes(custom_attributes) }, { tokens, leftOut })
}

function shortly({ email, ...contact }: Json): Json {
  return contact['name'] === undefined && email !== undefined ? { ...contact, email } : contact
}

/** Whoever began a conversation wrote its subject. */
function subjectOf({ title, source }: Json): { subject?: string } {
  const { subject: first, author } = isObject(source) ? source : {}
  const subject = title || first
  if (typeof subject !== 'string' || subject === '') return {}
  return { subject: isTeammate(author) ? oneLine(htmlToText(subject)) : fenced(subject, excerpt) }
}

function tagsOf(tags: unknown): string[] | undefined {
  const list = isObject(tags) ? objects(tags['tags']) : []
  return list.length === 0 ? undefined : list.slice(0, 20).map(({ id, name }) => oneLine(`${name} (${id})`))
}

/** Whether a value says anything: lists without items, zeros and false do not. */
function says(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (!isObject(value)) return value !== null && value !== '' && value !== false && value !== 0
  return Object.entries(value).some(([key, item]) => key !== 'type' && says(item))
}

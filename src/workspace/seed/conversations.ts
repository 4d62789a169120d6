import { escapeText } from '../html.ts'
import type { NewConversation, NewMessage } from '../store/conversation-tables.ts'
import { externalIdOf } from './contacts.ts'
import { type Person, personOf } from './people.ts'
import { scriptOf } from './plot.ts'
import { at, chance, pick, random, STREAM } from './prng.ts'
import type { Script } from './script.ts'
import { type Played, play } from './simulation.ts'
import type { Amounts } from './size.ts'
import { ADMINS, type Staff } from './staff.ts'
import { type Wording, wordingOf } from './wording.ts'
import { REMARKS } from './words/phrases.ts'

/** A conversation with all that hangs on it; its ids are known once it is stored. */
export type ConversationRecord = {
  /** The contact's number. */
  contact: number
  conversation: Omit<NewConversation, 'id' | 'source_id'>
  message: Omit<NewMessage, 'id' | 'contact_seq' | 'conversation_id'>
} & Pick<Played, 'parts' | 'tags' | 'teammates'>

/** Gives the wire id of a contact. */
export type ContactIds = (person: Person) => string

/** All conversations in the order of their creation. */
export function* conversationRecords(
  amounts: Amounts,
  staff: Staff,
  contactId: ContactIds,
): Generator<ConversationRecord> {
  for (let index = 0; index < amounts.conversations; index++) {
    const script = scriptOf(index, amounts)
    yield conversationRecord(script, personOf(script.contact, amounts), staff, contactId)
  }
}

function conversationRecord(
  script: Script,
  person: Person,
  staff: Staff,
  contactId: ContactIds,
): ConversationRecord {
  const wording = wordingOf(script, person)
  const id = contactId(person)
  const opening = openingOf(script, person, wording, id, staff)
  const { thread, parts, tags, teammates, rating } = play(script, {
    contact: { type: person.role, id },
    staff,
    words: (event) =>
      'role' in event && event.role !== null
        ? paragraph(wording.say(event.role, 'admin' in event ? event.admin : null))
        : '',
  })
  return {
    contact: script.contact,
    message: opening.message,
    parts,
    tags,
    teammates,
    conversation: {
      ...opening.source,
      ...thread,
      priority: script.urgent ? 'priority' : 'not_priority',
      custom_attributes: { Topic: script.story.topic },
      conversation_rating: rating && {
        rating: rating.score,
        remark: remark(script, rating.score),
        created_at: rating.at,
        contact: { type: 'contact', id, external_id: externalIdOf(person) },
        teammate: { type: 'admin', id: String(thread.last_closed_by_id) },
      },
    },
  }
}

/** The first message: as the conversation's source and as the outbox keeps it. */
function openingOf(script: Script, person: Person, wording: Wording, contactId: string, staff: Staff) {
  const { created_at, starter, channel } = script
  const subject = channel === 'email' ? wording.subject() : ''
  const body = wording.say('opening', starter)
  const source_url =
    channel === 'email' || starter !== null ? null : `https://app.quillbook.example/${pageOf(script)}`
  const message = {
    created_at,
    message_type: channel === 'email' ? 'email' : 'inapp',
    subject: subject === '' ? null : subject,
    body,
  }
  const source = {
    created_at,
    source_type: channel,
    channel_initiated: channel,
    source_subject: subject,
    source_body: paragraph(body),
    source_url,
  }
  if (starter === null) {
    return {
      message: { ...message, kind: 'user_message' },
      source: {
        ...source,
        source_delivered_as: 'customer_initiated',
        source_author_type: person.role,
        source_author_id: contactId,
        source_author_name: person.name,
        source_author_email: person.email,
        first_contact_reply_url: source_url,
      },
    }
  }
  const { name, email } = at(ADMINS, starter)
  const admin_id = at(staff.admins, starter)
  return {
    message: { ...message, kind: 'admin_message', admin_id },
    source: {
      ...source,
      source_delivered_as: 'admin_initiated',
      source_author_type: 'admin',
      source_author_id: String(admin_id),
      source_author_name: name,
      source_author_email: email,
    },
  }
}

const PAGES = ['calendar', 'clients', 'settings/billing', 'settings/data', 'reports', 'booking-page'] as const

function pageOf(script: Script): string {
  return at(PAGES, script.index)
}

function remark(script: Script, score: number): string | null {
  const next = random(STREAM.note, ~script.index)
  return chance(next, 0.6) ? pick(next, at(REMARKS, score - 1)) : null
}

function paragraph(text: string): string {
  return `<p>${escapeText(text)}</p>`
}

import { contactId, machineDigits } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { indexAfterwards } from '../store/text-index.ts'
import { activityOf } from './activity.ts'
import { seedCompanies, settleCompanies } from './company-records.ts'
import { contactRecords } from './contacts.ts'
import { type ConversationRecord, conversationRecords } from './conversations.ts'
import { seedHelpCenter } from './help-center.ts'
import { at } from './prng.ts'
import { type Amounts, amountsOf, contactsOf, type SeedSize } from './size.ts'
import { type Staff, seedStaff } from './staff.ts'
import { seedTickets } from './tickets.ts'

export type { SeedSize } from './size.ts'

/** How many records a seed has put into the store. */
export type SeedCounts = {
  companies: number
  contacts: number
  conversations: number
  parts: number
  notes: number
  tag_links: number
}

/** Hears how much of a seed is done, from 0 to 1, often enough for a progress bar. */
export type SeedProgress = (share: number) => void

/** Rows between two reports of progress. */
const reportEvery = 500
/** What of the work is contacts, and what contacts and conversations together; the rest is the text indexes. */
const contactShare = 0.12
const rowShare = 0.85

/**
 * Fills a fresh workspace with the support desk of an invented company. The same size gives the same rows, always
 * and everywhere; the history ends on 1 November 2026. One transaction, and memory does not grow with the size but
 * for eight bytes a contact.
 */
export function seedWorkspace(store: Store, size: SeedSize, onProgress?: SeedProgress): SeedCounts {
  const amounts = amountsOf(contactsOf(size))
  const counts: SeedCounts = { companies: 0, contacts: 0, conversations: 0, parts: 0, notes: 0, tag_links: 0 }
  store.write(() => {
    indexAfterwards(store.db, () => {
      const staff = seedStaff(store)
      seedHelpCenter(store, staff)
      const firstCompany = seedCompanies(store, amounts)
      counts.companies = amounts.companies
      const firstSeq = seedContacts(store, amounts, staff, firstCompany, counts, onProgress)
      settleCompanies(store)
      seedConversations(store, amounts, staff, firstSeq, counts, onProgress)
      seedTickets(store, amounts, staff, firstSeq)
    })
    onProgress?.(1)
  })
  return counts
}

/** Stores all contacts and gives the key of the first; the others follow it without a gap. */
function seedContacts(
  store: Store,
  amounts: Amounts,
  staff: Staff,
  firstCompany: number,
  counts: SeedCounts,
  onProgress: SeedProgress | undefined,
): number {
  let firstSeq = 0
  for (const record of contactRecords(amounts, activityOf(amounts), staff)) {
    const { contact, tags, notes, company, subscriptions } = record
    const { seq: contact_seq } = store.insertContact(contact)
    if (counts.contacts++ === 0) firstSeq = contact_seq
    for (const tag of tags) store.insertContactTag({ ...tag, contact_seq })
    for (const note of notes) store.insertNote({ ...note, contact_seq })
    if (company !== null) {
      const company_seq = firstCompany + company
      store.insert('contact_companies', { contact_seq, company_seq, attached_at: contact.created_at })
    }
    for (const place of subscriptions) {
      const subscription_id = at(staff.subscriptions, place)
      store.insert('contact_subscriptions', { contact_seq, subscription_id })
    }
    counts.tag_links += tags.length
    counts.notes += notes.length
    if (counts.contacts % reportEvery === 0) onProgress?.((contactShare * counts.contacts) / amounts.contacts)
  }
  return firstSeq
}

function seedConversations(
  store: Store,
  amounts: Amounts,
  staff: Staff,
  firstSeq: number,
  counts: SeedCounts,
  onProgress: SeedProgress | undefined,
): void {
  const machine = machineDigits(store.app.id_code)
  const records = conversationRecords(amounts, staff, ({ created_at, index }) =>
    contactId(created_at, machine, firstSeq + index),
  )
  for (const record of records) {
    insertConversation(store, record, firstSeq + record.contact)
    counts.conversations++
    if (counts.conversations % reportEvery === 0) {
      const done = counts.conversations / amounts.conversations
      onProgress?.(contactShare + (rowShare - contactShare) * done)
    }
    counts.parts += record.parts.length
    counts.tag_links += record.tags.length
  }
}

function insertConversation(store: Store, record: ConversationRecord, contact_seq: number): void {
  const { conversation, message, parts, tags, teammates } = record
  const conversation_id = store.nextId('conversations')
  const messageId = store.nextId(message.kind === 'admin_message' ? 'admin_messages' : 'messages')
  store.insertConversation({ ...conversation, id: conversation_id, source_id: String(messageId) }, [
    contact_seq,
  ])
  store.insertMessage({ ...message, id: messageId, contact_seq, conversation_id })
  for (const part of parts) store.insertPart({ ...part, conversation_id })
  for (const tag of tags) store.insertConversationTag({ ...tag, conversation_id })
  for (const admin of teammates) store.insertTeammate(conversation_id, admin)
}

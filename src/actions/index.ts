import { addTagToContact } from './add-tag-to-contact.ts'
import { createNote } from './create-note.ts'
import { getContact } from './get-contact.ts'
import { getConversation } from './get-conversation.ts'
import { listAdmins } from './list-admins.ts'
import { listConversations } from './list-conversations.ts'
import { listTags } from './list-tags.ts'
import { replyToConversation } from './reply-to-conversation.ts'
import { searchContacts } from './search-contacts.ts'
import { searchConversations } from './search-conversations.ts'
import { sendIncomingMessage } from './send-incoming-message.ts'
import { sendMessageToContact } from './send-message-to-contact.ts'
import { upsertContact } from './upsert-contact.ts'

/** Every action, in the order of the contract. Adapters, flags, docs and tests are derived from this list. */
export const actions = [
  getContact,
  searchContacts,
  upsertContact,
  createNote,
  addTagToContact,
  listTags,
  listAdmins,
  getConversation,
  listConversations,
  searchConversations,
  sendIncomingMessage,
  sendMessageToContact,
  replyToConversation,
] as const

import type { AnyAction } from '../core/action.ts'
import { addContactToCompany } from './companies/add-contact-to-company.ts'
import { getCompany } from './companies/get-company.ts'
import { listCompanies } from './companies/list-companies.ts'
import { listCompanyContacts } from './companies/list-company-contacts.ts'
import { removeContactFromCompany } from './companies/remove-contact-from-company.ts'
import { upsertCompany } from './companies/upsert-company.ts'
import { archiveContact } from './contacts/archive-contact.ts'
import { deleteContact } from './contacts/delete-contact.ts'
import { listAttributes } from './contacts/list-attributes.ts'
import { listContactNotes } from './contacts/list-contact-notes.ts'
import { listSegments } from './contacts/list-segments.ts'
import { listSubscriptions } from './contacts/list-subscriptions.ts'
import { mergeContacts } from './contacts/merge-contacts.ts'
import { removeTagFromContact } from './contacts/remove-tag-from-contact.ts'
import { updateContact } from './contacts/update-contact.ts'
import { updateSubscription } from './contacts/update-subscription.ts'
import { upsertTag } from './contacts/upsert-tag.ts'
import { addTagToConversation } from './desk/add-tag-to-conversation.ts'
import { assignConversation } from './desk/assign-conversation.ts'
import { closeConversation } from './desk/close-conversation.ts'
import { listTeams } from './desk/list-teams.ts'
import { openConversation } from './desk/open-conversation.ts'
import { removeTagFromConversation } from './desk/remove-tag-from-conversation.ts'
import { snoozeConversation } from './desk/snooze-conversation.ts'
import { updateConversation } from './desk/update-conversation.ts'
import { createEvent } from './events/create-event.ts'
import { listEvents } from './events/list-events.ts'
import { actions } from './index.ts'
import { createArticle } from './knowledge/create-article.ts'
import { getArticle } from './knowledge/get-article.ts'
import { listCollections } from './knowledge/list-collections.ts'
import { publishArticle } from './knowledge/publish-article.ts'
import { searchArticles } from './knowledge/search-articles.ts'
import { updateArticle } from './knowledge/update-article.ts'
import { createTicket } from './tickets/create-ticket.ts'
import { getTicket } from './tickets/get-ticket.ts'
import { listTicketTypes } from './tickets/list-ticket-types.ts'
import { replyToTicket } from './tickets/reply-to-ticket.ts'
import { searchTickets } from './tickets/search-tickets.ts'
import { updateTicket } from './tickets/update-ticket.ts'
import { updateTicketState } from './tickets/update-ticket-state.ts'

/** Further actions, by toolset: offered only where the toolset is chosen. */
export const toolsets = {
  desk: [
    closeConversation,
    openConversation,
    snoozeConversation,
    assignConversation,
    addTagToConversation,
    removeTagFromConversation,
    updateConversation,
    listTeams,
  ],
  contacts: [
    updateContact,
    archiveContact,
    deleteContact,
    mergeContacts,
    removeTagFromContact,
    upsertTag,
    listContactNotes,
    listSegments,
    listAttributes,
    listSubscriptions,
    updateSubscription,
  ],
  companies: [
    listCompanies,
    getCompany,
    upsertCompany,
    listCompanyContacts,
    addContactToCompany,
    removeContactFromCompany,
  ],
  tickets: [
    searchTickets,
    getTicket,
    listTicketTypes,
    createTicket,
    replyToTicket,
    updateTicket,
    updateTicketState,
  ],
  knowledge: [searchArticles, getArticle, createArticle, updateArticle, publishArticle, listCollections],
  events: [createEvent, listEvents],
} as const satisfies Record<ToolsetName, readonly AnyAction[]>

/** The name of a toolset. */
export type ToolsetName = 'desk' | 'contacts' | 'companies' | 'tickets' | 'knowledge' | 'events'
/** What an option takes: names of toolsets, or `all`. */
export type ToolsetChoice = ToolsetName | 'all'

/** All actions: the thirteen, then those of each toolset. */
export const catalogue: readonly AnyAction[] = [...actions, ...Object.values(toolsets).flat()]

export const toolsetNames = Object.keys(toolsets) as ToolsetName[] // its own keys

/** The action of a name, in whichever toolset it is. */
export function actionNamed(name: unknown): AnyAction | undefined {
  return catalogue.find((action) => action.name === name)
}

/** The toolset that an action is in; `null` for one of the thirteen. */
export function toolsetOf(action: Pick<AnyAction, 'name'>): ToolsetName | null {
  return toolsetNames.find((set) => toolsets[set].some(({ name }) => name === action.name)) ?? null
}

/** Actions of another toolset that a toolset brings with it, since its texts name them. */
const brought: Partial<Record<ToolsetName, readonly AnyAction[]>> = {
  desk: [listAttributes],
  tickets: [listTeams],
}

/** The actions that are offered with some toolsets, in the order of the catalogue. */
export function withToolsets(chosen: readonly string[] = []): AnyAction[] {
  const sets = toolsetNames.filter((set) => chosen.includes('all') || chosen.includes(set))
  return catalogue.filter((action) => {
    const set = toolsetOf(action)
    return set === null || sets.includes(set) || sets.some((one) => brought[one]?.includes(action))
  })
}

// The client: every action as a function, or by name.

export {
  type ActionInput,
  type ActionName,
  type ActionOutput,
  type AllOf,
  type AnyIntercom,
  actions,
  actionsByToolset,
  type CallOptions,
  type CallResult,
  createIntercom,
  type FunctionsOf,
  type Intercom,
  type IntercomOptions,
} from './intercom.ts'

// The list everything is derived from, and how to describe it.

export type { ActionInfo, Effect, Envelope, HostReading, Previewed } from './core/action.ts'
export { type Description, describe, type JsonSchema, type Parameter } from './core/describe.ts'
export type { Failed, Succeeded, Traced } from './core/envelope.ts'
export type { Preview, PreviewContact, PreviewConversation, PreviewMessage } from './core/preview.ts'
export type * from './methods.ts'

// What an operator lets a model do, and what it reads.

export type { NamedKind, Names } from './actions/names.ts'
export type { Choice } from './actions/select.ts'
export type { ToolsetChoice, ToolsetName } from './actions/toolsets.ts'
export type { FormattedOutput } from './tools/compact/format.ts'
export type { Grant } from './tools/grant.ts'
export type { OutputMode } from './tools/offer.ts'
export type { Access, Approvable, Sends } from './tools/policy.ts'

// What went wrong, and what went over the wire.

export type {
  ExchangeEvent,
  Hooks,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  Trace,
  WaitEvent,
} from './client/call.ts'
export type { RefusedTokenHook, TokenFunction } from './client/credentials.ts'
export type { LeaseRequest, LeaseResponse, PermitSource } from './client/rate-limit/budget.ts'
export type { Lease, Report, Wait } from './client/rate-limit/budget-state.ts'
export type { RateLimit } from './client/rate-limit/headers.ts'
export type { JsonObject } from './client/request.ts'
export type {
  Acquired,
  AttemptResult,
  EarlierAttempt,
  EntryListing,
  EntryPage,
  Journal,
  JournalEntries,
  JournalEntry,
  Operation,
  Peeked,
} from './core/journal.ts'
export type { OnUnknown } from './core/read-back.ts'
export type { Step as SendStep } from './core/story.ts'
export { type Failure, IntercomError, type Outcome } from './errors.ts'

// Intercom's nouns.

export type { Admin, AdminList } from './actions/types/admin.ts'
export type { Article, Collection, FoundArticle } from './actions/types/article.ts'
export type { Attribute } from './actions/types/attribute.ts'
export type { Company } from './actions/types/company.ts'
export type { Contact, ContactStub, Note } from './actions/types/contact.ts'
export type {
  AdminMessage,
  Author,
  Conversation,
  ConversationListItem,
  ConversationPart,
  UserMessage,
} from './actions/types/conversation.ts'
export type { ContactEvent, EventPages, EventSummary } from './actions/types/event.ts'
export type { CursorPages, LinkPages, ObjectList } from './actions/types/page.ts'
export type { Segment } from './actions/types/segment.ts'
export type { Subscription } from './actions/types/subscription.ts'
export type { Tag, TagList } from './actions/types/tag.ts'
export type { Team } from './actions/types/team.ts'
export type {
  Ticket,
  TicketPart,
  TicketState,
  TicketType,
  TicketTypeAttribute,
} from './actions/types/ticket.ts'

// The client: every action as a function, or by name.

export {
  type ActionInput,
  type ActionName,
  type ActionOutput,
  type CallOptions,
  type CallResult,
  createIntercom,
  type Intercom,
  type IntercomOptions,
} from './adapters/functions.ts'

// The list everything is derived from, and how to describe it.

export { actions } from './actions/index.ts'
export type { Action, AnyAction, Envelope } from './core/action.ts'
export { type Description, describe, type JsonSchema, type Parameter } from './core/describe.ts'
export type { Effect } from './core/effect.ts'

// What went wrong, and what went over the wire.

export type { Trace } from './client/call.ts'
export type { Hooks, RequestEvent, RetryEvent, WaitEvent } from './client/hooks.ts'
export type { Leased, LeaseRequest, PermitSource } from './client/pace/budget.ts'
export type { RateLimit } from './client/pace/rate-limit.ts'
export type { Left, Step, StepJournal, Taken } from './core/journal.ts'
export type { OnAmbiguous } from './core/send-once.ts'
export { type Failure, IntercomError, type Outcome } from './errors.ts'

// Intercom's nouns.

export type { Admin, AdminList } from './schemas/admin.ts'
export type { Contact } from './schemas/contact.ts'
export type { Author, Conversation, ConversationListItem, ConversationPart } from './schemas/conversation.ts'
export type { AdminMessage, UserMessage } from './schemas/message.ts'
export type { Note } from './schemas/note.ts'
export type { CursorPages, ObjectList } from './schemas/page.ts'
export type { Tag, TagList } from './schemas/tag.ts'

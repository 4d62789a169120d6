import type { Route } from '../http/call.ts'
import { activityLogRoutes } from './activity-logs.ts'
import { adminAwayRoutes } from './admin-away.ts'
import { adminRoutes } from './admins.ts'
import { contactRoutes } from './contacts.ts'
import { conversationTagRoutes } from './conversation-tags.ts'
import { conversationUpdateRoutes } from './conversation-update.ts'
import { conversationVersionRoutes } from './conversation-versions.ts'
import { conversationRoutes } from './conversations.ts'
import { customerRoutes } from './customers.ts'
import { messageRoutes } from './messages.ts'
import { noteRoutes } from './notes.ts'
import { partRoutes } from './parts.ts'
import { redactRoutes } from './redact.ts'
import { replyRoutes } from './reply.ts'
import { tagRoutes } from './tags.ts'
import { teamRoutes } from './teams.ts'
import { ticketTypeRoutes } from './ticket-types.ts'
import { ticketRoutes } from './tickets.ts'

/** Every operation that the workspace emulates. */
export const routes: readonly Route[] = [
  ...adminRoutes,
  ...adminAwayRoutes,
  ...activityLogRoutes,
  ...teamRoutes,
  ...contactRoutes,
  ...noteRoutes,
  ...tagRoutes,
  ...conversationRoutes,
  ...conversationUpdateRoutes,
  ...conversationVersionRoutes,
  ...replyRoutes,
  ...partRoutes,
  ...conversationTagRoutes,
  ...customerRoutes,
  ...redactRoutes,
  ...ticketTypeRoutes,
  ...ticketRoutes,
  ...messageRoutes,
]

import type { Route } from '../http/call.ts'
import { activityLogRoutes } from './activity-logs.ts'
import { adminAwayRoutes } from './admin-away.ts'
import { adminRoutes } from './admins.ts'
import { articleRoutes } from './articles.ts'
import { collectionRoutes } from './collections.ts'
import { companyRoutes } from './companies.ts'
import { companyListRoutes } from './company-lists.ts'
import { contactCompanyRoutes } from './contact-companies.ts'
import { contactRoutes } from './contacts.ts'
import { contentImportSourceRoutes } from './content-import-sources.ts'
import { conversationTagRoutes } from './conversation-tags.ts'
import { conversationUpdateRoutes } from './conversation-update.ts'
import { conversationVersionRoutes } from './conversation-versions.ts'
import { conversationRoutes } from './conversations.ts'
import { customerRoutes } from './customers.ts'
import { dataAttributeRoutes } from './data-attributes.ts'
import { dataExportRoutes } from './data-exports.ts'
import { eventRoutes } from './events.ts'
import { externalPageRoutes } from './external-pages.ts'
import { mergeRoutes } from './merge.ts'
import { messageRoutes } from './messages.ts'
import { newsRoutes } from './news.ts'
import { noteRoutes } from './notes.ts'
import { partRoutes } from './parts.ts'
import { phoneSwitchRoutes } from './phone-switch.ts'
import { redactRoutes } from './redact.ts'
import { replyRoutes } from './reply.ts'
import { segmentRoutes } from './segments.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { tagRoutes } from './tags.ts'
import { teamRoutes } from './teams.ts'
import { ticketReplyRoutes } from './ticket-reply.ts'
import { ticketTagRoutes } from './ticket-tags.ts'
import { ticketTypeAttributeRoutes } from './ticket-type-attributes.ts'
import { ticketTypeRoutes } from './ticket-types.ts'
import { ticketUpdateRoutes } from './ticket-update.ts'
import { ticketRoutes } from './tickets.ts'
import { visitorRoutes } from './visitors.ts'

/** Every operation that the workspace emulates. */
export const routes: readonly Route[] = [
  ...adminRoutes,
  ...adminAwayRoutes,
  ...activityLogRoutes,
  ...teamRoutes,
  ...contactRoutes,
  ...companyRoutes,
  ...companyListRoutes,
  ...mergeRoutes,
  ...contactCompanyRoutes,
  ...segmentRoutes,
  ...subscriptionRoutes,
  ...eventRoutes,
  ...dataAttributeRoutes,
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
  ...ticketTypeAttributeRoutes,
  ...ticketRoutes,
  ...ticketUpdateRoutes,
  ...ticketReplyRoutes,
  ...ticketTagRoutes,
  ...visitorRoutes,
  ...phoneSwitchRoutes,
  ...messageRoutes,
  ...articleRoutes,
  ...collectionRoutes,
  ...contentImportSourceRoutes,
  ...dataExportRoutes,
  ...externalPageRoutes,
  ...newsRoutes,
]

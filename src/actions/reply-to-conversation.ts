import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { saysThat } from '../core/same-text.ts'
import { refuseOtherAuthor, replyFields } from './reply/fields.ts'
import type { Conversation, ConversationPart } from './types/conversation.ts'
import { id } from './types/input.ts'
import { adminNames, bodyNames, conversationIdNames, replyNames } from './types/other-names.ts'

const input = z
  .strictObject({
    conversation_id: id('The conversation’s unique identifier; find it with search_conversations').refine(
      (value) => value.toLowerCase() !== 'last',
      'must name one conversation: "last" would reply to whoever wrote last',
    ),
    ...replyFields,
  })
  .superRefine(refuseOtherAuthor)

type Reply = z.output<typeof input>

/** What a caller gives, as the check above wants it. */
type Common = Omit<z.input<typeof input>, 'reply_type' | 'message_type' | 'admin_id' | 'intercom_user_id'>
type AdminReply = Common & {
  reply_type: 'admin'
  message_type?: 'comment' | 'note' | undefined
  admin_id: string
  intercom_user_id?: undefined
}
type UserReply = Common & {
  reply_type: 'user'
  message_type?: 'comment' | undefined
  intercom_user_id: string
  admin_id?: undefined
}

/** Part types a reply arrives as; one that reopens the conversation is an `open` (docs/intercom-api.md 5). */
const partTypes = { comment: ['comment', 'open', 'assign_and_reopen'], note: ['note', 'note_and_reopen'] }

/**
 * The parts that have words and are by a reply's author, the newest last; and those of which Intercom does not say who
 * wrote them. The types are Intercom's word: of a part that is read back anything may be missing.
 */
function partsOf(conversation: Conversation, reply: Reply) {
  const types = reply.reply_type === 'admin' ? ['admin'] : ['user', 'lead', 'contact']
  const id = reply.reply_type === 'admin' ? reply.admin_id : reply.intercom_user_id
  const parts: (ConversationPart | null)[] = conversation.conversation_parts.conversation_parts
  const worded = parts.filter((part) => part?.id !== undefined && part.body !== null) as ConversationPart[]
  const own = worded.filter(({ author }) => types.includes(author?.type) && String(author.id) === id)
  const nameless = worded.filter(({ author }) => (author?.id ?? null) === null)
  return { own: own.sort((a, b) => a.created_at - b.created_at), nameless }
}

function isOfKind({ part_type }: ConversationPart, { message_type }: Reply): boolean {
  return partTypes[message_type].includes(part_type)
}

/**
 * POST /conversations/{id}/reply; `/parts` takes no replies (docs/intercom-api.md 3.5). A lead replies as `user` too.
 */
export const replyToConversation = defineAction({
  name: 'reply_to_conversation',
  title: 'Reply to conversation',
  description:
    'Reply in an existing conversation: as an admin with admin_id (a comment reaches the customer, a note stays internal), or as the contact with intercom_user_id. A comment cannot be taken back. A note is signed by admin_id. A reply to a closed or snoozed conversation may open it again.',
  effect: 'send',
  input: input as unknown as z.ZodType<Reply, AdminReply | UserReply>, // the same check, typed by its rules
  otherNames: { ...conversationIdNames, ...adminNames('admin_id'), ...bodyNames, ...replyNames },
  output: oneResult<Conversation>(),
  hints: {
    404: 'Check the conversation id (search_conversations), and that admin_id (list_admins) or intercom_user_id exists.',
  },
  verify: {
    proof: 'record',
    risk: 'The reply may have been delivered.',
    key: ({ conversation_id }) => `conversation ${conversation_id}`,
    made: (answer, reply) => {
      const { own } = partsOf(answer as Conversation, reply)
      return own.filter((part) => isOfKind(part, reply)).map(({ id }) => id)
    },
    look: async (intercom, reply) => {
      const conversation = await intercom.get<Conversation>(path`/conversations/${reply.conversation_id}`)
      const isSame = await saysThat(reply.body)
      const { own, nameless } = partsOf(conversation, reply)
      const item = ({ id, created_at }: ConversationPart, same: boolean) => ({
        id: String(id),
        created_at,
        same,
        answer: conversation,
      })
      const items = own.map((part) => item(part, isOfKind(part, reply) && isSame(part.body)))
      // One of them may be this reply's: it is not said to be missing.
      return { items: [...nameless.map((part) => item(part, false)), ...items] }
    },
    whereToLook: (reply, at) => {
      const author =
        reply.reply_type === 'admin' ? `admin ${reply.admin_id}` : `contact ${reply.intercom_user_id}`
      return `Read the conversation with get_conversation and look for a part by ${author} at ${at}.`
    },
  },
  run: async (intercom, { conversation_id, reply_type, message_type, body, ...reply }) => {
    const { admin_id, intercom_user_id, attachment_urls } = reply
    const author = reply_type === 'admin' ? { admin_id } : { intercom_user_id }
    const attachments = attachment_urls === undefined ? {} : { attachment_urls }
    const sent = { message_type, type: reply_type, ...author, body, ...attachments }
    return { result: await intercom.post<Conversation>(path`/conversations/${conversation_id}/reply`, sent) }
  },
})

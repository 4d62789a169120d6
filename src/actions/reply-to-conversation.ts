import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { unreadableIn } from '../core/verify.ts'
import { conversationReply } from './preview/reply.ts'
import { type GivenReply, noteOrSend, refuseOtherAuthor, replyFields } from './reply/fields.ts'
import { repliesBy, repliesSeen, replyBody, speaker } from './reply/read-back.ts'
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

/** The parts that have words. The types are Intercom's word: of a part that is read back anything may be missing. */
function wordedParts({ conversation_parts: { conversation_parts } }: Conversation): ConversationPart[] {
  const parts: (ConversationPart | null)[] = conversation_parts
  return parts.filter((part): part is ConversationPart => part?.id !== undefined && part.body !== null)
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
  effectOf: noteOrSend,
  input: input as unknown as z.ZodType<Reply, GivenReply<{ conversation_id: string }>>, // the same check, typed by its rules
  otherNames: { ...conversationIdNames, ...adminNames('admin_id'), ...bodyNames, ...replyNames },
  output: oneResult<Conversation>(),
  hints: {
    404: 'Check the conversation id (search_conversations), and that admin_id (list_admins) or intercom_user_id exists.',
  },
  verify: {
    proof: 'record',
    risk: 'The reply may have been delivered.',
    key: ({ conversation_id }) => `conversation ${conversation_id}`,
    made: (answer, reply) => repliesBy(wordedParts(answer as Conversation), reply),
    look: async (intercom, reply) => {
      const conversation = await intercom.get<Conversation>(path`/conversations/${reply.conversation_id}`)
      const seen = await repliesSeen(wordedParts(conversation), reply, () => conversation)
      const { conversation_parts: all } = conversation.conversation_parts
      return { items: [...seen, ...unreadableIn(all, conversation, 'id')] }
    },
    whereToLook: (reply, at) =>
      `Read the conversation with get_conversation and look for a part by ${speaker(reply)} at ${at}.`,
  },
  preview: (intercom, { conversation_id, ...reply }) => conversationReply(intercom, conversation_id, reply),
  run: async (intercom, { conversation_id, ...reply }) => ({
    result: await intercom.post<Conversation>(
      path`/conversations/${conversation_id}/reply`,
      replyBody(reply),
    ),
  }),
})

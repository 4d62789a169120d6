import { path } from '../../client/path.ts'
import type { JsonObject } from '../../client/request.ts'
import type { Memory } from '../../core/memory.ts'
import type { Port } from '../../core/port.ts'
import { unreadableIn, type Verify } from '../../core/verify.ts'
import type { Conversation, ConversationPart } from '../types/conversation.ts'
import { conversationId, id } from '../types/input.ts'
import { adminNames, conversationIdNames } from '../types/other-names.ts'
import { ownAdmin } from '../types/own-admin.ts'

/** Input of every action that handles a conversation. */
type Handling = { conversation_id: string; admin_id?: string | undefined }

/** The parameters that these actions share. */
export const handling = {
  conversation_id: conversationId(),
  admin_id: id('The teammate who does it, from list_admins (Default: the token’s own)').optional(),
}

export const handlingNames = { ...conversationIdNames, ...adminNames('admin_id') }

/** Intercom's 404 does not say which of them it misses (docs/intercom-api.md 3.5). */
export const handlingHints = {
  404: 'Check the conversation id (search_conversations), and that the teammates and the team exist (list_admins, list_teams).',
}

/**
 * Changes a conversation by POST /conversations/{id}/parts, which adds a part each time: closing a closed one counts
 * twice in reports. So what `isSo` already is left as it is.
 */
export async function handled(
  intercom: Port,
  { conversation_id, admin_id }: Handling,
  memory: Memory,
  isSo: (conversation: Conversation) => boolean,
  body: JsonObject,
): Promise<{ result: Conversation }> {
  const conversation = await intercom.get<Conversation>(path`/conversations/${conversation_id}`)
  if (isSo(conversation)) return { result: conversation }
  const by = await ownAdmin(intercom, memory, admin_id)
  const sent = { ...body, admin_id: by }
  return { result: await intercom.post<Conversation>(path`/conversations/${conversation_id}/parts`, sent) }
}

/**
 * Reads such a change back: the part that it leaves, by its author. `shows`: whether the conversation is as the part, or
 * the newest of its kind, would have left it, where a part does not say all that was asked for.
 */
export function leavesPart<Input extends Handling>(
  what: string,
  isMade: (part: ConversationPart, input: Input) => boolean,
  shows: (conversation: Conversation, input: Input, isNewest: boolean) => boolean = () => true,
): Verify<Input> {
  const made = (answer: JsonObject, input: Input) => {
    const { conversation_parts: parts } = (answer as Conversation).conversation_parts
    // The types are Intercom's word: of a part that is read back anything may be missing.
    return parts
      .filter((part: ConversationPart | null) => part?.id !== undefined && isMade(part, input))
      .sort((a, b) => a.created_at - b.created_at)
  }
  return {
    proof: 'record',
    risk: `The conversation may have been ${what}.`,
    key: ({ conversation_id }) => `conversation ${conversation_id}`,
    made: (answer, input) => made(answer, input).map(({ id }) => id),
    look: async (intercom, input) => {
      const { conversation_id, admin_id } = input
      const by = await ownAdmin(intercom, null, admin_id)
      const conversation = await intercom.get<Conversation>(path`/conversations/${conversation_id}`)
      const parts = made(conversation, input)
      const isOwn = ({ author }: ConversationPart, at: number) =>
        author?.type === 'admin' &&
        String(author.id) === by &&
        shows(conversation, input, at === parts.length - 1)
      const items = parts.map((part, at) => ({
        id: String(part.id),
        created_at: part.created_at,
        same: isOwn(part, at),
        answer: conversation,
      }))
      const { conversation_parts: all } = conversation.conversation_parts
      return { items: [...items, ...unreadableIn(all, conversation, 'id', 'part_type')] }
    },
    whereToLook: ({ conversation_id }, at) =>
      `Read conversation ${conversation_id} with get_conversation and see whether it was ${what} at ${at}.`,
  }
}

import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { idIn } from '../../core/list.ts'
import type { Conversation } from '../types/conversation.ts'
import { tagId } from '../types/input.ts'
import { ownAdmin } from '../types/own-admin.ts'
import type { Tag } from '../types/tag.ts'
import { handling, handlingNames } from './part.ts'

const { conversation_id, admin_id } = handling

/**
 * DELETE /conversations/{id}/tags/{tag_id}. Intercom answers 404 for a tag that is not there as for one that does not
 * exist (docs/intercom-api.md 3.5), so the conversation is read first.
 */
export const removeTagFromConversation = defineAction({
  name: 'remove_tag_from_conversation',
  title: 'Remove tag from conversation',
  description: 'Take a tag off a conversation. Harmless when it is not there.',
  effect: 'update',
  overwrites: false,
  confirms: true,
  input: z.strictObject({ conversation_id, tag_id: tagId(), admin_id }),
  otherNames: { ...handlingNames, tag: 'tag_id' },
  output: oneResult<Conversation | Tag>(),
  hints: { 404: 'Find the conversation id with search_conversations and the tag id with list_tags.' },
  run: async (
    intercom,
    { conversation_id, tag_id, admin_id },
    memory,
  ): Promise<{ result: Conversation | Tag }> => {
    const conversation = await intercom.get<Conversation>(path`/conversations/${conversation_id}`)
    const tags = conversation.tags?.tags
    if (Array.isArray(tags) && !tags.some((tag) => idIn(tag) === tag_id)) return { result: conversation }
    const by = await ownAdmin(intercom, memory, admin_id)
    const tagged = path`/conversations/${conversation_id}/tags/${tag_id}`
    return { result: await intercom.delete<Tag>(tagged, { admin_id: by }) }
  },
})

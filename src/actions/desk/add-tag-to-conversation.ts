import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { tagId } from '../types/input.ts'
import { ownAdmin } from '../types/own-admin.ts'
import type { Tag } from '../types/tag.ts'
import { handling, handlingNames } from './part.ts'

const { conversation_id, admin_id } = handling

/** POST /conversations/{id}/tags. A tag that is already there stays as it is. */
export const addTagToConversation = defineAction({
  name: 'add_tag_to_conversation',
  title: 'Add tag to conversation',
  description:
    'Put an existing tag on a conversation (on the person: add_tag_to_contact). Harmless when it is there.',
  effect: 'update',
  overwrites: false,
  input: z.strictObject({ conversation_id, tag_id: tagId(), admin_id }),
  otherNames: { ...handlingNames, tag: 'tag_id' },
  output: oneResult<Tag>(),
  hints: { 404: 'Find the conversation id with search_conversations and the tag id with list_tags.' },
  run: async (intercom, { conversation_id, tag_id, admin_id }, memory) => {
    const by = await ownAdmin(intercom, memory, admin_id)
    const sent = { id: tag_id, admin_id: by }
    const semantics = 'idempotent' as const
    return {
      result: await intercom.post<Tag>(path`/conversations/${conversation_id}/tags`, sent, { semantics }),
    }
  },
})

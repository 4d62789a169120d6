import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { idIn, itemsOf } from '../../core/list.ts'
import { contactId, tagId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import type { Tag, TagList } from '../types/tag.ts'

/** DELETE /contacts/{id}/tags/{tag_id}. Whether Intercom takes it for a tag that is not there is not known: so look first. */
export const removeTagFromContact = defineAction({
  name: 'remove_tag_from_contact',
  title: 'Remove tag from contact',
  description: 'Take a tag off a contact. Harmless when it is not there.',
  effect: 'update',
  overwrites: false,
  input: z.strictObject({ contact_id: contactId(), tag_id: tagId() }),
  otherNames: { ...contactIdNames, id: 'tag_id', tag: 'tag_id' },
  output: oneResult<Tag | TagList>(),
  hints: { 404: 'Find the contact id with search_contacts and the tag id with list_tags.' },
  run: async (intercom, { contact_id, tag_id }): Promise<{ result: Tag | TagList }> => {
    const tags = await intercom.get<TagList>(path`/contacts/${contact_id}/tags`)
    const has = itemsOf<Tag | null>(tags, 'data', 'tags').some((tag) => idIn(tag) === tag_id)
    if (!has) return { result: tags }
    return { result: await intercom.delete<Tag>(path`/contacts/${contact_id}/tags/${tag_id}`) }
  },
})

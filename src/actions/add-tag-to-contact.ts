import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { id } from './types/input.ts'
import { contactIdNames } from './types/other-names.ts'
import type { Tag } from './types/tag.ts'

/** POST /contacts/{id}/tags. A tag that is already there stays as it is. */
export const addTagToContact = defineAction({
  name: 'add_tag_to_contact',
  title: 'Add tag to contact',
  description:
    'Put an existing tag on a contact. Harmless when the contact has it already. Takes the id of a tag, not its name: find it with list_tags.',
  effect: 'update',
  input: z.strictObject({
    contact_id: id('The contact’s unique Intercom identifier; find it with search_contacts'),
    tag_id: id('The tag’s unique identifier; find it with list_tags'),
  }),
  otherNames: { ...contactIdNames, id: 'tag_id', tag: 'tag_id' },
  output: oneResult<Tag>(),
  hints: { 404: 'Find the contact id with search_contacts and the tag id with list_tags.' },
  run: async (intercom, { contact_id, tag_id }) => ({
    result: await intercom.post<Tag>(
      path`/contacts/${contact_id}/tags`,
      { id: tag_id },
      { semantics: 'idempotent' },
    ),
  }),
})

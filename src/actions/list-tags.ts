import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { itemsOf } from '../core/list.ts'
import type { TagList } from '../schemas/tag.ts'

/** GET /tags: Intercom has no pages here (dossier 3, tags). */
export const listTags = defineAction({
  name: 'list_tags',
  title: 'List tags',
  description:
    'List all tags of the workspace with their ids and names, in result.data. add_tag_to_contact takes an id from here.',
  effect: 'read',
  input: z.strictObject({}),
  output: oneResult<TagList>(),
  run: async (intercom) => {
    const result = await intercom.get<TagList>(path`/tags`)
    itemsOf(result, 'data')
    return { result }
  },
})

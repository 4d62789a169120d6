import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { itemsOf, withName } from '../core/list.ts'
import { filledText } from './types/input.ts'
import type { Tag, TagList } from './types/tag.ts'

/** GET /tags: Intercom has no pages here (docs/intercom-api.md 3.4). */
export const listTags = defineAction({
  name: 'list_tags',
  title: 'List tags',
  description:
    'List all tags of the workspace with their ids and names, in result.data. add_tag_to_contact takes an id from here.',
  effect: 'read',
  input: z.strictObject({
    name_contains: filledText('Only tags whose name contains this, in any case').optional(),
  }),
  output: oneResult<TagList>(),
  run: async (intercom, { name_contains }) => {
    const result = await intercom.get<TagList>(path`/tags`)
    const data = itemsOf<Tag>(result, 'data')
    return {
      result: name_contains === undefined ? result : { ...result, data: withName(data, name_contains) },
    }
  },
})

import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { filledText } from '../types/input.ts'
import type { Tag } from '../types/tag.ts'

/** POST /tags, which answers a known tag whatever the case of its name (docs/intercom-api.md 3.4). */
export const upsertTag = defineAction({
  name: 'upsert_tag',
  title: 'Get or create tag',
  description:
    'Get the tag with this name (in any case), created when there is none, for the tools that take a tag_id. To look only: list_tags.',
  effect: 'update',
  overwrites: false,
  input: z.strictObject({ name: filledText('The tag’s name') }),
  otherNames: { tag: 'name', tag_name: 'name', title: 'name' },
  output: oneResult<Tag>(),
  writesTo: ({ name }) => name.trim().toLowerCase(),
  run: async (intercom, { name }) => ({
    result: await intercom.post<Tag>(path`/tags`, { name }, { semantics: 'idempotent' }),
  }),
})

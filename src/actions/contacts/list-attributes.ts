import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, withName } from '../../core/list.ts'
import type { Attribute } from '../types/attribute.ts'
import { nameContains } from '../types/input.ts'
import type { LinkPages } from '../types/page.ts'

/** GET /data_attributes: Intercom has no pages here (docs/intercom-api.md 3.10). */
export const listAttributes = defineAction({
  name: 'list_attributes',
  title: 'List attributes',
  description:
    'List attributes with type, description and options: the names that upsert_contact, update_contact, update_conversation and searches (custom_attributes.<name>) take.',
  effect: 'read',
  input: z.strictObject({
    model: z
      .enum(['contact', 'company', 'conversation'])
      .default('contact')
      .describe('Whose attributes (‘contact’, ‘company’ or ‘conversation’) (Default: contact)'),
    name_contains: nameContains(),
    include_standard: z.boolean().default(false).describe('Also Intercom’s own, as email (Default: false)'),
  }),
  output: listOf<Attribute, LinkPages, 'attributes'>('attributes'),
  run: async (intercom, { model, name_contains, include_standard }) => {
    const all = itemsOf<Attribute>(await intercom.get(withQuery(path`/data_attributes`, { model })), 'data')
    const wanted = include_standard ? all : all.filter((attribute) => attribute?.custom === true)
    const attributes = withName(wanted, name_contains)
    return { attributes, total_count: attributes.length, pages: null }
  },
})

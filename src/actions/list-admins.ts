import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { itemsOf, withName } from '../core/list.ts'
import type { Admin, AdminList } from './types/admin.ts'
import { filledText } from './types/input.ts'

/** GET /admins: Intercom has no pages here (docs/intercom-api.md 3.1). */
export const listAdmins = defineAction({
  name: 'list_admins',
  title: 'List admins',
  description:
    'List all teammates (admins) of the workspace, in result.admins: the ids that from_admin_id and admin_id take. Messages and replies need a person with has_inbox_seat true, not the bot.',
  effect: 'read',
  input: z.strictObject({
    name_contains: filledText('Only teammates whose name contains this, in any case').optional(),
  }),
  output: oneResult<AdminList>(),
  run: async (intercom, { name_contains }) => {
    const result = await intercom.get<AdminList>(path`/admins`)
    const admins = itemsOf<Admin>(result, 'admins')
    return {
      result: name_contains === undefined ? result : { ...result, admins: withName(admins, name_contains) },
    }
  },
})

import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { itemsOf } from '../core/list.ts'
import type { AdminList } from '../schemas/admin.ts'

/** GET /admins: Intercom has no pages here (dossier 3, admins). */
export const listAdmins = defineAction({
  name: 'list_admins',
  title: 'List admins',
  description:
    'List all teammates (admins) of the workspace, in result.admins: the ids that from_admin_id and admin_id take. Messages and replies need a person with has_inbox_seat true, not the bot.',
  effect: 'read',
  input: z.strictObject({}),
  output: oneResult<AdminList>(),
  run: async (intercom) => {
    const result = await intercom.get<AdminList>(path`/admins`)
    itemsOf(result, 'admins')
    return { result }
  },
})

import { path } from '../../client/path.ts'
import type { Memory } from '../../core/memory.ts'
import type { Port } from '../../core/port.ts'
import { IntercomError } from '../../errors.ts'
import type { AdminWithApp } from './admin.ts'

/** The teammate who acts: the one that is given, else the token's own, which `memory` keeps. */
export async function ownAdmin(
  intercom: Port,
  memory: Memory | null,
  given: string | undefined,
): Promise<string> {
  const known = given ?? memory?.get('own admin')
  if (known !== undefined) return known
  const me = await intercom.get<AdminWithApp>(path`/me`)
  const id = String(me.id ?? '')
  if (!/^\d+$/.test(id))
    throw new IntercomError('the answer of /me names no admin', {
      code: 'unreadable_answer',
      outcome: 'rejected',
      retryable: true,
      hint: 'Nothing was changed. Give admin_id, from list_admins.',
    })
  memory?.set('own admin', id)
  return id
}

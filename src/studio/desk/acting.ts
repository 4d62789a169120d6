import { computed, signal } from '@preact/signals'
import { Refused } from '../shell/server.ts'
import type { Chosen } from './files.tsx'
import { type Conversation, intercom } from './intercom.ts'
import { names } from './names.ts'

const stored = 'modulex-intercom-studio-teammate'
const chosen = signal(localStorage.getItem(stored))

/** Teammates who can answer: those with an inbox seat. */
export const teammates = computed(() => names.value?.admins.filter((one) => one.has_inbox_seat) ?? [])

/** The teammate that the desk acts as. */
export const acting = computed(
  () => teammates.value.find((one) => one.id === chosen.value) ?? teammates.value[0] ?? null,
)

export function actAs(id: string): void {
  chosen.value = id
  localStorage.setItem(stored, id)
}

const at = (id: string, rest: string) => `/conversations/${encodeURIComponent(id)}${rest}`

export type Acts = ReturnType<typeof actsOf>

/** What a teammate does, each by the one request that Intercom has for it. */
export function actsOf(teammate: string | undefined) {
  function me(): string {
    if (teammate === undefined) throw new Refused(403, 'There is no teammate with an inbox seat to act as.')
    return teammate
  }
  const part = async (id: string, body: object) =>
    await intercom<Conversation>('POST', at(id, '/parts'), { ...body, admin_id: me() })
  return {
    teammate,
    say: async (id: string, kind: 'comment' | 'note', body: string, files: readonly Chosen[] = []) =>
      await intercom<Conversation>('POST', at(id, '/reply'), {
        ...{ message_type: kind, type: 'admin', admin_id: me(), body },
        ...(files.length > 0 && { attachment_files: files.map(({ size: _, ...file }) => file) }),
      }),
    close: (id: string) => part(id, { message_type: 'close', type: 'admin' }),
    open: (id: string) => part(id, { message_type: 'open', type: 'admin' }),
    snooze: (id: string, until: number) => part(id, { message_type: 'snoozed', snoozed_until: until }),
    assign: (id: string, type: 'admin' | 'team', assignee: string) =>
      part(id, { message_type: 'assignment', type, assignee_id: assignee }),
    tag: async (id: string, tag: string) =>
      await intercom('POST', at(id, '/tags'), { id: tag, admin_id: me() }),
    untag: async (id: string, tag: string) =>
      await intercom('DELETE', at(id, `/tags/${encodeURIComponent(tag)}`), { admin_id: me() }),
    newTag: (name: string) => intercom<{ id: string }>('POST', '/tags', { name }),
  }
}

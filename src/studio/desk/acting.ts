import { computed, signal } from '@preact/signals'
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

function me(): string {
  if (acting.value === null) throw new Error('There is no teammate with an inbox seat to act as.')
  return acting.value.id
}

const at = (id: string, rest: string) => `/conversations/${encodeURIComponent(id)}${rest}`

/** What a teammate does, each by the one request that Intercom has for it. */
export const act = {
  say: (id: string, kind: 'comment' | 'note', body: string) =>
    intercom<Conversation>('POST', at(id, '/reply'), {
      ...{ message_type: kind, type: 'admin', admin_id: me(), body },
    }),
  close: (id: string) => part(id, { message_type: 'close', type: 'admin' }),
  open: (id: string) => part(id, { message_type: 'open', type: 'admin' }),
  snooze: (id: string, until: number) => part(id, { message_type: 'snoozed', snoozed_until: until }),
  assign: (id: string, type: 'admin' | 'team', assignee: string) =>
    part(id, { message_type: 'assignment', type, assignee_id: assignee }),
  tag: (id: string, tag: string) => intercom('POST', at(id, '/tags'), { id: tag, admin_id: me() }),
  untag: (id: string, tag: string) =>
    intercom('DELETE', at(id, `/tags/${encodeURIComponent(tag)}`), { admin_id: me() }),
  newTag: (name: string) => intercom<{ id: string }>('POST', '/tags', { name }),
}

function part(id: string, body: object): Promise<Conversation> {
  return intercom<Conversation>('POST', at(id, '/parts'), { ...body, admin_id: me() })
}

import { actionNamed } from '../../actions/toolsets.ts'
import type { Approval } from '../../approvals/index.ts'
import { oneLine } from '../../errors.ts'
import { approvalCard } from '../../tools/approval/card.ts'

/** One line of a list. */
export function lineOf({ id, state, action, caller, asked_by, preview, created_at }: Approval): string {
  const [to] = preview?.to ?? []
  const whom = to === undefined ? '' : ` to ${to.name ?? to.email ?? to.id}`
  const who = asked_by === null ? caller : `${caller}, ${asked_by}`
  const title = actionNamed(action)?.title ?? action
  return [id, `${state} since ${timeOf(created_at)}`, `${title}${whom}`, `(${who})`].map(oneLine).join('  ')
}

/** `2026-11-29 18:05:00Z` */
function timeOf(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace(/\.\d+/, '')
}

/** All that would be sent, for a person on a terminal. */
export function cardOf(approval: Approval): string {
  const { id, state, action, input, edited, preview, caller, asked_by, created_at } = approval
  const known = actionNamed(action) ?? ({ title: action, effect: 'send' } as const)
  const asked = { caller, client: asked_by, since: created_at }
  const text = edited === null ? undefined : (edited as Record<string, unknown>)[preview?.textParameter ?? '']
  const shown = typeof text === 'string' && preview !== null ? { ...preview, text, shown: null } : preview
  const what = edited === null ? state : `${state}, with a text that a person has changed`
  return `${id} · ${what}\n${approvalCard(known, edited ?? input, { preview: shown, asked })}`
}

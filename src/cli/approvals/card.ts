import { actionNamed } from '../../actions/toolsets.ts'
import type { Approval } from '../../approvals/index.ts'
import { oneLine } from '../../errors.ts'
import { confirmationQuestion } from '../../tools/confirmation.ts'

/** One line of a list. */
export function lineOf({ id, state, action, caller, asked_by, preview, created_at }: Approval): string {
  const [to] = preview?.to ?? []
  const whom = to === undefined ? '' : ` to ${to.name ?? to.email ?? to.id}`
  const who = asked_by === null ? caller : `${caller}, ${asked_by}`
  const title = actionNamed(action)?.title ?? action
  return [id, `${state} since ${timeOf(created_at)}`, `${title}${whom}`, `(${who})`].map(oneLine).join('  ')
}

/** `2026-11-29 18:05:00Z` */
export function timeOf(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace(/\.\d+/, '')
}

/** All that would be sent, for a person on a terminal. */
export function cardOf({ id, state, action, input, edited, caller, asked_by, created_at }: Approval): string {
  const title = actionNamed(action)?.title ?? action
  const who = asked_by === null ? caller : `${caller}, ${asked_by}`
  const head = `${id} · ${state} · asked by ${who} at ${timeOf(created_at)}`
  return `${head}\n${confirmationQuestion(title, edited ?? input)}`
}

import { type File, Json, type RouteAnswer } from '../http/call.ts'
import { isObject } from '../http/input.ts'
import { isAtLeast } from '../http/versions.ts'

/** The answer as a version shows it: 2.16 changed types that 2.12 has, in whatever answer they are (docs/intercom-api.md 1.3). */
export function inVersion<T extends Exclude<RouteAnswer, File>>(answer: T, version: string): T | object {
  if (answer === null || !isAtLeast(version, '2.16')) return answer
  return reshaped(answer instanceof Json ? JSON.parse(answer.text) : answer) as object
}

/** What the workspace named itself has no types of Intercom's. */
const foreign: ReadonlySet<string> = new Set(['custom_attributes', 'ticket_attributes', 'metadata'])

function reshaped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reshaped)
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, held]) => [key, foreign.has(key) ? held : reshaped(held)])
  return { ...Object.fromEntries(members), ...changes(value) }
}

function changes(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { type, owner_id, priority, admin_assignee_id: admin, team_assignee_id: team } = value
  if (type === 'contact' && typeof owner_id === 'number') return { owner_id: String(owner_id) }
  const assigned = { admin_assignee_id: Number(admin ?? 0), team_assignee_id: Number(team ?? 0) }
  if (type === 'conversation' && priority !== undefined) return { priority: levelOf(priority), ...assigned }
  return type === 'ticket' && admin !== undefined ? assigned : {}
}

/** Of the five levels of 2.16 those that 2.12's flag can mean. */
function levelOf(priority: unknown): string {
  return priority === 'priority' ? 'high' : 'none'
}

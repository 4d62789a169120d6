import { type File, Json, type RouteAnswer } from '../http/call.ts'
import { isObject } from '../http/input.ts'
import { isAtLeast } from '../http/versions.ts'

/**
 * The answer as a version shows it, in whatever operation: 2.16 changed types that 2.12 has (docs/intercom-api.md 1.3),
 * and up to 2.11 a ticket's state was text (docs/intercom-api.md 2.13).
 */
export function inVersion<T extends Exclude<RouteAnswer, File>>(answer: T, version: string): T | object {
  const changes = isAtLeast(version, '2.16') ? later : isAtLeast(version, '2.12') ? undefined : former
  if (answer === null || changes === undefined) return answer
  return reshaped(answer instanceof Json ? JSON.parse(answer.text) : answer, changes) as object
}

/** What the workspace named itself has no types of Intercom's. */
const foreign: ReadonlySet<string> = new Set(['custom_attributes', 'ticket_attributes', 'metadata'])

type Changes = (value: Readonly<Record<string, unknown>>) => Record<string, unknown>

function reshaped(value: unknown, changes: Changes): unknown {
  if (Array.isArray(value)) return value.map((item) => reshaped(item, changes))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, held]) => [
    key,
    foreign.has(key) ? held : reshaped(held, changes),
  ])
  return { ...Object.fromEntries(members), ...changes(value) }
}

function former({ type, ticket_state: state }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (type !== 'ticket' || !isObject(state)) return {}
  return {
    ticket_state: state['category'],
    ticket_state_internal_label: state['internal_label'],
    ticket_state_external_label: state['external_label'],
  }
}

function later(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
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

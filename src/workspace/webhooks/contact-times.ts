import { isObject } from '../http/input.ts'

/**
 * A notification's item with its contacts as Intercom sends them up to 2.12: times are ISO 8601 text with milliseconds,
 * where conversations and answers have seconds, and `enabled_push_messaging` is there (docs/intercom-api.md 6).
 */
export function withContactTimes(item: object): object {
  const members = Object.entries(item).map(([key, value]) => [
    key,
    isObject(value) ? asContact(value) : value,
  ])
  return asContact(Object.fromEntries(members))
}

/** References to contacts, which have no times, stay as they are. */
function asContact(value: Record<string, unknown>): Record<string, unknown> {
  if (value['type'] !== 'contact' || !('created_at' in value)) return value
  const members = Object.entries(value).map(([key, held]) => [
    key,
    key.endsWith('_at') && typeof held === 'number' ? isoTime(held) : held,
  ])
  return { ...Object.fromEntries(members), enabled_push_messaging: null }
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('Z', '+00:00')
}

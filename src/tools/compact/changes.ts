import type { Envelope } from '../../core/action.ts'
import { earlierOf } from '../../core/earlier.ts'
import { isObject, type Json } from './json.ts'

const fields = 'role email external_id phone name avatar unsubscribed_from_emails owner_id'.split(' ')

/** An envelope whose contact shows what a write has changed, where its earlier state is known. */
export function withChanges(output: Envelope): Envelope {
  const { contact } = output
  const before = isObject(contact) ? earlierOf(contact) : undefined
  if (!isObject(contact) || !isObject(before)) return output
  return { ...output, contact: { ...contact, changed: changesOf(before, contact) } }
}

function changesOf(before: Json, now: Json): Json | string {
  const [old, own] = [attributesOf(before), attributesOf(now)]
  const changes = [
    // What only one of the two shows may not have changed.
    ...fields
      .filter((field) => field in before && field in now)
      .map((field) => [field, before[field], now[field]] as const),
    ...Object.keys(old && own ? { ...old, ...own } : {}).map(
      (name) => [`custom_attributes.${name}`, old?.[name], own?.[name]] as const,
    ),
  ]
  const shown = changes
    .map(([field, from, to]) => [field, text(from), text(to)] as const)
    .filter(([, from, to]) => from !== to)
    .map(([field, from, to]) => [field, `${from} → ${to}`])
  return shown.length === 0 ? 'nothing' : Object.fromEntries(shown)
}

/** The members that have a value. */
function attributesOf({ custom_attributes }: Json): Json | undefined {
  return isObject(custom_attributes) ? custom_attributes : undefined
}

function text(value: unknown): string {
  if (isObject(value)) return text(value['image_url'])
  return value === null || value === undefined || value === '' ? 'none' : String(value)
}

import type { Envelope } from '../../core/action.ts'
import { type Allowance, isObject, type Json, named, resultTokens } from './allowance.ts'
import { wholeContact } from './contact.ts'
import { wholeConversation } from './conversation.ts'
import { oneLine, plain } from './fence.ts'
import { compactedObject } from './generic.ts'
import { compactLists } from './lists.ts'
import { teammates, wholeMessage } from './message.ts'
import { compactText } from './render.ts'

/** A result as a model sees it: `structured` fits the action's output schema, `text` says the same. */
export type FormattedOutput = { structured: Envelope; text: string }

/**
 * A result in at most `resultTokens` each for `structured` and `text`: what is left out is named, and customers' words
 * are marked as data. Never throws for what an envelope holds.
 */
export function compactOutput(output: Envelope): FormattedOutput {
  // Intercom's error messages may repeat what somebody wrote.
  const structured = output.success
    ? compactEnvelope(output)
    : { ...output, error: plain(String(output.error)) }
  return { structured, text: compactText(structured) }
}

/** Unexpected shapes are compacted key by key. */
function compactEnvelope(output: Envelope): Envelope {
  const { success: _, error: __, ...own } = output
  try {
    return { ...output, ...compactKeys(own, compactLists(own), thing) }
  } catch {
    return { ...output, ...compactKeys(own, undefined, compactedObject) } // an unexpected shape
  }
}

type Reader = (value: Json, allowance: Allowance) => Json | undefined

/** Every key stays, as its schema asks: `lists` where it has one, objects as `reader` reads them. */
function compactKeys(own: Json, lists: Json | undefined, reader: Reader): Json {
  const allowance: Allowance = { tokens: lists === undefined ? resultTokens - 200 : 100, leftOut: [] }
  const keys = Object.entries(own).map(([key, value]) => {
    if (lists !== undefined && key in lists) return [key, lists[key]]
    if (typeof value === 'string') return [key, oneLine(value)]
    if (Array.isArray(value)) return [key, objectsOnly(value, allowance)]
    if (!isObject(value)) return [key, value]
    return [key, withLeftOut(reader(value, allowance) ?? {}, value['type'], allowance)]
  })
  return Object.fromEntries(keys)
}

function objectsOnly(list: readonly unknown[], allowance: Allowance): Json[] {
  const objects = list.map((item) => (isObject(item) ? item : { value: item }))
  const { items = [] } = compactedObject({ items: objects }, allowance) ?? {}
  const missing = allowance.leftOut.splice(0)
  return [...(items as Json[]), ...(missing.length === 0 ? [] : [{ left_out: named(missing) }])]
}

/** By the type of a list: the call that gives less of it. */
const ways: Record<string, string | undefined> = {
  list: 'list_tags with name_contains finds them',
  'admin.list': 'list_admins with name_contains finds them',
}

function withLeftOut(thing: Json, type: unknown, { leftOut }: Allowance): Json {
  if (leftOut.length === 0 || 'left_out' in thing) return thing
  const known = typeof type === 'string' && Object.hasOwn(ways, type) ? ways[type] : undefined
  const way = known ?? 'only the full output, which the operator sets, has them'
  return { ...thing, left_out: `for space: ${named(leftOut)}; ${way}` }
}

const messages = new Set(['note', 'user_message', 'admin_message'])

/** By the type that Intercom states. */
function thing(value: Json, allowance: Allowance): Json | undefined {
  if (value['type'] === 'conversation') return wholeConversation(value, allowance)
  if (value['type'] === 'contact') return wholeContact(value, allowance)
  if (value['type'] === 'admin.list') return teammates(value, allowance)
  if (messages.has(String(value['type']))) return wholeMessage(value, allowance)
  return compactedObject(value, allowance)
}

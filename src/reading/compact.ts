import type { Envelope } from '../core/action.ts'
import { type Allowance, isObject, type Json, named, resultTokens } from './allowance.ts'
import { compactedObject } from './anything.ts'
import { wholeContact } from './contact.ts'
import { wholeConversation } from './conversation.ts'
import { compactLists } from './lists.ts'
import { teammates, wholeMessage } from './message.ts'

/** A successful envelope in at most `resultTokens`. Unexpected shapes are compacted key by key. */
export function compactEnvelope(output: Envelope): Envelope {
  const { success, error, ...own } = output
  try {
    return { success, error, ...(compactLists(own) ?? compactThings(own, thing)) }
  } catch {
    return { success, error, ...compactThings(own, compactedObject) } // an unexpected shape
  }
}

type Reader = (value: Json, allowance: Allowance) => Json | undefined

/** Each key that holds an object is read by `reader`; every key stays, as its schema asks. */
function compactThings(own: Json, reader: Reader): Json {
  const allowance: Allowance = { tokens: resultTokens - 200, leftOut: [] }
  const keys = Object.entries(own).map(([key, value]) => {
    if (isObject(value)) return [key, withLeftOut(reader(value, allowance) ?? {}, allowance)]
    if (!Array.isArray(value)) return [key, value]
    const items = value.map(
      (item) => compactedObject(isObject(item) ? item : { value: item }, allowance) ?? {},
    )
    return [key, items]
  })
  return Object.fromEntries(keys)
}

function withLeftOut(thing: Json, { leftOut }: Allowance): Json {
  if (leftOut.length === 0 || 'left_out' in thing) return thing
  return { ...thing, left_out: `for space: ${named(leftOut)}; the full output has them` }
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

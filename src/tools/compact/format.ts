import type { Envelope, Sought } from '../../core/action.ts'
import type { NumberedPage, PagePart } from '../../core/page-part.ts'
import { compactArticle, listedArticle } from './article.ts'
import { withChanges } from './changes.ts'
import { compactContact } from './contact.ts'
import { compactConversation, confirmedConversation } from './conversation.ts'
import { oneLine, sanitizedText } from './customer-text.ts'
import { compactObject, isObject, type Json } from './json.ts'
import { compactPage, onlyFull } from './lists.ts'
import { compactMessage } from './message.ts'
import { type Names, withNames } from './names.ts'
import { compactText } from './render.ts'
import { atOnce, inTurns, type Steps } from './steps.ts'
import { compactTicket, confirmedTicket, shortTicketType } from './ticket.ts'
import { listNames, maxResultTokens, type TokenBudget } from './token-budget.ts'

export { type Names, withChanges, withNames }

/** What an envelope does not say about its call. */
export type About = {
  /** What a search that found nothing has searched. */
  searched?: string | undefined
  /** What there is to know besides an answer that is one object. */
  remarks?: readonly string[] | undefined
  /** What a search looks for: each row shows it. */
  sought?: Sought | undefined
  /** The rows that a list was asked for: where not all fit, it goes on behind those that are shown. */
  part?: PagePart | NumberedPage | undefined
  /** Whether the result is what a write has changed: its thread is left out. */
  confirms?: boolean | undefined
}

/** A result as a model sees it: `structured` fits the action's output schema, `text` says the same. */
export type FormattedOutput = { structured: Envelope; text: string }

/**
 * A result of at most `maxResultTokens` in each of the two: what is left out is named, and customers' words are marked
 * as data. Never throws for what an envelope holds. `mentions` takes out of a text what names an action that is not
 * offered.
 */
export function compactOutput(...given: Parameters<typeof compactSteps>): FormattedOutput {
  return atOnce(compactSteps(...given))
}

/** The same, letting other work go on in between: ten long mails take a second. */
export async function compactOutputInTurns(
  ...given: Parameters<typeof compactSteps>
): Promise<FormattedOutput> {
  return await inTurns(compactSteps(...given))
}

function* compactSteps(
  output: Envelope,
  { searched, part, sought, remarks = [], confirms = false }: About = {},
  mentions: (text: string) => string = (text) => text,
): Steps<FormattedOutput> {
  // Intercom's error messages may repeat what somebody wrote.
  const structured = output.success
    ? howMentioning(
        withRemarks(withSearched(yield* compactEnvelope(output, confirms, part, sought), searched), remarks),
        mentions,
      )
    : { ...output, error: sanitizedText(String(output.error)) }
  return { structured, text: compactText(structured) }
}

/** What is left out, without mention of actions that are not offered. */
function howMentioning(output: Envelope, mentions: (text: string) => string): Envelope {
  const entries = Object.entries(output).map(([key, value]) => {
    if (!isObject(value) || typeof value['left_out'] !== 'string') return [key, value]
    const { left_out, ...rest } = value
    const text = mentions(left_out)
    return [key, text === '' ? rest : { ...rest, left_out: text }]
  })
  return Object.fromEntries(entries)
}

/** In the result, where the schema has room for them. */
function withRemarks(output: Envelope, remarks: readonly string[]): Envelope {
  const { result } = output
  if (remarks.length === 0 || !isObject(result) || 'dry_run' in result) return output
  return { ...output, result: { ...result, remarks: remarks.map(sanitizedText) } }
}

/** In `pages`, where the schema of a list has room for it. */
function withSearched(output: Envelope, searched: string | undefined): Envelope {
  if (searched === undefined || !('pages' in output)) return output
  const pages = isObject(output['pages']) ? output['pages'] : {}
  return { ...output, pages: { ...pages, searched: sanitizedText(searched) } }
}

function* compactEnvelope(
  output: Envelope,
  confirms: boolean,
  part?: PagePart | NumberedPage,
  sought?: Sought,
): Steps<Envelope> {
  const { success: _, error: __, ...own } = output
  try {
    return {
      ...output,
      ...(yield* compactKeys(
        own,
        yield* compactPage(own, part, sought),
        confirms ? compactConfirmation : compactByType,
      )),
    }
  } catch {
    return { ...output, ...(yield* compactKeys(own, undefined, compactAnything)) } // an unexpected shape
  }
}

/** Every key stays, since its schema requires it: as `page` has it, else compacted. */
function* compactKeys(
  own: Json,
  page: Json | undefined,
  compact: (value: Json, budget: TokenBudget) => Steps<Json | undefined>,
): Steps<Json> {
  const budget: TokenBudget = { tokens: page === undefined ? maxResultTokens - 200 : 100, leftOut: [] }
  const compacted: Json = {}
  for (const [key, value] of Object.entries(own)) {
    yield
    if (page !== undefined && key in page) compacted[key] = page[key]
    else if (typeof value === 'string') compacted[key] = oneLine(value)
    else if (Array.isArray(value))
      compacted[key] = listOfObjects(value.map(shorter[key] ?? same), key, budget)
    else if (isObject(value)) {
      const object = yield* compact(value, budget)
      compacted[key] = withLeftOut(object ?? {}, value['type'], budget)
    } else compacted[key] = value
  }
  return compacted
}

/** Items of lists whose own form a model does not need. */
const shorter: Readonly<Record<string, ((item: unknown) => unknown) | undefined>> = {
  ticket_types: shortTicketType,
}
const same = (item: unknown) => item

/** Lists without pages whose action takes part of a name. */
const searchable = ['teams', 'segments', 'attributes', 'ticket_types']

/** As its schema requires: anything else becomes `{ value }`. */
function listOfObjects(list: readonly unknown[], key: string, budget: TokenBudget): Json[] {
  const objects = list.map((item) => (isObject(item) ? item : { value: item }))
  const { items = [] } = compactObject({ items: objects }, budget) ?? {}
  const missing = budget.leftOut.splice(0)
  if (missing.length === 0) return items as Json[]
  const how = searchable.includes(key) ? 'name_contains finds them' : onlyFull
  return [...(items as Json[]), { left_out: `${listNames(missing)}; ${how}` }]
}

/** How to get what a list leaves out, by its type. */
const hints: Record<string, string | undefined> = {
  list: 'list_tags with name_contains finds them',
  'admin.list': 'list_admins with name_contains finds them',
}

function withLeftOut(object: Json, type: unknown, { leftOut }: TokenBudget): Json {
  if (leftOut.length === 0 || 'left_out' in object) return object
  const hint = typeof type === 'string' && Object.hasOwn(hints, type) ? hints[type] : undefined
  return { ...object, left_out: `for space: ${listNames(leftOut)}; ${hint ?? onlyFull}` }
}

/** An object of a kind that is not known. */
function* compactAnything(value: Json, budget: TokenBudget): Steps<Json | undefined> {
  yield
  return compactObject(value, budget)
}

const messageTypes = new Set(['note', 'user_message', 'admin_message', 'ticket_part'])

function* compactByType(value: Json, budget: TokenBudget): Steps<Json | undefined> {
  if (Object.keys(value).join() === planKeys) return compactPlan(value) ?? compactObject(value, budget)
  if (value['type'] === 'conversation') return yield* compactConversation(value, budget)
  if (value['type'] === 'contact') return compactContact(value, budget)
  if (value['type'] === 'article') return compactArticle(value, budget)
  if (value['type'] === 'ticket') return yield* compactTicket(value, budget)
  if (value['type'] === 'admin.list') return compactAdmins(value, budget)
  if (messageTypes.has(String(value['type']))) return compactMessage(value, budget)
  return compactObject(value, budget)
}

/** What a write has changed. */
function* compactConfirmation(value: Json, budget: TokenBudget): Steps<Json | undefined> {
  if (value['type'] === 'conversation') return confirmedConversation(value, budget)
  if (value['type'] === 'article') return listedArticle(value, budget, false)
  if (value['type'] === 'ticket') return confirmedTicket(value, budget)
  return yield* compactByType(value, budget)
}

/** The request that a dry run has planned. */
const planKeys = 'dry_run,method,path,body'
const maxPlanText = 300
const maxPlan = 8000

/**
 * Shown with the values that it empties, which are left out elsewhere; only long texts are cut. `undefined` when it is
 * too long.
 */
function compactPlan(plan: Json): Json | undefined {
  const json = JSON.stringify(plan, (_, value) => (typeof value === 'string' ? planText(value) : value))
  return json.length > maxPlan ? undefined : (JSON.parse(json) as Json)
}

function planText(text: string): string {
  if (text.length <= maxPlanText) return sanitizedText(text)
  return `${sanitizedText(text.slice(0, maxPlanText))}… (${text.length} characters)`
}

/** Each teammate, with what is needed to choose one first. */
function compactAdmins(list: Json, budget: TokenBudget): Json | undefined {
  const admins = Array.isArray(list['admins']) ? list['admins'].map(orderedAdmin) : list['admins']
  return compactObject({ ...list, admins }, budget)
}

function orderedAdmin(admin: unknown): unknown {
  if (!isObject(admin)) return admin
  const { id, name, email, job_title, has_inbox_seat, ...rest } = admin
  const others = Object.entries(rest).filter(([, value]) => value !== false)
  return { id, name, email, job_title, has_inbox_seat, ...Object.fromEntries(others) }
}

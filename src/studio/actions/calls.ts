import { type Signal, signal } from '@preact/signals'
import { answerOf, messageOf } from '../shell/server.ts'
import { catalogue } from './catalogue.ts'
import type { Action } from './fields.ts'
import { type Explanation, isOpen } from './outcome.ts'
import type { Values } from './values.ts'

/** A call that is over. `explanation`: `null` where the server answered something else, which `problem` tells. */
export type Called = {
  input: Record<string, unknown>
  idempotencyKey: string | null
  status: number
  /** Until the answer was there, in the browser. */
  ms: number
  explanation: Explanation | null
  problem: string | null
}

/** What became of this write is open: the same input goes under the same key, if there is one. */
export type Open = { input: string; idempotencyKey: string | null }

/** All of an action's form, kept while the page is open; what is open, while the tab is. */
export type Form = {
  values: Signal<Values>
  running: Signal<'call' | 'dry run' | null>
  called: Signal<Called | null>
  open: Signal<Open | null>
}

const forms = new Map<string, Form>()

export function formOf(name: string): Form {
  const known = forms.get(name)
  if (known !== undefined) return known
  const form: Form = {
    values: signal({}),
    running: signal(null),
    called: signal(null),
    open: signal(keptOpen(name)),
  }
  forms.set(name, form)
  return form
}

/** The key under which an input goes next; `null` where it is the first of this input, or there are no keys. */
export function keyKeptFor(form: Form, input: object): Open | null {
  const { value } = form.open
  return value?.input === JSON.stringify(input) ? value : null
}

/** Calls an action, once at a time: what is pressed meanwhile sends nothing. */
export async function call(action: Action, input: Record<string, unknown>, dryRun: boolean): Promise<void> {
  const form = formOf(action.name)
  if (form.running.peek() !== null) return
  form.running.value = dryRun ? 'dry run' : 'call'
  const writes = action.effect !== 'read' && !dryRun
  const idempotencyKey = writes ? (keyKeptFor(form, input)?.idempotencyKey ?? newKey()) : null
  const base = { input, idempotencyKey }
  let isSent = false
  try {
    // Without it the same call would go under another key once the page is loaded anew.
    if (writes) keepOpen(action.name, { input: JSON.stringify(input), idempotencyKey })
    isSent = true
    const path = `/actions/${action.name}?explain=true${dryRun ? '&dry_run=true' : ''}`
    const headers: Record<string, string> =
      idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }
    const { status, body, ms } = await answerOf('POST', path, input, { headers })
    const explanation = isExplanation(body) ? body : null
    const problem = explanation === null ? sentenceOf(status, body) : null
    form.called.value = { ...base, status, ms, explanation, problem }
    // What the server itself has refused did not reach the action.
    const known = explanation === null ? status >= 400 && status < 500 : !isOpen(explanation)
    if (writes && known) keepOpen(action.name, null)
  } catch (error) {
    const more = !isSent ? ' Nothing was sent.' : writes ? ' Whether the call has reached it is unknown.' : ''
    form.called.value = {
      ...base,
      status: 0,
      ms: 0,
      explanation: null,
      problem: `${messageOf(error)}${more}`,
    }
  } finally {
    form.running.value = null
  }
}

/** Gives up the key of an open call: the next one is a call of its own. */
export function forgetOpen(name: string): void {
  keepOpen(name, null)
}

function keepOpen(name: string, open: Open | null): void {
  if (open === null) sessionStorage.removeItem(place(name))
  else store(place(name), JSON.stringify(open))
  formOf(name).open.value = open
}

function store(place: string, text: string): void {
  try {
    sessionStorage.setItem(place, text)
  } catch {
    throw new Error(
      'This tab’s storage is full, and a call is kept there until its outcome is known. Open the studio in a new tab and call again.',
    )
  }
}

function keptOpen(name: string): Open | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(name)) ?? 'null') as Open | null // written above
  } catch {
    return null
  }
}

function place(name: string): string {
  return `modulex-intercom-studio-open-${name}`
}

function newKey(): string | null {
  if (catalogue.value?.idempotencyKeys !== true) return null
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `studio-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function isExplanation(body: unknown): body is Explanation {
  return typeof body === 'object' && body !== null && 'envelope' in body && 'requests' in body
}

function sentenceOf(status: number, body: unknown): string {
  const { error } = (body ?? {}) as { error?: unknown }
  return typeof error === 'string' ? error : `The server answered ${status}.`
}

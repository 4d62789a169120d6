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

type Running = { what: 'call' | 'dry run'; input: string }

/** All of an action's form, kept while the page is open; what is open, while the tab is. */
export type Form = {
  values: Signal<Values>
  running: Signal<Running | null>
  called: Signal<Called | null>
  /** Of different inputs. */
  open: Signal<readonly Open[]>
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
  const text = JSON.stringify(input)
  return form.open.value.find((one) => one.input === text) ?? null
}

/** Calls an action, once at a time. `false` where another call is under way, so that nothing is sent of this one. */
export async function call(
  action: Action,
  input: Record<string, unknown>,
  dryRun: boolean,
): Promise<boolean> {
  const form = formOf(action.name)
  const asked: Running = { what: dryRun ? 'dry run' : 'call', input: JSON.stringify(input) }
  const now = form.running.peek()
  if (now !== null) return now.what === asked.what && now.input === asked.input
  form.running.value = asked
  const writes = action.effect !== 'read' && !dryRun
  const idempotencyKey = writes ? (keyKeptFor(form, input)?.idempotencyKey ?? newKey()) : null
  const base = { input, idempotencyKey }
  let isSent = false
  try {
    // Without it the same call would go under another key once the page is loaded anew.
    if (writes) keepOpen(action.name, asked.input, { input: asked.input, idempotencyKey })
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
    if (writes && known) keepOpen(action.name, asked.input, null)
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
  return true
}

/** Gives up the key of an open call: the next one is a call of its own. */
export function forgetOpen(name: string, { input }: Open): void {
  keepOpen(name, input, null)
}

/** What is open of an input; what is open of others stays. */
function keepOpen(name: string, input: string, open: Open | null): void {
  const { open: all } = formOf(name)
  const now = [...all.peek().filter((one) => one.input !== input), ...(open === null ? [] : [open])]
  if (now.length === 0) sessionStorage.removeItem(place(name))
  else store(place(name), JSON.stringify(now))
  all.value = now
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

function keptOpen(name: string): readonly Open[] {
  try {
    return JSON.parse(sessionStorage.getItem(place(name)) ?? '[]') as Open[] // written above
  } catch {
    return []
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

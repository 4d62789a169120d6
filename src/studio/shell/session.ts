import { effect, signal, untracked } from '@preact/signals'
import type { ViewName } from './router.tsx'
import { ask, messageOf, Refused, refusals, renewals, stored } from './server.ts'

/** Who is signed in, and what they may see. */
export type Session = {
  /** The caller, by the name of its key. */
  name: string | null
  /** Whether the server has a local Intercom behind it, and may be asked for all of it. */
  local: boolean
  /** The operator, who decides on approvals. */
  operator: string | null
  /** Whether they may see the notifications that the server receives. */
  notifications: boolean
  views: readonly ViewName[]
  workspace: string | null
  policy: Policy | null
}

/** What the caller's key allows. */
export type Policy = {
  sends?: string
  read_only?: boolean
  [rule: string]: unknown
}

/** `undefined` until it is known, `null` where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined)
/** Why nobody is signed in, in a sentence. */
export const reason = signal<string | null>(null)
/** Whether the session has ended under a page that is in use: it stays as it is until somebody signs in again. */
export const ended = signal(false)

/** Signs in with the code of the address, or goes on with the session there is. */
export async function begin(): Promise<void> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1]
  if (code !== undefined) history.replaceState(null, '', location.pathname + location.search)
  const refused = code === undefined ? null : await signIn({ code }).catch(messageOf)
  if (session.value) return
  // Somebody opens a link again that this browser has used.
  await look().catch((error: unknown) => {
    session.value = null
    const isSignedOut = error instanceof Refused && error.status === 401
    reason.value = isSignedOut ? (refused ?? null) : messageOf(error)
  })
}

/** Exchanges a key, or the code of a link, for a session, or adds it to the one there is. */
export async function signIn(given: { key: string } | { code: string }): Promise<undefined> {
  const { token } = await ask<{ token: string }>('POST', '/session', given)
  localStorage.setItem(stored, token)
  await look()
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/session').catch(() => {})
  localStorage.removeItem(stored)
  session.value = null
  reason.value = null
}

async function look(): Promise<void> {
  const found = await ask<Session>('GET', '/session')
  const before = session.peek()
  if (ended.peek() && before && rightsOf(before) !== rightsOf(found)) location.reload()
  if (ended.peek()) renewals.value += 1
  session.value = found
  ended.value = false
}

/** A server that was started again has its local Intercom at another port. */
function rightsOf(of: Session): string {
  return JSON.stringify({ ...of, workspace: null })
}

effect(() => {
  if (refusals.value > 0) untracked(checkSession)
})
// Another tab has signed in.
addEventListener('storage', ({ key }) => {
  if (key === stored && (ended.value || session.value === null)) look().catch(() => {})
})

let checking = false
function checkSession(): void {
  if (checking || !session.value || ended.value) return
  checking = true
  look()
    .catch((error: unknown) => {
      if (error instanceof Refused && error.status === 401) ended.value = true
    })
    .finally(() => {
      checking = false
    })
}

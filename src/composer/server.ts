/**
 * Where the page keeps its half of the session. The other half is a cookie that scripts cannot read, but that other ports
 * of the same host are sent too; this one stays with this origin.
 */
const stored = 'modulex-intercom-approvals'

/** An answer that is no success: its status, 0 without any, and a sentence for a person. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Speaks with the server of this page. Rejects with a `Refused`. */
export async function ask<Answer>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' }
  const token = localStorage.getItem(stored)
  if (token !== null) headers['x-approvals-token'] = token
  if (body !== undefined) headers['content-type'] = 'application/json'
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const request: RequestInit = { method, headers, ...sent, cache: 'no-store', redirect: 'error' }
  const response = await fetch(`/approvals${path}`, request).catch(() => {
    throw new Refused(0, 'The server cannot be reached.')
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Answer
  const { error, approval } = (answer ?? {}) as { error?: unknown; approval?: Answer }
  // Somebody else was faster, or it has lapsed: what is shown then tells which.
  if (approval !== undefined && (response.status === 409 || response.status === 410)) return approval
  throw new Refused(
    response.status,
    typeof error === 'string' ? error : `The server answered ${response.status}.`,
  )
}

/** Exchanges an operator's key, or the code of a link, for a session; answers the operator's name. */
export async function signIn(given: { key: string } | { code: string }): Promise<string> {
  const { operator, token } = await ask<{ operator: string; token: string }>('POST', '/session', given)
  localStorage.setItem(stored, token)
  return operator
}

/** The operator who is signed in. */
export async function signedIn(): Promise<string | null> {
  return (await ask<{ operator: string | null }>('GET', '/session')).operator
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/session').catch(() => {})
  localStorage.removeItem(stored)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'That did not work.'
}

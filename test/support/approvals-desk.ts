import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Approval, HeldCall } from '../../src/approvals/approval.ts'
import { openApprovals } from '../../src/approvals/store.ts'
import { emptyPreview } from '../../src/core/preview.ts'
import type { Operator } from '../../src/server/approvals/operator.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import { sessionsOf } from '../../src/server/approvals/sessions.ts'
import type { Caller } from '../../src/server/caller.ts'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { hashKey } from '../../src/server/keys.ts'
import { readyMount } from '../../src/server/readiness.ts'
import { caller, served } from './served.ts'

export const keys = {
  agent: 'key-of-the-support-agent-0001',
  other: 'key-of-the-billing-agent-0002',
  ada: 'key-of-ada-the-operator-00003',
  night: 'key-of-the-night-shift-000004',
}

export const operators: readonly Operator[] = [
  { name: 'ada', keyHash: hashKey(keys.ada), callers: null },
  { name: 'night', keyHash: hashKey(keys.night), callers: ['agent'] },
]

/** A file of approvals that ends with the test. */
export function approvalsFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-approvals-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'approvals.db')
}

export function heldCall(own: Partial<HeldCall> = {}): HeldCall {
  const input = {
    conversation_id: '7',
    reply_type: 'admin',
    message_type: 'comment',
    admin_id: '1',
    body: 'Hello',
  }
  return {
    caller: 'agent',
    workspace: '0123456789abcdef',
    action: 'reply_to_conversation',
    input,
    preview: { ...emptyPreview, text: 'Hello', textParameter: 'body' },
    asked_by: null,
    ...own,
  }
}

/** A server with two callers, two operators and a clock of its own; nobody makes calls. */
export async function desk(
  t: TestContext,
  own: { operators?: readonly Operator[]; callers?: Caller[]; publicUrl?: string } = {},
) {
  const { operators: people = operators, publicUrl } = own
  let now = Date.now()
  const store = openApprovals(approvalsFile(t), { now: () => now })
  const sessions = sessionsOf(keyOrToken({ operators: people }), () => now)
  const approvals = servedApprovals({ store, operators: people, sessions, publicUrl })
  const callers = own.callers ?? [
    caller(keys.agent, { name: 'agent' }),
    caller(keys.other, { name: 'other' }),
  ]
  const serving = await served(t, () => new Response(), {
    callers,
    mounts: [approvals.mount, readyMount(approvals.ready)],
    hosts: publicUrl === undefined ? [] : [new URL(publicUrl).hostname],
  })
  t.after(() => approvals.close())
  return {
    ...serving,
    store,
    approvals,
    pass(ms: number) {
      now += ms
    },
    hold: (own: Partial<HeldCall> = {}): Promise<Approval> => store.hold(heldCall(own)),
  }
}

/** What came back: the parts that tests look at. */
export type Seen = {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers of a plain HTTP API do
  body: any
}

/** One request; the body is sent as JSON. */
export async function ask(
  url: string,
  start: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Seen> {
  const [method = 'GET', path = ''] = start.split(' ')
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

export function bearer(key: string): Record<string, string> {
  return { Authorization: `Bearer ${key}` }
}

/** Signs in as a browser does; answers the headers that its page sends from then on. */
export async function signedIn(url: string, key: string): Promise<Record<string, string>> {
  const { headers, body } = await ask(url, 'POST /approvals/session', { Origin: url }, { key })
  const cookie = headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  return { Cookie: cookie, 'X-Approvals-Token': body.token, Origin: url }
}

import type { OpenCall } from '../client/client.ts'
import type { Request, Send } from '../client/request.ts'
import { Claims, toleranceSeconds, type Verdict } from './claims.ts'
import type { Attempt } from './idempotency.ts'
import type { EarlierAttempt } from './journal.ts'
import { portTo } from './port.ts'
import { wordsOf } from './same-text.ts'
import type { Tell } from './story.ts'
import type { Item, Verify } from './verify.ts'

/**
 * What to do when a create or send may have taken effect: `report` it as unknown at once; `verify` by reading back;
 * `verify-then-resend` once more where nothing was seen, which makes it at-least-once.
 */
export type OnUnknown = 'report' | 'verify' | 'verify-then-resend'

export type Policy = {
  onUnknown: OnUnknown
  /** Pauses in ms, a read-back after each. */
  settleMs: readonly number[]
}

/** One non-idempotent request, and how to find out whether it took effect. */
export type SendContext = {
  request: Request
  send: Send
  call: OpenCall
  policy: Policy
  claims: Claims
  verify: Verify<unknown>
  input: unknown
  tell?: Tell | undefined
  /** What an earlier attempt may have sent is looked for, and nothing is sent. */
  onlyLook?: boolean | undefined
}

/** What reading back has shown, and evidence for people where there is no proof either way. */
export type Look = { verdict: Verdict; evidence: string }

/**
 * By how much a machine's clock may have been set, at most, since an earlier attempt recorded when it sent; in seconds.
 */
const clockDoubtSeconds = 26 * 3600

/** How long Intercom's answer to who has made an item may be on its way, ms. */
const answerMs = 2_000

/** A look that was not possible. */
export const noSighting: Look = { verdict: { seen: null, clear: false }, evidence: '' }

/** Reads back what was sent at `at`, or by an `earlier` attempt. A look that fails shows nothing. */
export async function look(
  context: SendContext,
  attempt: Attempt | undefined,
  at: number,
  earlier?: EarlierAttempt,
): Promise<Look> {
  try {
    const seen = await sighted(context, attempt, at, earlier)
    const { seen: item } = seen.verdict
    context.tell?.(item === null ? { step: 'not_found' } : { step: 'found', item_id: item.id })
    return seen
  } catch {
    context.tell?.({ step: 'look_failed' })
    return noSighting
  }
}

async function sighted(
  context: SendContext,
  attempt: Attempt | undefined,
  at: number,
  earlier: EarlierAttempt | undefined,
): Promise<Look> {
  const { call, verify, input, claims, request } = context
  const key = verify.key(input)
  const port = portTo(call.send)
  const { items, evidence = '' } = await verify.look(port, input, sinceOf(call, at))
  const words = await wordsOfRequest(request)
  const others = new Set<string>()
  for (;;) {
    // What this client misses, or has seen in another answer, may be of this very request: for an earlier attempt the
    // journal's claims count alone.
    const basis = earlier ? new Claims() : claims
    const rest = items.filter(({ id }) => !others.has(id))
    const verdict = basis.judge(key, rest, words, sinceOf(call, at), earlier ? clockDoubtSeconds : 0)
    if (verdict.seen === null) {
      const known = verdict.clear ? [] : await idsOfOthers(attempt, key, rest)
      if (known.length === 0) return { verdict, evidence }
      for (const id of known) others.add(id)
      continue
    }
    const { id } = verdict.seen
    if (earlier && (await belongsToOther(context, attempt, verdict.seen))) {
      others.add(id)
      continue
    }
    if ((await attempt?.claim(`${key} ${id}`)) !== false) {
      if (basis === claims) claims.take(key, verdict, words)
      else claims.addKnown(key, [id])
      call.trace.verified_by = 'read_back'
      return { verdict, evidence }
    }
    others.add(id) // another operation's, by the journal
    claims.addKnown(key, [id])
  }
}

/**
 * Whether an item with the words of an earlier attempt is another operation's: Intercom's answer to that one may have
 * been on its way at the look, and is waited for.
 */
async function belongsToOther(
  { call, verify, input }: SendContext,
  attempt: Attempt | undefined,
  item: Item,
): Promise<boolean> {
  const settledAt = (item.created_at + 1) * 1000 + answerMs // to the second
  const waitMs = Math.min(settledAt - call.intercomTime(performance.now()), answerMs + 1000)
  if (waitMs > 0) await call.wait(waitMs, 'settle')
  return (await idsOfOthers(attempt, verify.key(input), [item])).length > 0
}

/** The ids of the items that the journal has given to other operations: they say nothing about this one. */
async function idsOfOthers(
  attempt: Attempt | undefined,
  key: string,
  items: readonly Item[],
): Promise<string[]> {
  if (attempt === undefined || items.length === 0) return []
  const taken = await attempt.claimedByOthers(items.map(({ id }) => `${key} ${id}`))
  return taken.map((item) => item.slice(key.length + 1))
}

/** Remembers a request transmitted at `at`, whose item may still appear. */
export async function rememberMissing(context: SendContext, at: number): Promise<void> {
  const { claims, verify, input, request, call } = context
  claims.addMissing(verify.key(input), await wordsOfRequest(request), sinceOf(call, at))
}

/** The second from which on an item can be this attempt's, on Intercom's clock. */
function sinceOf(call: OpenCall, at: number): number {
  return Math.floor(call.intercomTime(at) / 1000) - toleranceSeconds
}

/**
 * What distinguishes a request from others of its key: who writes, how, and the text. A lead has no text, and passes
 * for any.
 */
async function wordsOfRequest({ body }: Request): Promise<string[]> {
  const { body: text, attachment_urls, ...rest } = body ?? {}
  const who = JSON.stringify(rest)
  return typeof text === 'string' ? (await wordsOf(text)).map((words) => `${who} ${words}`) : ['']
}

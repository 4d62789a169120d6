import type { Approval } from '../../../approvals/approval.ts'
import type { Approver } from '../../../approvals/holding.ts'
import type { Result } from '../../../core/action.ts'
import type { Journal, JournalEntry } from '../../../core/journal.ts'
import { failureOf, IntercomError } from '../../../errors.ts'
import type { LoggedCall, SendLog } from './log.ts'
import {
  inputNeeded,
  type LookAnswer,
  type LookInput,
  type LookRefusal,
  type Lookup,
  lookAnswer,
  refusalOf,
  unlookable,
} from './look.ts'
import { filledPage, type Source } from './page.ts'
import { idOfKey, keyOfId, ofApproval, ofCall, ofEntry, type Send } from './send.ts'

/** The writes of one caller: what its journal has, what is held for people, and what only this process knows of. */
export type Sends = {
  caller: string
  sources: readonly Source[]
  /** `null` for what is not this caller's. */
  one(id: string): Promise<Send | null>
  /** Looks for one in Intercom and records what it found; nothing is sent. `input`: as whoever asks wrote it. */
  look(id: string, input: LookInput | null): Promise<LookAnswer | LookRefusal | null>
  /** Gives the ids of what has changed; `null`: more than it can tell. */
  listen(changed: (id: string | null) => void): () => void
}

export type SendsOptions = {
  caller: string
  log: SendLog
  /** Without a scope the journal keeps no keys of this caller. */
  scope: string | undefined
  journal: Pick<Journal, 'entries'> | null | undefined
  approver: Approver | null
  lookup: Lookup
}

const approvalKey = 'approval:'

export function sendsOf(options: SendsOptions, isOperator = false): Sends {
  const { caller, log, scope, approver } = options
  const entries = options.journal?.entries
  const ownKey = (key: string | null) =>
    scope !== undefined && key?.startsWith(`${scope}:`) ? key.slice(scope.length + 1) : null

  async function entryOf(key: string): Promise<JournalEntry | null> {
    return (await entries?.get(key)) ?? null
  }

  async function approvalSend(approval: Approval): Promise<Send> {
    const key = `${approvalKey}${approval.id}`
    const isMade = approval.state === 'approved' || approval.state === 'done'
    const entry = isMade ? await entryOf(key) : null
    return ofApproval(approval, entry, log.byKey(key), isOperator)
  }

  /** `null` where the journal or an approval shows it. */
  async function callSend(call: LoggedCall): Promise<Send | null> {
    if (call.key?.startsWith(approvalKey)) return null
    if (call.owns && call.key !== null && (await entryOf(call.key)) !== null) return null
    return ofCall(caller, call, ownKey(call.key))
  }

  const journalSource: Source = {
    name: 'journal',
    async read(before, limit, { state, action }) {
      if (entries === undefined || scope === undefined || state === 'held') return { found: [], next: false }
      const open = state === 'running' || state === 'unknown'
      const success =
        state === 'refused' ? false : state === 'sent' || state === 'verified' ? true : undefined
      return await filledPage(before, limit, async (from, count) => {
        const place = from === undefined ? undefined : Number(from)
        const page = await entries.list(scope, { limit: count, before: place, open, success, action })
        const found = page.entries.flatMap((entry) => {
          const send = ofEntry(caller, entry.key.slice(scope.length + 1), entry, log.byKey(entry.key))
          return state === undefined || send.state === state ? [{ send, place: entry.seq }] : []
        })
        return { found, next: page.next ?? false }
      })
    },
  }

  const memorySource: Source = {
    name: 'memory',
    async read(before, limit, { state, action }) {
      const found: { send: Send; place: number }[] = []
      for (const call of log.calls()) {
        if (before !== undefined && call.seq >= Number(before)) continue
        if (action !== undefined && call.action !== action) continue
        if (found.length === limit) return { found, next: found.at(-1)?.place ?? false }
        const send = await callSend(call)
        if (send !== null && (state === undefined || send.state === state))
          found.push({ send, place: call.seq })
      }
      return { found, next: false }
    },
  }

  const approvalSource: Source = {
    name: 'approvals',
    async read(before, limit, { state, action }) {
      if (approver === null) return { found: [], next: false }
      const kept = state === undefined ? undefined : approvalStates[state]
      return await filledPage(before, limit, async (from, count) => {
        const page = await approver.list({ limit: count, before: from?.toString(), state: kept })
        const found: { send: Send; place: string }[] = []
        for (const approval of page) {
          if (action !== undefined && approval.action !== action) continue
          const send = await approvalSend(approval)
          if (state === undefined || send.state === state) found.push({ send, place: approval.id })
        }
        return { found, next: page.length < count ? false : (page.at(-1)?.id ?? false) }
      })
    },
  }

  async function one(id: string): Promise<Send | null> {
    if (id.startsWith('apr_')) {
      const approval = (await approver?.own(id)) ?? null
      return approval === null ? null : await approvalSend(approval)
    }
    const key = keyOfId(id)
    if (key === null) {
      const call = log.get(id)
      return call === undefined ? null : await callSend(call)
    }
    const own = ownKey(key)
    if (own === null) return null
    const live = log.byKey(key)
    const entry = await entryOf(key)
    if (entry !== null) return ofEntry(caller, own, entry, live)
    return live === undefined ? null : ofCall(caller, live, own)
  }

  /** The key in the journal and the input of a send, as far as they are known here. */
  async function whatToLookFor(id: string): Promise<{ key: string; input: LookInput | null }> {
    const approval = id.startsWith('apr_') ? ((await approver?.own(id)) ?? null) : null
    if (approval !== null)
      return {
        key: `${approvalKey}${id}`,
        input: { value: approval.edited ?? approval.input, isGiven: false },
      }
    const key = keyOfId(id) ?? ''
    const kept = log.byKey(key)?.input
    return { key, input: kept === undefined ? null : { value: kept, isGiven: false } }
  }

  async function look(id: string, given: LookInput | null): Promise<LookAnswer | LookRefusal | null> {
    const send = await one(id)
    if (send === null) return null
    const { key, input } = await whatToLookFor(id)
    const known = given ?? input
    const refused = unlookable(send) ?? (known === null ? inputNeeded : null)
    if (refused !== null || known === null) return refused
    const result = await lookedFor(send.action, key, known)
    if (send.approval_id !== null && result.failure === null) await approver?.store.finish(id, result)
    return refusalOf(result) ?? lookAnswer(result, (await one(id)) ?? send)
  }

  async function lookedFor(action: string, key: string, input: LookInput): Promise<Result> {
    try {
      const { output, failure } = await options.lookup(action, key, input)
      return { output, failure }
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      const { message, hint } = error
      const says = `${action}: ${message}.${hint === null ? '' : ` ${hint}`}`
      return { output: { success: false, error: says }, failure: failureOf(error) }
    }
  }

  return {
    caller,
    look,
    sources: [journalSource, memorySource, approvalSource],
    one,
    listen(changed) {
      const ofApprovals = (id: string) => {
        // All callers share the file of approvals: others' must not even be known to exist.
        approver?.own(id).then(
          (own) => own !== null && changed(id),
          () => changed(null),
        )
      }
      const ofKey = (key: string) => {
        if (key.startsWith(approvalKey)) ofApprovals(key.slice(approvalKey.length))
        else if (ownKey(key) !== null) changed(idOfKey(key))
      }
      const ends = [
        log.listen(({ id, key, owns }) => (key !== null && owns ? ofKey(key) : changed(id))),
        entries?.listen((key) => (key === null ? changed(null) : ofKey(key))),
        approver?.store.listen((change) => (change === null ? changed(null) : ofApprovals(change.id))),
      ]
      return () => {
        for (const end of ends) end?.()
      }
    },
  }
}

const approvalStates = {
  held: 'waiting',
  running: 'approved',
  sent: 'done',
  verified: 'done',
  unknown: 'done',
  refused: undefined, // declined, lapsed, or carried out and refused
} as const

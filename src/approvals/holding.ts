import { actionNamed } from '../actions/toolsets.ts'
import type { Trace } from '../client/call.ts'
import type { Result } from '../core/action.ts'
import { inputHash } from '../core/journal.ts'
import type { Preview } from '../core/preview.ts'
import { parsedInput } from '../core/run.ts'
import { invalidInput, shortened } from '../errors.ts'
import type { Approval, ApprovalStore, Decision, Listing, Road } from './approval.ts'
import { declinedError, heldError, lapsedError, underWay } from './errors.ts'
import { madeBefore, vouching } from './made-before.ts'
import { type Performed, type PerformingClient, perform } from './perform.ts'

/** A call that needs a person. `input`: exactly what would be sent. */
export type AskedCall = {
  action: string
  input: unknown
  idempotencyKey?: string | undefined
  /** The client's name, as it gives it. */
  askedBy?: string | null | undefined
  /** As in `HeldCall`. */
  asksAnew?: boolean | undefined
}

/** Looks up what a person has to see of a call; an answer where the call could not succeed, so that nobody is asked. */
export type LookUp = () => Promise<{ preview: Preview | null } | { answer: Result }>

/**
 * The approval of a call; `earlier`: one that lapsed. `answer`: nobody is asked, since the call could not succeed, or its
 * outcome is recorded under the caller's own key.
 */
export type Held = { approval: Approval; earlier: Approval | null } | { answer: Result & { trace?: Trace } }

/** What a decided call came to, and what to tell the caller of the decision. */
export type Answered = Result & { trace?: Trace; approval: Approval; note: string }

/** Holds the calls of one caller for people to decide on. */
export interface Approver {
  readonly store: ApprovalStore
  /** The live approval of this very call, else a new one. */
  hold(call: AskedCall, look: LookUp): Promise<Held>
  /**
   * What an approval has come to; an approved call is made now if it has not been. Throws an `IntercomError`: `held` while
   * it waits, `not_confirmed` when it was declined.
   */
  answer(approval: Approval, earlier?: Approval | null): Promise<Answered>
  /** The approval with this id, if it is of this very call. */
  same(id: string, call: AskedCall): Promise<Approval | null>
  /** One of this caller's own, for this workspace. */
  own(id: string): Promise<Approval | null>
  /** Of this caller's own, for this workspace, the newest first. */
  list(listing: Pick<Listing, 'state' | 'limit' | 'before'>): Promise<Approval[]>
  decide(id: string, decision: Decision, by: string, road: Road): Promise<Approval>
  /** The page on which a person decides. */
  link(id: string): string | null
}

/** Where an adapter holds what needs a person. Made by `holding`. */
export type Approvals = { approver(client: Partial<PerformingClient>): Approver }

/** Whose calls are held, and where they are decided on. */
export type HoldingOptions = {
  /** The name of the API key, or of the command. */
  caller: string
  /** Who that is, where the name alone does not tell. */
  identity?: string | undefined
  /** The page of an approval. Without it people decide by the command line. */
  link?: ((id: string) => string) | undefined
  /** @default 24 hours */
  expiresMs?: number | undefined
  /**
   * The caller ends before anybody decides, so that whoever decides may make the call, through another journal.
   * @default false: it is made through the caller's journal only
   */
  transient?: boolean | undefined
  /** Whether an approved call may still be made, where that can change. */
  allows?: PerformingClient['allows']
}

/**
 * Holds the calls of a caller that need a person, in place of refusing them.
 *
 * @example
 * const approvals = holding(openApprovals('approvals.db'), { caller: 'crm-agent' })
 * const handler = httpHandler(intercom, { sends: 'confirm', approvals })
 */
export function holding(store: ApprovalStore, options: HoldingOptions): Approvals {
  return { approver: (client) => approverOf(store, client, options) }
}

function approverOf(
  store: ApprovalStore,
  client: Partial<PerformingClient>,
  { caller, identity, link, expiresMs, transient = false, allows }: HoldingOptions,
): Approver {
  const performing = { ...performingOf(client), ...(allows && { allows }) }
  const { workspace } = performing
  const journal = vouching(performing)
  const urlOf = (id: string) => link?.(id) ?? null

  return {
    store,
    link: urlOf,
    async hold({ askedBy, ...asked }, look) {
      const { idempotencyKey } = asked
      const call = {
        ...{ caller, identity, workspace, ...asked, input: whole(asked), expiresMs },
        journal: transient ? undefined : journal?.id,
        asked_by: askedBy ?? null,
        preview: null,
      }
      const found = await store.find(call)
      const earlier = found?.late ? (await performed(found.approval)).approval : (found?.approval ?? null)
      if (earlier !== null && found?.live && earlier.state !== 'lapsed')
        return { approval: earlier, earlier: null }
      const known = idempotencyKey && journal ? await madeBefore(journal, idempotencyKey, asked) : null
      if (known !== null) return { answer: known }
      const seen = await look()
      if ('answer' in seen) return seen
      const approval = await store.hold({ ...call, preview: seen.preview })
      return { approval, earlier: earlier?.state === 'lapsed' ? earlier : null }
    },
    async answer(approval, earlier = null) {
      const { approval: now, result } = await performed(approval)
      const url = urlOf(now.id)
      if (now.state === 'waiting') throw heldError(now, url, earlier)
      if (now.state === 'declined') throw declinedError(now, url)
      const came = result ?? now.outcome
      if (now.state === 'done') await store.tell(now.id).catch(() => {}) // it is told once more then
      const isOther = now.state === 'approved' && came?.failure?.outcome === 'unknown' // another one is making it
      if (came === null || isOther) throw now.state === 'lapsed' ? lapsedError(now, url) : underWay(now, url)
      return withNote(came, now)
    },
    own,
    list: (listing) => store.list({ ...listing, caller, workspace }),
    async same(id, call) {
      const { action } = call
      const approval = await own(id)
      if (approval?.action !== action) return null
      const [asked, kept] = await Promise.all([
        inputHash(action, whole(call)),
        inputHash(action, approval.input),
      ])
      return asked === kept ? approval : null
    },
    decide: (id, decision, by, road) => store.decide(id, decision, by, road),
  }

  async function own(id: string): Promise<Approval | null> {
    const approval = await store.get(id)
    return approval?.caller === caller && approval.workspace === workspace ? approval : null
  }

  /** An approved call is made; one that was not made in time ends. */
  async function performed(approval: Approval): Promise<Performed> {
    if (approval.state !== 'approved') return { approval, result: null }
    return await perform(store, performing, approval.id).catch(() => {
      throw underWay(approval, urlOf(approval.id)) // no word of whether it was sent
    })
  }
}

/** The input with its defaults, where it says the same when it is read again. Throws on what could not be sent. */
function whole({ action, input }: AskedCall): unknown {
  const known = actionNamed(action)
  if (known === undefined) return input
  const parsed = parsedInput(known, input)
  const again = known.input.safeParse(parsed)
  return again.success && JSON.stringify(again.data) === JSON.stringify(parsed) ? parsed : input
}

function performingOf(client: Partial<PerformingClient>): PerformingClient {
  const { call, workspace, journal } = client
  if (call === undefined || workspace === undefined || vouching({ journal: journal ?? null }) === null)
    throw invalidInput(
      'approvals: the client needs a journal; give createIntercom the option journal, a file',
    )
  return client as PerformingClient // what it needs is there
}

/** Edited text that a note quotes. */
const quotedCharacters = 2000

/** The decision, for whoever called: what was sent may not be what they asked for. */
export function noteOf({ id, decided_at, input, edited }: Approval): string {
  const at = new Date(Number(decided_at)).toISOString().replace(/\.\d+/, '')
  const changed = Object.entries((edited ?? {}) as object).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify((input as Record<string, unknown>)[name]),
  )
  if (changed.length === 0) return `A person approved this call at ${at} (${id}); it is made once.`
  const what = changed.map(([name, value]) => {
    const quoted = JSON.stringify(shortened(String(value), quotedCharacters))
    return `${name} is now ${quoted}`
  })
  return `A person edited this call and approved it at ${at} (${id}); it is made once: ${what.join(', ')}.`
}

function withNote(came: Result & { trace?: Trace }, approval: Approval): Answered {
  const note = noteOf(approval)
  const { output, failure, trace } = came
  const told = output.success ? output : { ...output, error: `${output.error} ${note}` }
  return { output: told, failure, ...(trace === undefined ? {} : { trace }), approval, note }
}

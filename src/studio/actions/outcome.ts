import type { Action } from './fields.ts'

/** A request as it was sent, or, `planned`, as a dry run would send it. */
export type SentRequest = {
  attempt: number
  method: string
  path: string
  body: unknown
  body_left_out?: number
  planned: boolean
  transmitted: boolean
  status: number | null
  ms: number
}

/** What `?explain=true` answers (docs/rest.md). */
export type Explanation = {
  outcome: 'success' | 'not_sent' | 'rejected' | 'unknown'
  envelope: Record<string, unknown>
  compact: string
  tokens: { envelope: number; compact: number }
  dry_run: boolean
  replayed: boolean
  approval: { id: string; decision: string | null } | null
  failure: { code: string; field: string | null; approval?: { id: string } } | null
  trace: {
    attempts: number
    waits: { ms: number; reason: string }[]
    rate_limit: { limit: number; remaining: number; reset: number } | null
    request_id: string | null
    verified_by: string | null
  } | null
  requests: SentRequest[]
  requests_left_out: number
}

export type Told = { tone: 'ok' | 'warn' | 'bad'; says: string }

/** A call that waits for a person, or for what they have approved to be made. */
export function isHeld({ failure }: Explanation): boolean {
  return failure?.code === 'held' || failure?.code === 'approval_under_way'
}

/** Whether it is open what became of a call, so that only the same key may be used for it. */
export function isOpen(explanation: Explanation): boolean {
  const running = explanation.failure?.code === 'idempotency_key_in_use'
  return explanation.outcome === 'unknown' || running || isHeld(explanation)
}

/** What became of a call, in a sentence or two. */
export function outcomeOf(explanation: Explanation, { effect }: Pick<Action, 'effect'>): Told {
  const { outcome, dry_run, replayed, approval, trace, requests } = explanation
  if (explanation.failure?.code === 'approval_under_way')
    return {
      tone: 'warn',
      says: 'Approved by a person. Its outcome is not recorded yet: run it again to learn it; it is never sent twice.',
    }
  if (isHeld(explanation))
    return { tone: 'warn', says: 'Held: a person has to approve it. Nothing was sent.' }
  if (outcome === 'not_sent') return { tone: 'bad', says: 'Nothing was sent.' }
  if (outcome === 'rejected')
    return {
      tone: 'bad',
      says: effect === 'read' ? 'The read failed; nothing was changed.' : 'Refused: it had no effect.',
    }
  if (outcome === 'unknown')
    return {
      tone: 'bad',
      says: 'Unknown: it may have taken effect. Do not send it again before you have looked.',
    }
  if (dry_run) {
    const planned = requests.some((one) => one.planned)
    return {
      tone: 'ok',
      says: planned
        ? 'Dry run: nothing was written. This would be sent.'
        : 'Dry run: nothing would be written.',
    }
  }
  if (replayed)
    return {
      tone: 'ok',
      says: 'Already sent once under this key: this is its outcome. Nothing was sent now.',
    }
  if (trace?.verified_by === 'read_back')
    return { tone: 'ok', says: 'Its answer was lost, but it was found in Intercom: sent once.' }
  if (approval !== null)
    return {
      tone: 'ok',
      says: approval.decision === 'edit' ? 'Approved with another text, and sent.' : 'Approved, and sent.',
    }
  if (effect === 'read') return { tone: 'ok', says: 'Read.' }
  const wrote = requests.some(({ method }) => method !== 'GET')
  return { tone: 'ok', says: wrote ? 'Done.' : 'Done: there was nothing to change.' }
}

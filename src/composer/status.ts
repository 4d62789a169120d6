import type { Approval } from './approval.ts'
import { element } from './element.ts'
import { inline, moment, words } from './words.ts'

const roads: Readonly<Record<string, string>> = {
  elicitation: 'in the client',
  page: 'on the approval page',
  cli: 'on the command line',
  api: 'through the API',
  app: 'in the chat',
}

/** The state in one line. */
export function headline({ state, outcome, preview }: Approval): string {
  if (state === 'waiting') return 'Waiting for a decision'
  if (state === 'declined') return 'Declined: nothing was sent'
  if (state === 'lapsed') return 'Lapsed: nothing was sent'
  if (state === 'approved') return 'Approved, not carried out yet'
  if (outcome == null) return 'Approved and carried out'
  if (outcome.output.success) return preview?.text == null ? 'Approved and done' : 'Approved and sent'
  return outcome.failure?.outcome === 'unknown'
    ? 'Approved: it is unknown whether it took effect'
    : 'Approved, but it failed: nothing was changed'
}

/** What colours the state: `bad` for what somebody should look at. */
export function toneOf({ state, outcome }: Approval): 'open' | 'good' | 'bad' | 'over' {
  if (state === 'waiting' || state === 'approved') return 'open'
  if (state === 'done') return outcome?.output.success === false ? 'bad' : 'good'
  return 'over'
}

/** Who asked and since when, until when a decision counts, and who decided. */
export function history(approval: Approval): HTMLElement {
  const { state, caller, asked_by, created_at, expires_at, decided_at, decided_by, road } = approval
  const lines: (Node | string)[][] = []
  if (caller !== undefined) {
    const line: (Node | string)[] = ['Asked by ', element('strong', {}, inline(caller))]
    // A client names itself as it likes.
    if (asked_by != null) line.push(' (calls itself “', inline(asked_by), '”)')
    if (created_at !== undefined) line.push(' ', moment(created_at))
    lines.push(line)
  }
  if (state === 'waiting' && expires_at !== undefined) lines.push(['Lapses ', moment(expires_at)])
  if (decided_at != null && state !== 'waiting') {
    const line: (Node | string)[] = [state === 'declined' ? 'Declined' : 'Approved']
    if (decided_by != null) line.push(' by ', element('strong', {}, inline(decided_by)))
    line.push(road != null && roads[road] !== undefined ? ` ${roads[road]} ` : ' ', moment(decided_at))
    lines.push(line)
  }
  return element(
    'div',
    { class: 'history' },
    lines.map((line) => element('p', {}, line)),
  )
}

/** What came of it, in words: the reason of a decline, the error of a call. */
export function outcome({ reason, outcome: came }: Approval): HTMLElement | null {
  if (reason != null && reason !== '')
    return element('section', { class: 'came' }, element('h2', {}, 'Why'), words(reason))
  if (came == null || came.output.success || came.output.error === null) return null
  return element('section', { class: 'came' }, element('h2', {}, 'What happened'), words(came.output.error))
}

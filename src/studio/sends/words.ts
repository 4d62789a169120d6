import type { Tone } from '../shell/parts/small.tsx'

export const states = ['running', 'sent', 'verified', 'unknown', 'refused', 'held'] as const
export type State = (typeof states)[number]

/** A write, as `GET /sends` lists it (docs/rest.md). */
export type SendRow = {
  id: string
  caller: string
  action: string
  title: string
  state: State
  persisted: boolean
  idempotency_key: string | null
  approval_id: string | null
  begun_at: number | null
  changed_at: number
  error: string | null
  code: string | null
  conversation_id: string | null
}

export type Step = {
  at: number | null
  step: string
  code?: string
  status?: number | null
  request_id?: string | null
  attempts?: number
  waits?: { ms: number; reason: string }[]
  by?: string | null
  reason?: string | null
  item_id?: string
}

export type Send = SendRow & {
  steps: Step[]
  answer: { output: Record<string, unknown>; failure: object | null } | null
  next: string | null
}

/** What looking for a send has come to. */
export type Look = {
  look: 'found' | 'not_there' | 'unknown'
  item_id: string | null
  says: string
  send: Send
}

export const stateWords: Readonly<Record<State, { says: string; tone: Tone; means: string }>> = {
  running: { says: 'Running', tone: 'quiet', means: 'It is under way.' },
  sent: { says: 'Sent once', tone: 'ok', means: 'Intercom has confirmed it.' },
  verified: {
    says: 'Verified',
    tone: 'ok',
    means: 'Its answer was lost, and it was found in Intercom: it was sent once.',
  },
  unknown: { says: 'Unknown', tone: 'bad', means: 'It may have taken effect, or not.' },
  refused: { says: 'Not sent', tone: 'quiet', means: 'It had no effect.' },
  held: { says: 'Waiting', tone: 'warn', means: 'Nothing is sent before a person has decided.' },
}

const names: Readonly<Record<string, string>> = {
  held: 'Held for a person',
  approved: 'Approved',
  edited: 'Changed and approved',
  declined: 'Declined',
  lapsed: 'Lapsed: it was not sent',
  recorded: 'Recorded in the journal',
  answered: 'Intercom confirmed it',
  rejected: 'Intercom refused it',
  answer_lost: 'The answer was lost: it may have taken effect',
  found: 'Looked for in Intercom: it is there',
  not_found: 'Looked for in Intercom: it was not seen',
  absent: 'That is proof: nothing of it took effect',
  look_failed: 'Looked for in Intercom: that did not work',
  interrupted: 'Its process ended before the outcome was known',
  replayed: 'The recorded outcome was answered',
  ended: 'Ended',
}

/** A step in words; the second time that something was transmitted is another thing than the first. */
export function stepWords(steps: readonly Step[], index: number): string {
  const { step } = steps[index] ?? { step: '' }
  if (step !== 'transmitted') return names[step] ?? step
  const before = steps.slice(0, index)
  if (!before.some((one) => one.step === 'transmitted')) return 'Transmitted'
  return ['not_found', 'absent'].includes(before.at(-1)?.step ?? '')
    ? 'Sent again, since it was not there'
    : 'Tried again'
}

/** Of steps that somebody should look at. */
export function stepTone({ step }: Step): Tone {
  if (['answered', 'found', 'approved', 'edited'].includes(step)) return 'ok'
  if (['answer_lost', 'interrupted', 'rejected'].includes(step)) return 'bad'
  return step === 'held' || step === 'look_failed' ? 'warn' : 'quiet'
}

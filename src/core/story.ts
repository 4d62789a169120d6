/**
 * A step of a call that writes: `recorded` in the journal; about to be `transmitted`; `answered`; `answer_lost`, so that it
 * may have taken effect; `rejected` by Intercom; `found` or `not_found` when it was looked for by reading, or
 * `look_failed`; `absent`, where that has proven that it took no effect; `interrupted`: an earlier attempt under its key
 * ended without an outcome; `replayed`: the outcome was recorded already; `ended`.
 */
export type Step = {
  /** Unix ms; `null` where the time was not recorded. */
  at: number | null
  step:
    | 'recorded'
    | 'transmitted'
    | 'answered'
    | 'answer_lost'
    | 'rejected'
    | 'found'
    | 'not_found'
    | 'absent'
    | 'look_failed'
    | 'interrupted'
    | 'replayed'
    | 'ended'
  /** Why an answer is none, or a refusal. */
  code?: string
  status?: number | null
  /** Of `found`: what was, as the id of a part or a note. */
  item_id?: string
  /** Intercom's `X-Request-Id`. */
  request_id?: string | null
  /** Of `ended`: requests transmitted, reads included, and pauses in ms. */
  attempts?: number
  waits?: { ms: number; reason: string }[]
  /** It was a step of an earlier attempt, which may have told of it already. */
  earlier?: true
}

/** Takes a step; it is of this moment unless it says otherwise. */
export type Tell = (step: Omit<Step, 'at'> & { at?: number }) => void

/** The steps of one call so far. */
export type Story = { readonly steps: readonly Step[]; tell: Tell }

/** Steps that are kept of one call: a call has few, unless it is retried for long. */
const mostSteps = 60

/** `onStep` is told of each step; what it throws changes nothing. */
export function storyOf(onStep?: (step: Step) => void): Story {
  const steps: Step[] = []
  return {
    steps,
    tell({ at = Date.now(), ...rest }) {
      const step = { at, ...rest }
      if (steps.length < mostSteps) steps.push(step)
      try {
        onStep?.(step)
      } catch {}
    },
  }
}

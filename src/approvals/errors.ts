import { ended, IntercomError, sentences, shortened } from '../errors.ts'
import type { Approval, ApprovalState } from './approval.ts'
import type { Row } from './table.ts'

/** A call that waits for a person. */
export function heldError({ id }: Approval, url: string | null, earlier: Approval | null): IntercomError {
  const before =
    earlier === null
      ? null
      : earlier.decided_at === null
        ? 'An earlier approval of this call lapsed: nobody decided on it'
        : `An earlier approval of this call lapsed: ${earlier.reason ?? 'it was not acted on in time'}`
  const where = url ?? '`modulex-intercom approvals`'
  const hint = sentences(
    before,
    `Approval ${id} waits at ${where}`,
    'Call again with the same input to learn the outcome.',
  )
  return new IntercomError('a person has to approve this call; nothing was sent', {
    code: 'held',
    retryable: true,
    hint: ended(hint),
    approval: { id, url },
  })
}

export function declinedError({ id, reason }: Approval, url: string | null): IntercomError {
  const said = reason === null ? null : `They said: ${JSON.stringify(reason)}`
  return new IntercomError('a person was asked and did not confirm', {
    code: 'not_confirmed',
    hint: ended(sentences(said, 'Nothing was sent', 'Do not ask again unless they want you to.')),
    approval: { id, url },
  })
}

export function lapsedError({ id, reason }: Approval, url: string | null): IntercomError {
  return new IntercomError(reason ?? 'nobody acted on this call in time', {
    code: 'approval_lapsed',
    retryable: true,
    hint: 'Nothing was sent. Call again to ask for another approval.',
    approval: { id, url },
  })
}

/** Approved, and another process, or a later try, is to make the call. */
export function underWay({ id }: Approval, url: string | null): IntercomError {
  return new IntercomError('a person has approved this call, and its outcome is not recorded yet', {
    code: 'approval_under_way',
    outcome: 'unknown',
    retryable: true,
    hint: 'Call again with the same input to learn the outcome; it is never sent twice.',
    approval: { id, url },
  })
}

export function unknownApproval(id: string): IntercomError {
  return new IntercomError(`there is no approval ${JSON.stringify(shortened(id))}`, {
    code: 'no_such_approval',
    hint: 'Approvals are kept for 30 days.',
  })
}

const decisions: Record<ApprovalState, string> = {
  waiting: 'not decided on',
  approved: 'approved',
  done: 'approved',
  declined: 'declined',
  lapsed: 'approved',
}

export function alreadyDecided({ id, state, decided_at, decided_by, road, edited }: Row): IntercomError {
  if (state === 'lapsed' && decided_at === null)
    return new IntercomError(`approval ${id} has lapsed: nobody decided on it in time`, {
      code: 'approval_lapsed',
      hint: 'Nothing was sent. The caller can make the call again.',
    })
  const what = edited === null ? decisions[state] : 'edited and approved'
  const when = new Date(Number(decided_at)).toISOString()
  return new IntercomError(`approval ${id} was ${what} by ${decided_by} at ${when} (${road})`, {
    code: 'already_decided',
    hint: 'That decision holds.',
  })
}

export function tooLarge(most: number): IntercomError {
  return new IntercomError('the call is too large to be held for a person', {
    code: 'approval_too_large',
    hint: `Nothing was sent. A call and what is shown of it may take ${most / 1024} KiB.`,
  })
}

/** `waiting`: how many wait; `null` where it is their space. */
export function tooMany(waiting: number | null): IntercomError {
  return new IntercomError(
    waiting !== null
      ? `${waiting} calls of this caller wait for a person, which is the most that may`
      : 'the held calls of this caller take up all the space it has',
    {
      code: 'too_many_approvals',
      retryable: true,
      hint: 'Nothing was sent. Have somebody decide on those that wait, and call again.',
    },
  )
}

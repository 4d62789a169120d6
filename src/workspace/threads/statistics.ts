import type { Thread } from './thread.ts'

/** Enough answers for a median; a thread of thousands of parts keeps a short row. */
const keptReplyTimes = 200

/** The later of two moments: what was last stays last when a reply is dated back (`created_at`). */
export function later(known: number | null, at: number): number {
  return Math.max(known ?? at, at)
}

/** What an admin's answer does to the statistics (docs/intercom-api.md 2.9; the reckoning is assumed). */
export function adminReplied(thread: Thread, at: number): Partial<Thread> {
  const waited = thread.waiting_since === null ? [] : [Math.max(0, at - thread.waiting_since)]
  const replyTimes = [...thread.reply_times, ...waited].slice(-keptReplyTimes)
  const firstSinceAssignment =
    thread.last_assignment_at !== null &&
    at >= thread.last_assignment_at &&
    (thread.last_assignment_admin_reply_at ?? -1) < thread.last_assignment_at
  return {
    reply_times: replyTimes,
    median_time_to_reply: median(replyTimes),
    first_admin_reply_at: thread.first_admin_reply_at ?? at,
    last_admin_reply_at: later(thread.last_admin_reply_at, at),
    time_to_admin_reply: thread.time_to_admin_reply ?? waited[0] ?? null,
    last_assignment_admin_reply_at: firstSinceAssignment ? at : thread.last_assignment_admin_reply_at,
  }
}

/** What closing does to the statistics. */
export function closed(thread: Thread, at: number, adminId: number): Partial<Thread> {
  const sinceCreation = Math.max(0, at - thread.created_at)
  return {
    first_close_at: thread.first_close_at ?? at,
    last_close_at: later(thread.last_close_at, at),
    last_closed_by_id: adminId,
    time_to_first_close: thread.time_to_first_close ?? sinceCreation,
    time_to_last_close: sinceCreation,
  }
}

/** What an assignment to somebody does to the statistics. */
export function assigned(thread: Thread, at: number): Partial<Thread> {
  return {
    first_assignment_at: thread.first_assignment_at ?? at,
    last_assignment_at: later(thread.last_assignment_at, at),
    time_to_assignment: thread.time_to_assignment ?? Math.max(0, at - thread.created_at),
    count_assignments: thread.count_assignments + 1,
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  const lower = sorted[middle - 1]
  return sorted.length % 2 === 1 || lower === undefined ? upper : Math.round((lower + upper) / 2)
}

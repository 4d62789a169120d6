import { keyMismatch } from '../core/idempotency.ts'
import { inputHash, retentionMs } from '../core/journal.ts'
import { IntercomError, oneLine, shortened, textOf } from '../errors.ts'
import { atMostEvery, openPrivateFile, presenceOf, retryWhileBusy, transaction } from '../sqlite/sqlite.ts'
import { watched } from '../sqlite/watch.ts'
import type { Approval, ApprovalStore, Asker, Change, Decision, Found, HeldCall, Road } from './approval.ts'
import { editedInput } from './edited.ts'
import { alreadyDecided, tooLarge, tooMany, unknownApproval } from './errors.ts'
import { approvalOf, isOver, layout, listed, nullable, type Row } from './table.ts'

const hourMs = 3_600_000
/** How long a decision answers the same call again, where the caller gave no idempotency key. */
const decidedMs = 24 * hourMs
const defaultExpiresMs = 24 * hourMs
/** How long after a decision the call may be begun. */
const actMs = hourMs
/** Whoever decided has so long to make the call before others take it up. */
const headStartMs = 2000
const longestPostponeMs = 60_000

/** What one caller may keep waiting, and what all its approvals may take. */
export const limits = { waiting: 1000, bytesOfCall: 512 * 1024, bytesOfCaller: 64 * 1024 * 1024 }

/** Options of `openApprovals`. */
export type ApprovalsOptions = {
  /** Unix ms. For tests. */
  now?: (() => number) | undefined
  /**
   * What one caller may have waiting.
   * @default 1000
   */
  waiting?: number | undefined
}

/**
 * The approvals of a private SQLite file, for the processes of one machine. It holds what would be sent and what the
 * conversation says. Throws an `IntercomError` when the file cannot be used.
 */
export function openApprovals(
  file: string,
  { now = Date.now, waiting: mostWaiting = limits.waiting }: ApprovalsOptions = {},
): ApprovalStore {
  const db = openPrivateFile(file, layout)
  const checkPresence = presenceOf(file, layout)
  const byId = db.prepare('SELECT * FROM approvals WHERE id = ?')
  const byCall = db.prepare('SELECT * FROM approvals WHERE call = ? ORDER BY seq DESC LIMIT 1')
  const otherByKey = db.prepare(
    'SELECT 1 FROM approvals WHERE idempotency_key = ? AND caller = ? AND workspace = ? AND call <> ?',
  )
  const space = db.prepare(
    "SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, coalesce(sum(bytes) FILTER (WHERE state NOT IN ('declined', 'done')), 0) AS bytes FROM approvals WHERE caller = ?",
  )
  const insert = db.prepare(
    `INSERT INTO approvals (id, call, caller, identity, workspace, action, idempotency_key, input, preview, asked_by,
     bytes, journal, created_at, expires_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
  )
  const decideOn = db.prepare(
    `UPDATE approvals SET state = ?, decided_at = ?, decided_by = ?, road = ?, reason = ?, edited = ?, act_by = ?, due_at = ?
     WHERE id = ? AND state = 'waiting' AND expires_at > ?`,
  )
  const begin = db.prepare(
    `UPDATE approvals SET journal = ?, begun = 1 WHERE id = ? AND state = 'approved' AND act_by > ?
     AND (journal IS NULL OR journal = ?)`,
  )
  const finish = db.prepare(
    `UPDATE approvals SET state = 'done', outcome = :outcome, unknown = :unknown WHERE id = :id
     AND (state = 'approved' OR (state = 'done' AND unknown = 1 AND :unknown = 0))`,
  )
  const tell = db.prepare("UPDATE approvals SET told = 1 WHERE id = ? AND state = 'done' AND told = 0")
  const expire = db.prepare(
    `UPDATE approvals SET state = 'lapsed', reason = coalesce(:why, reason) WHERE id = :id AND state = 'approved'
     AND (act_by <= :now OR :why IS NOT NULL) AND (journal IS NULL OR journal = :journal)`,
  )
  const isDue = `state = 'approved' AND workspace = :workspace AND due_at <= :now
     AND (journal IS NULL OR journal = :journal)`
  const askers = db.prepare(`SELECT DISTINCT caller, identity FROM approvals WHERE ${isDue}`)
  const due = db.prepare(
    `SELECT * FROM approvals WHERE ${isDue}
     AND (act_by <= :now OR caller IN (SELECT value FROM json_each(:callers))) ORDER BY due_at, seq LIMIT :limit`,
  )
  const postpone = db.prepare(
    `UPDATE approvals SET tries = tries + 1, due_at = ? + min(${longestPostponeMs}, 1000 << min(tries, 6))
     WHERE id = ? AND state = 'approved'`,
  )
  const lapsing = db.prepare(
    `SELECT id FROM approvals WHERE (state = 'waiting' AND expires_at <= :now)
     OR (state = 'approved' AND begun = 0 AND act_by <= :now)`,
  )
  const lapseOne = db.prepare(
    `UPDATE approvals SET state = 'lapsed' WHERE id = :id AND ((state = 'waiting' AND expires_at <= :now)
     OR (state = 'approved' AND begun = 0 AND act_by <= :now))`,
  )
  const forget = db.prepare('DELETE FROM approvals WHERE expires_at < ? AND coalesce(act_by, 0) < ?')
  const counted = db.prepare('SELECT state, count(*) AS rows FROM approvals GROUP BY state')
  const countedOf = db.prepare(
    'SELECT state, count(*) AS rows FROM approvals WHERE caller = ? GROUP BY state',
  )
  const sealKey = sealOf()
  const watch = watched<Change>(db, () => [null])
  const forgetOld = () => forget.run(now() - retentionMs, now() - retentionMs)
  const prune = atMostEvery(hourMs, forgetOld)

  /** Runs `act` while no other process writes; what it throws of SQLite's own becomes ours. */
  async function using<T>(act: () => T): Promise<T> {
    try {
      checkPresence()
      return await retryWhileBusy(act)
    } catch (error) {
      if (error instanceof IntercomError) throw error
      throw new IntercomError(`the file of approvals failed: ${textOf(error)}`, {
        code: 'approvals_failed',
        hint: 'Nothing was sent.',
      })
    }
  }

  function sealOf(): Uint8Array {
    return transaction(db, () => {
      const bytes = crypto.getRandomValues(new Uint8Array(32))
      db.prepare('INSERT INTO seal SELECT ? WHERE NOT EXISTS (SELECT 1 FROM seal)').run(bytes)
      return db.prepare('SELECT key FROM seal').get()?.['key'] as Uint8Array // the column of its table
    })
  }

  const rowOf = (id: string) => byId.get(id) as Row | undefined // the columns of its table
  const known = (id: string): Row => {
    const row = rowOf(id)
    if (row === undefined) throw unknownApproval(id)
    return row
  }

  /** What has lapsed is said to have lapsed, whoever looks first. */
  function settled(row: Row | undefined): Row | undefined {
    if (row === undefined || !isOver(row, now())) return row
    if (lapseOne.run({ id: row.id, now: now() }).changes === 0) return rowOf(row.id)
    told({ id: row.id, state: 'lapsed' })
    return rowOf(row.id)
  }

  function isLive({ state, decided_at, idempotency_key, road, told }: Row, { asksAnew }: HeldCall): boolean {
    if (state === 'waiting' || state === 'approved') return true
    if (asksAnew && road === 'elicitation' && (state === 'declined' || told === 1)) return false
    const kept = idempotency_key === null ? decidedMs : retentionMs
    return state !== 'lapsed' && now() < Number(decided_at) + kept
  }

  function found(call: HeldCall, hash: string): Found | null {
    const row = settled(byCall.get(hash) as Row | undefined)
    if (row === undefined) refuseOther(call, hash)
    if (row === undefined) return null
    const late = row.state === 'approved' && Number(row.act_by) <= now()
    return { approval: approvalOf(row), live: isLive(row, call), late }
  }

  function told(change: Change): void {
    queueMicrotask(() => watch.tell(change)) // after the transaction
  }

  function changed(id: string): Approval {
    const approval = approvalOf(known(id))
    told({ id, state: approval.state })
    return approval
  }

  return {
    file,
    sealKey,
    get isOpen() {
      return db.isOpen
    },
    async find(call) {
      const { hash } = await identified(call)
      return await using(() => found(call, hash))
    },
    async hold(call) {
      const { hash, input } = await identified(call)
      const preview = call.preview === null ? null : JSON.stringify(call.preview)
      const bytes = Buffer.byteLength(input) + Buffer.byteLength(preview ?? '')
      return await using(() => {
        try {
          prune()
        } catch {} // the next hour will do
        return transaction(db, () => {
          const one = found(call, hash)
          if (one?.live) return one.approval
          const taken = space.get(call.caller) as { waiting: number; bytes: number }
          if (bytes > limits.bytesOfCall) throw tooLarge(limits.bytesOfCall)
          if (taken.waiting >= mostWaiting) throw tooMany(taken.waiting)
          if (taken.bytes + bytes > limits.bytesOfCaller) throw tooMany(null)
          const id = `apr_${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')}`
          const at = now()
          const { caller, identity = null, workspace, action, idempotencyKey } = call
          const { expiresMs = defaultExpiresMs } = call
          const asked_by = call.asked_by && shortened(oneLine(call.asked_by), 100)
          insert.run(
            ...[id, hash, caller, identity, workspace, action, idempotencyKey ?? null, input, preview],
            ...[asked_by, bytes, call.journal ?? null, at, at + expiresMs],
          )
          return changed(id)
        })
      })
    },
    get: (id) => using(() => nullable(settled(rowOf(id)))),
    list: (listing = {}) =>
      using(() => {
        const { sql, values } = listed(listing)
        return (db.prepare(sql).all(...values) as Row[]).map((row) => approvalOf(settled(row) ?? row))
      }),
    counts: (caller) =>
      using(() => {
        const rows = caller === undefined ? counted.all() : countedOf.all(caller)
        const none = { waiting: 0, approved: 0, declined: 0, lapsed: 0, done: 0 }
        return { ...none, ...Object.fromEntries(rows.map(({ state, rows }) => [state, rows])) }
      }),
    decide: (id, decision, by, road) => using(() => decided(id, decision, by, road)),
    begin: (id, journal, mayMake = true) =>
      using(() => {
        if (mayMake && begin.run(journal, id, now(), journal).changes === 1) return 'begun'
        const row = known(id)
        if (row.state !== 'approved') return 'ended'
        const isHere = row.journal === null || row.journal === journal
        return isHere && Number(row.act_by) <= now() ? 'late' : 'elsewhere'
      }),
    finish: (id, outcome) =>
      using(() => {
        const unknown = outcome.failure?.outcome === 'unknown' ? 1 : 0
        const { changes } = finish.run({ id, unknown, outcome: JSON.stringify(outcome) })
        return changes === 1 ? changed(id) : approvalOf(known(id))
      }),
    tell: (id) => using(() => void tell.run(id)),
    expire: (id, journal, why = null) =>
      using(() =>
        expire.run({ id, now: now(), journal, why }).changes === 1 ? changed(id) : approvalOf(known(id)),
      ),
    due: (workspace, journal, limit, makesFor = () => true) =>
      using(() => {
        const at = { workspace, journal, now: now() }
        const own = (askers.all(at) as Asker[]).filter(makesFor).map(({ caller }) => caller)
        const rows = due.all({ ...at, callers: JSON.stringify(own), limit }) as Row[]
        return rows.map(approvalOf)
      }),
    postpone: (id) => using(() => void postpone.run(now(), id)),
    lapse: () =>
      using(() => {
        forgetOld()
        const at = now()
        const ended = lapsing
          .all({ now: at })
          .filter(({ id }) => lapseOne.run({ id: String(id), now: at }).changes === 1)
        for (const { id } of ended) told({ id: String(id), state: 'lapsed' })
        return ended.length
      }),
    listen: watch.listen,
    close() {
      watch.close()
      if (db.isOpen) db.close()
    },
  }

  function decided(id: string, decision: Decision, by: string, road: Road): Approval {
    const row = settled(known(id))
    if (row?.state !== 'waiting') throw alreadyDecided(row ?? known(id))
    const isApproval = 'approve' in decision
    const edited = isApproval ? editedInput(approvalOf(row), decision.edited) : null
    const reason = isApproval || decision.decline === null ? null : shortened(decision.decline.trim(), 1000)
    const at = now()
    const { changes } = decideOn.run(
      ...[isApproval ? 'approved' : 'declined', at, shortened(oneLine(by), 100), road, reason || null],
      ...[edited === null ? null : JSON.stringify(edited), isApproval ? at + actMs : null],
      ...[at + headStartMs, id, at],
    )
    if (changes === 0) throw alreadyDecided(settled(known(id)) ?? known(id))
    return changed(id)
  }

  function refuseOther({ idempotencyKey, caller, workspace }: HeldCall, hash: string): void {
    if (idempotencyKey === undefined) return
    if (otherByKey.get(idempotencyKey, caller, workspace, hash) === undefined) return
    throw keyMismatch()
  }
}

/** What tells a call from others, and its input as JSON. */
async function identified({ caller, workspace, action, input, idempotencyKey = '' }: HeldCall) {
  const hash = await inputHash('approval', [caller, workspace, action, input ?? {}, idempotencyKey])
  return { hash, input: JSON.stringify(input ?? {}) }
}

import { type Clock, seconds } from '../clock.ts'
import { contactId, machineDigits } from '../ids.ts'
import type { Store } from './store.ts'

const day = 24 * 3600

/** SQL that gives pairs of `contact_seq` and `segment_id`, and its values. */
export interface Memberships {
  readonly sql: string
  readonly values: readonly number[]
}

/**
 * The segments that every new workspace has (docs/intercom-api.md 2.12), by the rule that decides who is in
 * them.
 */
const standard = { active: 'Active', new: 'New', slipping_away: 'Slipping Away' } as const

/** Gives a workspace its three standard segments, made at the given second; those it had are gone. */
export function setStandardSegments(store: Store, at: number): void {
  store.db.run('DELETE FROM segments')
  const machine = machineDigits(`${store.app.id_code}/segments`)
  for (const [index, [rule, name]] of Object.entries(standard).entries()) {
    const id = contactId(at, machine, index + 1)
    store.insert('segments', { id, name, rule, created_at: at, updated_at: at })
  }
}

const users = `+contacts.standing = 'active' AND +contacts.role = 'user'`
const from = 'SELECT contacts.seq AS contact_seq, segments.id AS segment_id FROM segments CROSS JOIN contacts'
// The expression is that of the index `contact_recent`.
const seen = 'ifnull(contacts.last_seen_at, 0)'

/**
 * Who is in which segment now. Active: seen within 30 days; slipping away: seen 30 to 60 days ago; new: here
 * for less than a day. Users only. The time is the workspace's, so a moved clock moves people.
 */
export function memberships(clock: Clock): Memberships {
  const now = seconds(clock)
  const month = now - 30 * day
  return {
    sql: `${from} WHERE segments.rule = 'active' AND ${seen} >= ? AND ${users}
      UNION ALL ${from} WHERE segments.rule = 'new' AND contacts.created_at >= ? AND ${users}
      UNION ALL ${from} WHERE segments.rule = 'slipping_away' AND ${seen} >= ? AND ${seen} < ? AND ${users}`,
    values: [month, now - day, now - 60 * day, month],
  }
}

import { seconds } from '../clock.ts'
import { newToken } from '../ids.ts'
import { fillKnowledge } from './knowledge.ts'
import { setStandardSegments } from './segments.ts'
import type { Store } from './store.ts'
import { insertSubscriptionType } from './subscription-types.ts'
import { fillTicketTypes } from './ticket-types.ts'

/** Custom attributes that every workspace declares, so that `custom_attributes` can be used at once. */
const attributes = [
  ['plan', 'string', 'Plan'],
  ['seats', 'integer', 'Seats'],
  ['vip', 'boolean', 'VIP'],
  ['renewal_date', 'date', 'Renewal date'],
] as const

/**
 * Fills an empty store with what a new Intercom workspace has: the app, one admin with an inbox seat, the bot
 * teammate (docs/intercom-api.md 2.1), a token of the admin, the four custom attributes, the three segments
 * that every workspace has (docs/intercom-api.md 2.12), one subscription type, a help center and a newsfeed. A reset
 * keeps its token.
 */
export function fillFresh(store: Store, token = newToken()): void {
  const now = seconds(store.clock)
  const idCode = 'lc0a1b2c'
  store.setApp({ id_code: idCode, name: 'Local workspace', created_at: now, timezone: 'America/Los_Angeles' })
  const adminId = store.nextId('admins')
  store.insertAdmin({ id: adminId, name: 'Ada Admin', email: 'ada@example.com' })
  store.insertAdmin({
    id: store.nextId('admins'),
    name: 'Fin',
    email: `operator+${idCode}@intercom.io`,
    has_inbox_seat: false,
    is_bot: true,
  })
  store.insertToken({ token, admin_id: adminId, created_at: now })
  store.insert('activity_logs', {
    created_at: now,
    admin_id: adminId,
    activity_type: 'admin_login_success',
    activity_description: 'Ada Admin successfully logged in.',
    metadata: { sign_in_method: 'email_password' },
  })
  fillTicketTypes(store, now)
  fillKnowledge(store, now)
  setStandardSegments(store, now)
  insertSubscriptionType(store, {
    consent_type: 'opt_out',
    name: 'Announcements',
    description: 'What is new in the product',
  })
  for (const [name, data_type, label] of attributes) {
    for (const model of ['contact', 'conversation']) {
      if (model === 'conversation' && name !== 'plan') continue
      store.insertDataAttribute({
        id: store.nextId('data_attributes'),
        model,
        name,
        data_type,
        label,
        created_at: now,
        updated_at: now,
        admin_id: adminId,
      })
    }
  }
}

/** What a fresh workspace has was there from the given second on, whatever the clock says; its admin is called so. */
export function dateBack(store: Store, at: number, admin: string): void {
  const tables = ['data_attributes', 'ticket_types', 'ticket_type_attributes', 'help_centers', 'newsfeeds']
  for (const table of tables) {
    store.db.run(`UPDATE ${table} SET created_at = ?, updated_at = ?`, at, at)
  }
  const description = `${admin} successfully logged in.`
  store.db.run('UPDATE activity_logs SET created_at = ?, activity_description = ?', at, description)
}

/** Whether the workspace holds no data yet; only then may a seed fill it. */
export function isEmpty(store: Store): boolean {
  return store.db.number('SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM tags)') === 0
}

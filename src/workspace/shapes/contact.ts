import { escapeName } from '../entities.ts'
import { isObject } from '../http/input.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { subscriptionsOf } from './subscription.ts'
import { tagsOfContact } from './tag.ts'

/** Lists inside a contact show at most this many items (docs/intercom-api.md 2.3). */
const shown = 10

/** A JSON column as an object. */
export function parseObject(text: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(text)
  return isObject(parsed) ? parsed : {}
}

function inlineList(type: string, ids: readonly string[], path: string, url: string, total: number) {
  return {
    type: 'list',
    data: ids.map((id) => ({ id, type, url: `/${path}/${id}` })),
    url,
    total_count: total,
    has_more: total > ids.length,
  }
}

function tagList(store: Store, row: ContactRow) {
  const tags = tagsOfContact(store, row.seq)
  const ids = tags.slice(0, shown).map((tag) => String(tag.id))
  return inlineList('tag', ids, 'tags', `/contacts/${row.id}/tags`, tags.length)
}

function noteList(store: Store, row: ContactRow) {
  const newest = store.db.all<{ id: number }>(
    'SELECT id FROM notes WHERE contact_seq = ? ORDER BY id DESC LIMIT ?',
    row.seq,
    shown,
  )
  const total =
    newest.length < shown
      ? newest.length
      : store.db.number('SELECT count(*) FROM notes WHERE contact_seq = ?', row.seq)
  const ids = newest.map((note) => String(note.id))
  return inlineList('note', ids, 'notes', `/contacts/${row.id}/notes`, total)
}

function companyList(store: Store, row: ContactRow) {
  const first = store.db.all<{ id: string }>(
    `SELECT companies.id FROM contact_companies JOIN companies ON companies.seq = company_seq
     WHERE contact_seq = ? ORDER BY attached_at, company_seq LIMIT ?`,
    row.seq,
    shown,
  )
  const total =
    first.length < shown
      ? first.length
      : store.db.number('SELECT count(*) FROM contact_companies WHERE contact_seq = ?', row.seq)
  const ids = first.map((company) => company.id)
  return inlineList('company', ids, 'companies', `/contacts/${row.id}/companies`, total)
}

/**
 * Opt-outs of opt-out types, opt-ins of opt-in types: a choice is kept only where it is explicit
 * (docs/intercom-api.md 3.9).
 */
function subscriptionLists(store: Store, row: ContactRow) {
  const chosen = subscriptionsOf(store, row.seq)
  const of = (consent: string) => {
    const ids = chosen.filter((type) => type.consent_type === consent).map((type) => String(type.id))
    const url = `/contacts/${row.id}/subscriptions`
    return inlineList('subscription', ids.slice(0, shown), 'subscriptions', url, ids.length)
  }
  return { opted_out_subscription_types: of('opt_out'), opted_in_subscription_types: of('opt_in') }
}

/**
 * A contact in the key order of live answers (docs/intercom-api.md 2.3); the name is HTML-escaped as live
 * (docs/intercom-api.md 1.8).
 */
export function contact(store: Store, row: ContactRow) {
  const details = parseObject(row.details)
  const detail = (name: string) => details[name] ?? null
  return {
    type: 'contact',
    id: row.id,
    workspace_id: store.app.id_code,
    external_id: row.external_id,
    role: row.role,
    email: row.email,
    phone: row.phone,
    name: escapeName(row.name),
    avatar: row.avatar,
    owner_id: row.owner_id,
    social_profiles: { type: 'list', data: details['social_profiles'] ?? [] },
    has_hard_bounced: row.has_hard_bounced === 1,
    marked_email_as_spam: row.marked_email_as_spam === 1,
    unsubscribed_from_emails: row.unsubscribed_from_emails === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
    signed_up_at: row.signed_up_at,
    last_seen_at: row.last_seen_at,
    last_replied_at: row.last_replied_at,
    last_contacted_at: row.last_contacted_at,
    last_email_opened_at: row.last_email_opened_at,
    last_email_clicked_at: row.last_email_clicked_at,
    language_override: row.language_override,
    browser: row.browser,
    browser_version: row.browser_version,
    browser_language: row.browser_language,
    os: row.os,
    location: {
      type: 'location',
      country: row.country,
      region: row.region,
      city: row.city,
      country_code: row.country_code,
      continent_code: row.continent_code,
    },
    android_app_name: detail('android_app_name'),
    android_app_version: detail('android_app_version'),
    android_device: detail('android_device'),
    android_os_version: detail('android_os_version'),
    android_sdk_version: detail('android_sdk_version'),
    android_last_seen_at: detail('android_last_seen_at'),
    ios_app_name: detail('ios_app_name'),
    ios_app_version: detail('ios_app_version'),
    ios_device: detail('ios_device'),
    ios_os_version: detail('ios_os_version'),
    ios_sdk_version: detail('ios_sdk_version'),
    ios_last_seen_at: detail('ios_last_seen_at'),
    custom_attributes: parseObject(row.custom_attributes),
    tags: tagList(store, row),
    notes: noteList(store, row),
    companies: companyList(store, row),
    ...subscriptionLists(store, row),
    utm_campaign: detail('utm_campaign'),
    utm_content: detail('utm_content'),
    utm_medium: detail('utm_medium'),
    utm_source: detail('utm_source'),
    utm_term: detail('utm_term'),
    referrer: detail('referrer'),
    sms_consent: details['sms_consent'] === true,
    unsubscribed_from_sms: details['unsubscribed_from_sms'] === true,
  }
}

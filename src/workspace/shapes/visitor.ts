import { escapeName } from '../entities.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { parseObject } from './contact.ts'
import { basicTag, tagsOfContact } from './tag.ts'

/** A visitor in the key order of the description's examples (docs/intercom-api.md 3.13). */
export function visitor(store: Store, row: ContactRow) {
  const details = parseObject(row.details)
  const detail = (name: string) => details[name] ?? null
  return {
    type: 'visitor',
    id: row.id,
    user_id: row.external_id,
    anonymous: true,
    email: row.email ?? '',
    phone: row.phone,
    name: escapeName(row.name),
    pseudonym: detail('pseudonym'),
    avatar: { type: 'avatar', image_url: row.avatar },
    app_id: store.app.id_code,
    companies: { type: 'company.list', companies: [] },
    location_data: {},
    last_request_at: row.last_seen_at,
    created_at: row.created_at,
    remote_created_at: row.created_at,
    signed_up_at: row.created_at,
    updated_at: row.updated_at,
    session_count: 0,
    social_profiles: { type: 'social_profile.list', social_profiles: [] },
    owner_id: row.owner_id === null ? null : String(row.owner_id),
    unsubscribed_from_emails: row.unsubscribed_from_emails === 1,
    marked_email_as_spam: row.marked_email_as_spam === 1,
    has_hard_bounced: row.has_hard_bounced === 1,
    tags: { type: 'tag.list', tags: tagsOfContact(store, row.seq).map(basicTag) },
    segments: { type: 'segment.list', segments: [] },
    custom_attributes: parseObject(row.custom_attributes),
    referrer: detail('referrer'),
    utm_campaign: detail('utm_campaign'),
    utm_content: detail('utm_content'),
    utm_medium: detail('utm_medium'),
    utm_source: detail('utm_source'),
    utm_term: detail('utm_term'),
    do_not_track: null,
  }
}

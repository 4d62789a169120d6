import { memberships } from '../store/segments.ts'
import type { Store } from '../store/store.ts'
import { customType } from './custom.ts'
import { always, column, type Field, type FindField, folded, foldedColumn, member } from './field.ts'

/**
 * The fields of docs/intercom-api.md 4.3. `andoid_sdk_version` is Intercom's own spelling; the right one is
 * taken too.
 */
const fields: Readonly<Record<string, Field>> = {
  id: always('string', 'contacts.id'),
  role: always('string', 'role'),
  name: foldedColumn('name_folded', 'name'),
  avatar: folded('avatar'),
  owner_id: column('integer', 'owner_id'),
  email: foldedColumn('email_folded', 'email'),
  email_domain: foldedColumn('email_domain', 'email'),
  phone: foldedColumn('phone', 'phone'),
  external_id: foldedColumn('external_id_folded', 'external_id'),
  created_at: always('date', 'created_at'),
  signed_up_at: column('date', 'signed_up_at'),
  updated_at: always('date', 'updated_at'),
  last_seen_at: {
    type: 'date',
    operand: { kind: 'value', sql: 'last_seen_at', values: [], indexedAs: 'ifnull(last_seen_at, 0)' },
  },
  last_contacted_at: column('date', 'last_contacted_at'),
  last_replied_at: column('date', 'last_replied_at'),
  last_email_opened_at: column('date', 'last_email_opened_at'),
  last_email_clicked_at: column('date', 'last_email_clicked_at'),
  language_override: folded('language_override'),
  browser: folded('browser'),
  browser_language: folded('browser_language'),
  os: folded('os'),
  'location.country': folded('country'),
  'location.region': folded('region'),
  'location.city': folded('city'),
  unsubscribed_from_emails: always('boolean', 'unsubscribed_from_emails'),
  marked_email_as_spam: always('boolean', 'marked_email_as_spam'),
  has_hard_bounced: always('boolean', 'has_hard_bounced'),
  ios_last_seen_at: member('date', 'details', '$.ios_last_seen_at'),
  ios_app_version: member('string', 'details', '$.ios_app_version'),
  ios_device: member('string', 'details', '$.ios_device'),
  ios_app_device: member('string', 'details', '$.ios_device'),
  ios_os_version: member('string', 'details', '$.ios_os_version'),
  ios_app_name: member('string', 'details', '$.ios_app_name'),
  ios_sdk_version: member('string', 'details', '$.ios_sdk_version'),
  android_last_seen_at: member('date', 'details', '$.android_last_seen_at'),
  android_app_version: member('string', 'details', '$.android_app_version'),
  android_device: member('string', 'details', '$.android_device'),
  android_app_name: member('string', 'details', '$.android_app_name'),
  andoid_sdk_version: member('string', 'details', '$.android_sdk_version'),
  android_sdk_version: member('string', 'details', '$.android_sdk_version'),
  tag_id: {
    type: 'string',
    equalityOnly: true,
    operand: {
      kind: 'linked',
      from: 'contact_tags',
      key: 'contact_seq',
      value: 'tag_id',
      stored: 'number',
      negative: 'none',
    },
  },
}

const table = new Map(Object.entries(fields))
const prefix = 'custom_attributes.'

/** Segments hold whoever fits their rule at this moment. */
function segmentField(store: Store): Field {
  const { sql, values } = memberships(store.clock)
  return {
    type: 'string',
    operand: {
      kind: 'linked',
      from: `(${sql})`,
      key: 'contact_seq',
      // True for all: it carries the values of the question marks before it.
      guard: { sql: '1', values },
      value: 'segment_id',
      negative: 'none',
    },
  }
}

/** The searchable fields of contacts; a custom attribute has the type that it was declared with. */
export function contactFields(store: Store): FindField {
  return (name) => {
    if (name === 'segment_id') return segmentField(store)
    const field = table.get(name)
    if (field !== undefined || !name.startsWith(prefix)) return field
    const wanted = name.slice(prefix.length)
    const attribute = store.attributes('contact').find((candidate) => candidate.name === wanted)
    if (attribute === undefined) return undefined
    return {
      type: customType(attribute.data_type),
      operand: {
        kind: 'linked',
        from: 'contact_attributes',
        key: 'contact_seq',
        guard: { sql: 'attribute_id = ?', values: [attribute.id] },
        value: 'value',
        stored: 'folded',
        negative: 'other',
      },
      sortBy: {
        sql: '(SELECT value FROM contact_attributes WHERE contact_seq = contacts.seq AND attribute_id = ?)',
        values: [attribute.id],
      },
    }
  }
}

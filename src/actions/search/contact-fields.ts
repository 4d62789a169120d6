import { fieldTable, type SearchLanguage, sharedOperators } from './fields.ts'

/** What POST /contacts/search understands (docs/intercom-api.md 4.2, 4.3). */
export const contactSearch = {
  wholeDays: true,
  operators: {
    ...sharedOperators,
    integer: ['=', '!=', 'IN', 'NIN', '>', '<', '>=', '<='],
    date: ['=', '>', '<'],
  },
  fields: fieldTable({
    string: `id role name avatar email email_domain phone external_id language_override browser browser_language os
      location.country location.region location.city segment_id
      ios_app_version ios_device ios_app_device ios_os_version ios_app_name ios_sdk_version
      android_app_version android_device android_app_name android_sdk_version andoid_sdk_version`,
    tag: 'tag_id',
    integer: 'owner_id',
    date: `created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at
      last_email_clicked_at ios_last_seen_at android_last_seen_at`,
    boolean: 'unsubscribed_from_emails marked_email_as_spam has_hard_bounced',
  }),
} satisfies SearchLanguage

/** A field that contacts can be searched by. Any other text compiles, such as `custom_attributes.plan`. */
export type ContactField = keyof (typeof contactSearch)['fields'] | (string & {})

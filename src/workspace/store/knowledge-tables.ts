import {
  flag,
  integer,
  integerOr,
  jsonOr,
  key,
  keyNeverReused,
  maybeInteger,
  maybeText,
  type NewRow,
  type Row,
  text,
  textOr,
} from './columns.ts'

/**
 * Help centers; the API makes none. With more than one of `locales` it is multilingual, and its articles and
 * collections show their translations (docs/intercom-api.md 2.14).
 */
export const helpCenters = {
  id: key,
  identifier: text,
  display_name: text,
  website_turned_on: flag(true),
  custom_domain: maybeText,
  default_locale: textOr('en'),
  locales: jsonOr(['en']),
  created_at: integer,
  updated_at: integer,
}

/** Collections, nested by `parent_id`; `position` is `order` on the wire, `translations` is by locale. */
export const collections = {
  id: keyNeverReused,
  help_center_id: integer,
  parent_id: maybeInteger,
  name: text,
  description: maybeText,
  icon: textOr('book-bookmark'),
  position: integer,
  translations: jsonOr({}),
  created_at: integer,
  updated_at: integer,
}

/** Articles; `words` is what is searched, `translations` is by locale. The reactions are what visitors chose. */
export const articles = {
  id: keyNeverReused,
  parent_id: maybeInteger,
  parent_type: maybeText,
  title: text,
  description: textOr(''),
  body: textOr(''),
  author_id: integer,
  state: textOr('draft'),
  translations: jsonOr({}),
  words: text,
  views: integerOr(0),
  conversations: integerOr(0),
  happy_reactions: integerOr(0),
  neutral_reactions: integerOr(0),
  sad_reactions: integerOr(0),
  created_at: integer,
  updated_at: integer,
}

/** Where external pages come from. */
export const contentImportSources = {
  id: keyNeverReused,
  url: text,
  sync_behavior: textOr('api'),
  status: textOr('active'),
  created_at: integer,
  updated_at: integer,
  last_synced_at: integer,
}

/** External pages; `external_id` is unique in its source. */
export const externalPages = {
  id: keyNeverReused,
  source_id: integer,
  external_id: text,
  title: text,
  html: text,
  url: maybeText,
  locale: textOr('en'),
  ai_agent_availability: flag(true),
  ai_copilot_availability: flag(true),
  created_at: integer,
  updated_at: integer,
  last_ingested_at: integer,
}

export type HelpCenterRow = Row<typeof helpCenters>
export type CollectionRow = Row<typeof collections>
export type NewCollection = NewRow<typeof collections>
export type ArticleRow = Row<typeof articles>
export type NewArticle = NewRow<typeof articles>
export type ContentImportSourceRow = Row<typeof contentImportSources>
export type ExternalPageRow = Row<typeof externalPages>

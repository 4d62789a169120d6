import {
  flag,
  integer,
  jsonOr,
  key,
  keyNeverReused,
  maybeInteger,
  maybeText,
  type Row,
  text,
  textOr,
} from './columns.ts'

/** Newsfeeds; the API makes none. */
export const newsfeeds = { id: key, name: text, created_at: integer, updated_at: integer }

/** News items. */
export const newsItems = {
  id: keyNeverReused,
  title: text,
  body: textOr(''),
  sender_id: integer,
  state: textOr('draft'),
  labels: jsonOr([]),
  cover_image_url: maybeText,
  reactions: jsonOr([]),
  deliver_silently: flag(false),
  created_at: integer,
  updated_at: integer,
}

/** The newsfeeds of an item; `published_at` is unset while it is a draft. */
export const newsfeedAssignments = {
  news_item_id: integer,
  newsfeed_id: integer,
  published_at: maybeInteger,
}

export type NewsfeedRow = Row<typeof newsfeeds>
export type NewsItemRow = Row<typeof newsItems>
export type NewsfeedAssignmentRow = Row<typeof newsfeedAssignments>

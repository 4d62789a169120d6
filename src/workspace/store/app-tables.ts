import type { NewRow, Row } from './columns.ts'
import { flag, integer, integerOr, jsonOr, key, maybeInteger, maybeText, text, textOr } from './columns.ts'

/**
 * The workspace itself: one row. `timezone` decides what a day is in contact searches
 * (docs/intercom-api.md 4.2).
 */
export const app = {
  id_code: text,
  name: text,
  created_at: integer,
  timezone: text,
  region: textOr('US'),
  secure: flag(false),
  identity_verification: flag(false),
}

/**
 * Bearer tokens. Each belongs to an app, whose calls are counted together (docs/intercom-api.md 1.5), and to
 * an admin, who signs what the token writes. `scopes` are `read`, `write` or both.
 */
export const tokens = {
  token: text,
  admin_id: integer,
  scopes: textOr('read write'),
  app: textOr('local'),
  created_at: integer,
}

/** Teammates, the bot included (`is_bot`); the bot is listed last (docs/intercom-api.md 2.1). */
export const admins = {
  id: key,
  name: text,
  email: text,
  job_title: maybeText,
  email_verified: flag(true),
  away_mode_enabled: flag(false),
  away_mode_reassign: flag(false),
  away_status_reason_id: maybeInteger,
  has_inbox_seat: flag(true),
  avatar: maybeText,
  is_bot: flag(false),
}

/** Teams; their members are in `team_admins`. */
export const teams = { id: key, name: text }

/** Who is in which team, and how (`primary` or `secondary`), in the order of `position`. */
export const teamAdmins = {
  team_id: integer,
  admin_id: integer,
  level: textOr('primary'),
  position: integerOr(0),
}

/**
 * Attributes that a workspace defined itself. A write that names an undeclared one is refused
 * (docs/intercom-api.md 1.4), and a search uses the declared type.
 */
export const dataAttributes = {
  id: key,
  model: text,
  name: text,
  data_type: text,
  label: maybeText,
  description: textOr(''),
  options: jsonOr([]),
  messenger_writable: flag(false),
  archived: flag(false),
  created_at: integer,
  updated_at: integer,
  admin_id: maybeInteger,
}

export type AppRow = Row<typeof app>
export type NewApp = NewRow<typeof app>
export type AdminRow = Row<typeof admins>
export type NewAdmin = NewRow<typeof admins>
export type TeamRow = Row<typeof teams>
export type NewTeam = NewRow<typeof teams>
export type NewTeamAdmin = NewRow<typeof teamAdmins>
export type DataAttributeRow = Row<typeof dataAttributes>
export type NewDataAttribute = NewRow<typeof dataAttributes>
export type NewToken = NewRow<typeof tokens>

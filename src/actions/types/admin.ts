/** A teammate (docs/intercom-api.md 2.1). The bot teammate is among them, without an inbox seat. */
export type Admin = {
  type: 'admin'
  /** Decimal digits. */
  id: string
  name: string
  email: string
  job_title?: string
  away_mode_enabled: boolean
  away_mode_reassign: boolean
  has_inbox_seat: boolean
  team_ids: number[]
  avatar?: unknown
}

/** All teammates of the workspace (docs/intercom-api.md 2.1). */
export type AdminList = { type: 'admin.list'; admins: Admin[] }

/** GET /me: the admin behind a token and its workspace (docs/intercom-api.md 2.2). */
export type AdminWithApp = {
  type: 'admin'
  id: string
  email: string
  name: string
  app: { type: 'app'; id_code: string; name: string; timezone: string; region: string } | null
}

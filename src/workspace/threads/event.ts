/** An attachment as parts show it (docs/intercom-api.md 1.8). */
export interface Attachment {
  readonly type: 'upload'
  readonly name: string
  readonly url: string
  readonly content_type: string
  readonly filesize: number
  readonly width: number | null
  readonly height: number | null
}

/** What can happen to a conversation. `body` is HTML; `at` a Unix second. */
export type ThreadEvent =
  | {
      type: 'contact_reply'
      at: number
      contact: { type: 'user' | 'lead'; id: string }
      body: string
      attachments?: readonly Attachment[]
      /** Chosen from the options of a quick reply. */
      quick?: true
    }
  | {
      type: 'admin_comment' | 'admin_note'
      at: number
      admin_id: number
      /** Null where options are offered, a quick reply. */
      body: string | null
      attachments?: readonly Attachment[]
      quick?: true
    }
  /** On tickets the bot does these three (`by_bot`, whose id is then `admin_id`). */
  | { type: 'close'; at: number; admin_id: number; by_bot?: boolean; body?: string | null }
  | { type: 'snooze'; at: number; admin_id: number; by_bot?: boolean; until: number }
  | { type: 'open'; at: number; admin_id: number; by_bot?: boolean }
  | {
      type: 'assign'
      at: number
      admin_id: number
      /** `id: null` takes the assignment away. */
      to: { type: 'admin' | 'team'; id: number | null }
      body?: string | null
    }
  /**
   * The bot's part that follows the creation by a contact, and every change of a custom attribute
   * (docs/intercom-api.md 3.5).
   */
  | { type: 'attribute_updated'; at: number; bot_id: number }
  /** A tag put on or taken off (recorded). */
  | { type: 'tags_updated'; at: number; admin_id: number }
  | { type: 'participant_added' | 'participant_removed'; at: number; by: Actor }
  | { type: 'company_updated' | 'ticket_attribute_updated'; at: number; bot_id: number }
  /** `from` and `to` are categories of states. */
  | { type: 'ticket_state_updated'; at: number; bot_id: number; from: string; to: string }
  /**
   * The assignment rules ran and none took it (2.11 only); a reply to an admin who is away
   * (docs/intercom-api.md 3.1).
   */
  | { type: 'default_assignment' | 'away_mode_assignment'; at: number; bot_id: number }
  /** A snooze that ran out. */
  | { type: 'wake'; at: number; bot_id: number }

/** Whoever adds or removes a participant. */
export type Actor =
  | { readonly type: 'admin'; readonly id: number }
  | { readonly type: 'user' | 'lead'; readonly id: string }

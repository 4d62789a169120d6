import type { Story } from './words/story.ts'

/** The part a text plays in a conversation; the texts of a role are in the story or among the general lines. */
export type Role =
  | 'opening'
  | 'ask'
  | 'detail'
  | 'solve'
  | 'note'
  | 'thanks'
  | 'check'
  | 'checked'
  | 'welcome'
  | 'bump'
  | 'nudge'
  | 'wait'
  | 'back'
  | 'again'
  | 'followup'
  | 'attempt'
  | 'outcome'
  | 'reassigned'

/** The bot's place in the staff list. */
export const BOT = 3

/** Somebody or some team, by its place in the staff list. */
type Assignee = { type: 'admin' | 'team'; index: number }

/** One thing that happens in a conversation. `admin` is a place in the staff list. */
export type ScriptEvent =
  | { kind: 'contact_comment'; at: number; role: Role }
  | { kind: 'admin_comment'; at: number; admin: number; role: Role }
  | { kind: 'note'; at: number; admin: number; role: Role }
  | { kind: 'attribute'; at: number }
  | { kind: 'read'; at: number }
  | { kind: 'assign'; at: number; admin: number; to: Assignee }
  | { kind: 'tag'; at: number; admin: number; tag: string }
  | { kind: 'snooze'; at: number; admin: number; until: number }
  | { kind: 'wake'; at: number }
  | { kind: 'open'; at: number; admin: number }
  | { kind: 'close'; at: number; admin: number; role: Role | null }
  | { kind: 'rate'; at: number; score: number }

/** What happens in one conversation, before anything of it is worded or stored. */
export type Script = {
  index: number
  /** The contact's number. */
  contact: number
  story: Story
  created_at: number
  /** The admin who began it; null when the contact did. */
  starter: number | null
  channel: 'conversation' | 'email'
  urgent: boolean
  /** In the order of time; none is later than the end of the history. */
  events: ScriptEvent[]
}

import { advance, type PartDraft } from '../threads/advance.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { startedByAdmin, startedByContact, type Thread } from '../threads/thread.ts'
import { at } from './prng.ts'
import { BOT, type Script, type ScriptEvent } from './script.ts'
import { type Staff, tagId } from './staff.ts'

/** What a script came to when it was played. */
export type Played = {
  thread: Thread
  parts: PartDraft[]
  /** Ids of the admins who commented, each once. */
  teammates: number[]
  tags: { tag_id: number; applied_at: number; applied_by: number }[]
  rating: { score: number; at: number } | null
}

/** Who plays: the contact's role and id, the staff, and the words for each event that has some, as HTML. */
export type Cast = {
  contact: { type: 'user' | 'lead'; id: string }
  staff: Staff
  words(event: ScriptEvent): string
}

/**
 * Plays a script through the same state machine that answers live requests, so that a seeded conversation is one
 * that could have come about by requests. What no request can do (a rating, a snooze that runs out) is added here.
 */
export function play(script: Script, cast: Cast): Played {
  const start = script.starter === null ? startedByContact : startedByAdmin
  const played: Played = {
    thread: start(script.created_at),
    parts: [],
    teammates: [],
    tags: [],
    rating: null,
  }
  for (const event of script.events) {
    const { thread, part } = step(played.thread, event, cast)
    played.thread = thread
    if (part !== null) played.parts.push(part)
    remember(played, event, cast.staff)
  }
  return played
}

type Step = { thread: Thread; part: PartDraft | null }

function step(thread: Thread, event: ScriptEvent, cast: Cast): Step {
  switch (event.kind) {
    case 'tag':
      return mark(thread, event.at, 'conversation_tags_updated', {
        author_type: 'admin',
        author_id: String(at(cast.staff.admins, event.admin)),
      })
    case 'rate':
      return mark(thread, event.at, 'conversation_rating_changed', {
        author_type: cast.contact.type,
        author_id: cast.contact.id,
      })
    case 'read':
      // Reading leaves no part and no trace in updated_at (docs/intercom-api.md 5).
      return { thread: { ...thread, read: true }, part: null }
    default: {
      const step = advance(thread, liveEvent(event, cast))
      const byBot = event.kind === 'wake' || (event.kind === 'assign' && event.admin === BOT)
      if (!byBot) return step
      const part_type = event.kind === 'wake' ? 'timer_unsnooze' : step.part.part_type
      return { thread: step.thread, part: { ...step.part, part_type, author_type: 'bot' } }
    }
  }
}

/** A part without words that changes nothing but the time and the count. */
function mark(
  thread: Thread,
  created_at: number,
  part_type: string,
  author: Pick<PartDraft, 'author_type' | 'author_id'>,
): Step {
  const count_conversation_parts = thread.count_conversation_parts + 1
  return {
    thread: { ...thread, updated_at: created_at, count_conversation_parts },
    part: { part_type, body: null, created_at, ...author },
  }
}

/** A script's event as the request that would cause it. */
function liveEvent(event: Exclude<ScriptEvent, { kind: 'tag' | 'rate' | 'read' }>, cast: Cast): ThreadEvent {
  const { admins, teams } = cast.staff
  const moment = event.at
  switch (event.kind) {
    case 'contact_comment':
      return { type: 'contact_reply', at: moment, contact: cast.contact, body: cast.words(event) }
    case 'admin_comment':
      return { type: 'admin_comment', at: moment, admin_id: at(admins, event.admin), body: cast.words(event) }
    case 'note':
      return { type: 'admin_note', at: moment, admin_id: at(admins, event.admin), body: cast.words(event) }
    case 'attribute':
      return { type: 'attribute_updated', at: moment, bot_id: at(admins, BOT) }
    case 'assign': {
      const { type, index } = event.to
      const to = { type, id: at(type === 'team' ? teams : admins, index) }
      return { type: 'assign', at: moment, admin_id: at(admins, event.admin), to }
    }
    case 'snooze':
      return { type: 'snooze', at: moment, admin_id: at(admins, event.admin), until: event.until }
    case 'open':
      return { type: 'open', at: moment, admin_id: at(admins, event.admin) }
    case 'wake':
      return { type: 'open', at: moment, admin_id: at(admins, BOT) }
    case 'close': {
      const body = event.role === null ? null : cast.words(event)
      return { type: 'close', at: moment, admin_id: at(admins, event.admin), body }
    }
  }
}

/** Keeps what a conversation has beside its state and its parts. */
function remember(played: Played, event: ScriptEvent, staff: Staff): void {
  if (event.kind === 'rate') played.rating = { score: event.score, at: event.at }
  if (event.kind === 'tag') {
    const applied_by = at(staff.admins, event.admin)
    played.tags.push({ tag_id: tagId(staff, event.tag), applied_at: event.at, applied_by })
  }
  if (event.kind === 'admin_comment') {
    const admin = at(staff.admins, event.admin)
    if (!played.teammates.includes(admin)) played.teammates.push(admin)
  }
}

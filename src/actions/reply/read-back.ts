import type { JsonObject } from '../../client/request.ts'
import { saysThat } from '../../core/same-text.ts'
import type { Item } from '../../core/verify.ts'
import type { AnyReply } from './fields.ts'

/** A part of a thread, as Intercom may show it: of one that is read back anything may be missing. */
type Part = {
  id: string
  part_type: string
  body?: string | null
  created_at: number
  author: { type: string; id: string } | null
  attachments?: unknown[]
}

/** Part types a reply arrives as; one that reopens the conversation is an `open` (docs/intercom-api.md 5). */
const partTypes = { comment: ['comment', 'open', 'assign_and_reopen'], note: ['note', 'note_and_reopen'] }

/** The parts by a reply's author, the newest last. */
function ownOf<P extends Part>(worded: readonly P[], reply: AnyReply): P[] {
  const types = reply.reply_type === 'admin' ? ['admin'] : ['user', 'lead', 'contact']
  const id = reply.reply_type === 'admin' ? reply.admin_id : reply.intercom_user_id
  const own = worded.filter(({ author }) => types.includes(String(author?.type)) && String(author?.id) === id)
  return own.sort((a, b) => a.created_at - b.created_at)
}

function isOfKind({ part_type }: Part, { message_type }: AnyReply): boolean {
  return partTypes[message_type].includes(part_type)
}

/** Whether a part has files as the reply has: where they are is Intercom's word by then, and so is what they are called. */
function hasFilesLike({ attachments }: Part, { attachment_urls = [] }: AnyReply): boolean {
  return !Array.isArray(attachments) || attachments.length > 0 === attachment_urls.length > 0
}

/** The ids of the parts by a reply's author and of its kind, the newest last. `worded`: those that have words. */
export function repliesBy(worded: readonly Part[], reply: AnyReply): string[] {
  return ownOf(worded, reply)
    .filter((part) => isOfKind(part, reply))
    .map(({ id }) => id)
}

/** What a thread shows of a reply. `answer`: what Intercom would have answered to the request that made a part. */
export async function repliesSeen<P extends Part>(
  worded: readonly P[],
  reply: AnyReply,
  answer: (part: P) => JsonObject,
): Promise<Item[]> {
  const isSame = await saysThat(reply.body)
  const item = (part: P, same: boolean) => ({
    id: String(part.id),
    created_at: part.created_at,
    same,
    answer: answer(part),
  })
  const nameless = worded.filter(({ author }) => (author?.id ?? null) === null)
  const own = ownOf(worded, reply)
  // One of the nameless may be this reply's: it is not said to be missing.
  return [
    ...nameless.map((part) => item(part, false)),
    ...own.map((part) => item(part, isOfKind(part, reply) && isSame(part.body) && hasFilesLike(part, reply))),
  ]
}

/** Who speaks, for people who look for the part. */
export function speaker({ reply_type, admin_id, intercom_user_id }: AnyReply): string {
  return reply_type === 'admin' ? `admin ${admin_id}` : `contact ${intercom_user_id}`
}

/** What is sent of a reply. */
export function replyBody({
  reply_type,
  message_type,
  body,
  admin_id,
  intercom_user_id,
  attachment_urls,
}: AnyReply) {
  const author = reply_type === 'admin' ? { admin_id } : { intercom_user_id }
  const attachments = attachment_urls === undefined ? {} : { attachment_urls }
  return { message_type, type: reply_type, ...author, body, ...attachments }
}

import { z } from 'zod'
import type { Effect } from '../../core/action.ts'
import { html } from '../types/html.ts'
import { id, isHttpUrl } from '../types/input.ts'

/** What a reply says, and who speaks. */
export const replyFields = {
  reply_type: z.enum(['user', 'admin']).describe('Type of reply (‘user’ or ‘admin’): who speaks'),
  message_type: z
    .enum(['comment', 'note'])
    .default('comment')
    .describe(
      'Message type (‘comment’ or ‘note’, note only for admin) (Default: comment). A comment reaches the customer, a note stays internal',
    ),
  body: html('The reply content, in HTML, not Markdown'),
  admin_id: id('Admin ID (required if reply_type is ‘admin’); find it with list_admins').optional(),
  intercom_user_id: id('Intercom user ID (for user reply): the id of the contact, user or lead').optional(),
  attachment_urls: z
    .array(z.string().refine(isHttpUrl, 'is not an http(s) URL'))
    .refine((urls) => urls.length <= 10, 'has more than 10 URLs')
    .optional()
    .describe('List of image URLs to attach (max 10)'),
}

const anyReply = z.object(replyFields)
/** A reply, wherever it goes. */
export type AnyReply = z.output<typeof anyReply>

type Common = Omit<z.input<typeof anyReply>, 'reply_type' | 'message_type' | 'admin_id' | 'intercom_user_id'>
/** What a caller gives of a reply, typed by what `refuseOtherAuthor` refuses. */
export type GivenReply<To> =
  | (To &
      Common & {
        reply_type: 'admin'
        message_type?: 'comment' | 'note' | undefined
        admin_id: string
        intercom_user_id?: undefined
      })
  | (To &
      Common & {
        reply_type: 'user'
        message_type?: 'comment' | undefined
        intercom_user_id: string
        admin_id?: undefined
      })

/** A note stays among teammates. */
export function noteOrSend({ message_type }: AnyReply): Effect {
  return message_type === 'note' ? 'create' : 'send'
}

/** Refuses an author who does not go with the type of a reply. */
export function refuseOtherAuthor(reply: AnyReply, context: z.RefinementCtx): void {
  const problem = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message })
  if (reply.reply_type === 'admin') {
    if (reply.admin_id === undefined) problem('admin_id', 'is required when reply_type is "admin"')
    if (reply.intercom_user_id !== undefined)
      problem('intercom_user_id', 'does not go with reply_type "admin"; leave it out')
    return
  }
  if (reply.intercom_user_id === undefined)
    problem('intercom_user_id', 'is required when reply_type is "user"')
  if (reply.admin_id !== undefined) problem('admin_id', 'does not go with reply_type "user"; leave it out')
  if (reply.message_type === 'note') problem('message_type', '"note" is for reply_type "admin" only')
}

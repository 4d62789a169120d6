// What the tests of conversations share; it holds no test of its own.
import { openDesk } from '../desk.test.ts'

/** A part as these tests look at it. */
export interface Part {
  id: string
  part_type: string
  body: string | null
  updated_at: number
  author: { type: string; id: string; name: string | null }
}

/** A fresh workspace with one conversation, and short ways to speak in it as its admin or its contact. */
export function deskWithConversation() {
  const desk = openDesk()
  const contact = desk.user({ email: 'ann@example.com', name: 'Ann & Co', external_id: 'u1' })
  const message = desk.ok('POST', '/conversations', {
    from: { type: 'user', id: contact.id },
    body: 'I need <b>support</b> & help',
  })
  const id: string = message.conversation_id
  const path = `/conversations/${id}`
  const as = (who: object, more: object) => desk.call('POST', `${path}/reply`, { ...who, ...more })
  const admin = { type: 'admin', message_type: 'comment', admin_id: desk.adminId }
  const user = { type: 'user', message_type: 'comment', intercom_user_id: contact.id }
  const parts = (): Part[] => desk.ok('GET', path).conversation_parts.conversation_parts
  return { ...desk, contact, message, id, path, as, admin, user, parts }
}

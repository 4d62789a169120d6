import type { Rest } from '../rest.ts'

/** What the piece's fields are filled in with. */
export interface World {
  readonly admin: string
  readonly user: { readonly id: string; readonly email: string }
  readonly lead: { readonly id: string }
  readonly company: { readonly id: string }
  readonly talk: string
  readonly tag: { readonly id: string; readonly name: string }
  readonly ticketType: string
  readonly ticket: string
}

/** Makes what the fields need. */
export async function openWorld(rest: Rest): Promise<World> {
  const { admins } = await rest('GET', '/admins')
  const email = 'somebody@piece.test'
  const user = await rest('POST', '/contacts', { role: 'user', email, external_id: 'somebody' })
  const lead = await rest('POST', '/contacts', { role: 'lead', name: 'A lead' })
  const company = await rest('POST', '/companies', { company_id: 'piece-1', name: 'Pieces' })
  const from = { type: 'user', id: user['id'] }
  const talk = await rest('POST', '/conversations', { from, body: 'Where is my parcel?' })
  const tag = await rest('POST', '/tags', { name: 'piece' })
  const types = await rest('GET', '/ticket_types')
  const ticketType = String(
    types['data'].find((type: { category: string }) => type.category === 'Customer').id,
  )
  const contacts = [{ id: user['id'] }]
  const ticket = await rest('POST', '/tickets', { ticket_type_id: ticketType, contacts }).catch(() => ({
    id: '0',
  }))
  return {
    admin: admins.find((one: { has_inbox_seat: boolean }) => one.has_inbox_seat).id,
    user: { id: user['id'], email },
    lead: { id: lead['id'] },
    company: { id: company['id'] },
    talk: talk['conversation_id'],
    tag: { id: tag['id'], name: 'piece' },
    ticketType,
    ticket: ticket.id,
  }
}

/** Does whatever makes the workspace send the webhooks that the piece's triggers wait for. */
export async function makeNews(rest: Rest, { admin, tag, ticket }: World): Promise<void> {
  const user = await rest('POST', '/contacts', {
    role: 'user',
    email: 'news@piece.test',
    external_id: 'news',
  })
  await rest('PUT', `/contacts/${user['id']}`, { name: 'News' })
  await rest('PUT', `/contacts/${user['id']}`, { unsubscribed_from_emails: true })
  await rest('POST', `/contacts/${user['id']}/tags`, { id: tag.id })
  const lead = await rest('POST', '/contacts', { role: 'lead', name: 'Another' })
  await rest('POST', `/contacts/${lead['id']}/tags`, { id: tag.id })
  await rest('PUT', `/contacts/${lead['id']}`, { email: 'lead@piece.test' })
  await rest('POST', '/contacts/merge', { from: lead['id'], into: user['id'] })
  await rest('POST', '/companies', { company_id: 'piece-news', name: 'News' })
  const from = { type: 'user', id: user['id'] }
  const talk = await rest('POST', '/conversations', { from, body: 'Is anybody there?' })
  const at = `/conversations/${talk['conversation_id']}`
  const byAdmin = { type: 'admin', admin_id: admin }
  await rest('POST', `${at}/reply`, {
    type: 'user',
    message_type: 'comment',
    intercom_user_id: user['id'],
    body: 'Hello?',
  })
  await rest('POST', `${at}/reply`, { ...byAdmin, message_type: 'comment', body: 'Yes' })
  await rest('POST', `${at}/reply`, { ...byAdmin, message_type: 'note', body: 'A note' })
  await rest('POST', `${at}/parts`, { ...byAdmin, message_type: 'assignment', assignee_id: admin })
  const snoozed_until = Math.floor(Date.now() / 1000) + 3600
  await rest('POST', `${at}/parts`, { message_type: 'snoozed', admin_id: admin, snoozed_until })
  await rest('POST', `${at}/parts`, { message_type: 'open', admin_id: admin })
  await rest('POST', `${at}/tags`, { id: tag.id, admin_id: admin })
  await rest('POST', `${at}/parts`, { ...byAdmin, message_type: 'close' })
  const types = await rest('GET', '/ticket_types')
  const { id: ticket_type_id } = types['data'].find(
    (type: { category: string }) => type.category === 'Customer',
  )
  const contacts = [{ id: user['id'] }]
  await rest('POST', '/tickets', { ticket_type_id, contacts }).catch(() => undefined)
  await rest('PUT', `/tickets/${ticket}`, { ticket_attributes: { _default_title_: 'Later' } }).catch(
    () => undefined,
  )
}

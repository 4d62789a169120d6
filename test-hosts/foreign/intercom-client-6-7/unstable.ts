import type { Row } from '../rest.ts'
import type { World } from './world.ts'

/** Calls an operation under `client.unstable` by its dotted name; these have no types in common between 6 and 7. */
export function caller({ client, op }: World) {
  return (name: string, args: object = {}, holds?: (answer: Row) => unknown): Promise<Row> => {
    const [family = '', method = ''] = name.split('.')
    const holder = (client.unstable as unknown as Row)[family]
    return op(`unstable.${name}`, async () => holder[method](args), holds)
  }
}

export const says = (words: string) => (answer: Row) => JSON.stringify(answer).includes(words)
export const gone = ({ deleted }: Row) => deleted

async function people(world: World): Promise<void> {
  const { admin, user } = world
  const call = caller(world)
  const id = Number(admin)
  await call('admins.identifyAdmin', {}, ({ type }) => type === 'admin')
  await call('admins.listAdmins', {}, says(`"${admin}"`))
  await call('admins.setAwayAdmin', { id, away_mode_enabled: false, away_mode_reassign: false })
  await call('admins.retrieveAdmin', { id }, ({ away_mode_enabled }) => away_mode_enabled === false)
  await call(
    'admins.listActivityLogs',
    { created_at_after: '1577836800' },
    ({ activity_logs }) => activity_logs,
  )
  const { teams } = await call('teams.listTeams')
  await call('teams.retrieveTeam', { id: teams[0].id }, (team) => team['id'] === teams[0].id)
  const { segments } = await call('segments.listSegments', { include_count: true })
  await call(
    'segments.retrieveSegment',
    { id: segments[0].id },
    (segment) => segment['id'] === segments[0].id,
  )
  const { data } = await call('subscriptionTypes.listSubscriptionTypes')
  const subscription = { contact_id: user, id: data[0].id }
  const { consent_type } = data[0]
  await call('subscriptionTypes.attachSubscriptionTypeToContact', { ...subscription, consent_type })
  await call('contacts.listSubscriptionsForAContact', { contact_id: user }, says(data[0].id))
  await call('subscriptionTypes.detachSubscriptionTypeToContact', subscription)
}

async function contacts(world: World): Promise<void> {
  const call = caller(world)
  const email = `${crypto.randomUUID()}@sdk.test`
  const { id } = await call('contacts.createContact', { email, role: 'user' }, says(email))
  await call('contacts.updateContact', { id, name: 'Ada' })
  await call('contacts.showContact', { id }, ({ name }) => name === 'Ada')
  const query = { field: 'email', operator: '=', value: email }
  await call('contacts.searchContacts', { query }, ({ data }) => data[0].id === id)
  await call('contacts.listContacts', {}, ({ data }) => data.length > 1)
  await call('contacts.listSegmentsForAContact', { contact_id: id }, ({ data }) => data)
  await call('contacts.listTagsForAContact', { contact_id: id }, ({ data }) => data.length === 0)
  const { id: from } = await world.client.contacts.create({ role: 'lead' })
  await call('contacts.mergeContact', { from, into: id }, (merged) => merged['id'] === id)
  await call('contacts.archiveContact', { id }, ({ archived }) => archived)
  await call('contacts.unarchiveContact', { id }, ({ archived }) => archived === false)
  const note = await call('notes.createNote', { id, contact_id: id, admin_id: world.admin, body: 'A note' })
  await call('notes.retrieveNote', { id: note['id'] }, says('A note'))
  await call('notes.listNotes', { id }, says('A note'))
  await call('contacts.deleteContact', { id }, gone)
}

async function companies(world: World): Promise<void> {
  const call = caller(world)
  const { user } = world
  const { id } = await call('companies.createOrUpdateCompany', { company_id: 'sdk-u', name: 'Unstable' })
  await call('companies.updateCompany', { id }) // sends nothing else
  await call('companies.retrieveACompanyById', { id }, ({ name }) => name === 'Unstable')
  await world.leave(
    'unstable.companies.attachContactToACompany',
    'has one `id` for the contact in the path and the company in the body, and sends none in the body: 400',
    async () =>
      (world.client.unstable as unknown as Row)['companies'].attachContactToACompany({
        id: user,
        company_id: id,
      }),
    /company not specified/,
  )
  await world.client.companies.attachContact({ contact_id: user, id: String(id) })
  await call('companies.listAttachedContacts', { id }, says(user))
  await call('contacts.listCompaniesForAContact', { id: user }, says('sdk-u'))
  await call('companies.listAttachedSegmentsForCompanies', { id }, ({ data }) => data)
  await call('companies.retrieveCompany', { name: 'Unstable' }, says('sdk-u'))
  await call('companies.listAllCompanies', {}, ({ data }) => data.length > 1)
  await call('companies.scrollOverAllCompanies', {}, ({ data }) => data.length > 1)
  await call('companies.detachContactFromACompany', { contact_id: user, id })
  await call('companies.deleteCompany', { id }, gone)
}

async function data(world: World): Promise<void> {
  const call = caller(world)
  const { user } = world
  const words = { name: 'sdk_unstable', model: 'contact', data_type: 'string' }
  const { id } = await call('dataAttributes.createDataAttribute', words)
  await call('dataAttributes.updateDataAttribute', { id, body: { description: 'One' } })
  await call('dataAttributes.lisDataAttributes', { model: 'contact' }, says('sdk_unstable'))
  const created_at = Math.floor(Date.now() / 1000)
  await call('dataEvents.createDataEvent', { id: user, event_name: 'was-unstable', created_at })
  const filtered = { filter: { intercom_user_id: user }, type: 'user' }
  const list = async () => (world.client.unstable as unknown as Row)['dataEvents'].lisDataEvents(filtered)
  await world.leave(
    'unstable.dataEvents.lisDataEvents',
    'sends the filter as JSON, where Intercom takes `user_id` and the like: 400',
    list,
    /intercom_user_id not specified/,
  )
  const event_summaries = { event_name: 'was-unstable', count: 1, first: created_at, last: created_at }
  await call('dataEvents.dataEventSummaries', { user_id: world.email, event_summaries })
  await call('switch.createPhoneSwitch', { phone: '+353832345678' }, says('+353832345678'))
}

async function threads(world: World): Promise<void> {
  const call = caller(world)
  const { user, admin } = world
  const from = { type: 'user', id: user }
  const begun = await call('conversations.createConversation', { from, body: 'Hello?' })
  const conversation_id = String(begun['conversation_id'])
  const id = conversation_id
  const comment = { message_type: 'comment', type: 'admin', admin_id: admin, body: 'Yes' }
  const replied = await call('conversations.replyConversation', { id, body: comment }, says('Yes'))
  const close = { message_type: 'close', type: 'admin', admin_id: admin }
  await call('conversations.manageConversation', { id, body: close }, ({ state }) => state === 'closed')
  await call('conversations.updateConversation', { id: Number(id), read: true }, ({ read }) => read)
  await call(
    'conversations.retrieveConversation',
    { id: Number(id), display_as: 'plaintext' },
    says('Hello?'),
  )
  await call('conversations.listConversations', { per_page: 2 }, (page) => JSON.stringify(page).length > 100)
  const query = { field: 'contact_ids', operator: '=', value: user }
  await call('conversations.searchConversations', { query }, says(conversation_id))
  const guest = String((await world.client.contacts.create({ role: 'user', email: 'guest@sdk.test' })).id)
  const customer = { intercom_user_id: guest }
  await call('conversations.attachContactToConversation', { id, admin_id: admin, customer }, says(guest))
  const guests = { conversation_id, contact_id: guest, admin_id: admin }
  await call('conversations.detachContactFromConversation', guests, (answer) => !says(guest)(answer))
  const part = replied['conversation_parts'].conversation_parts.at(-1).id
  const redacted = { type: 'conversation_part', conversation_id, conversation_part_id: part }
  await call('conversations.redactConversation', redacted, says('"redacted":true'))
  const { id: tag } = await call('tags.createTag', { name: 'unstable' })
  await call('tags.findTag', { id: tag }, ({ name }) => name === 'unstable')
  await call('tags.listTags', {}, says('unstable'))
  await call('tags.attachTagToContact', { contact_id: user, id: tag })
  await call('tags.detachTagFromContact', { contact_id: user, id: tag })
  await call('tags.attachTagToConversation', { conversation_id, id: tag, admin_id: admin })
  await call('tags.detachTagFromConversation', { conversation_id, id: tag, admin_id: admin })
  await call('tags.deleteTag', { id: tag })
  const message = { message_type: 'email', template: 'plain', subject: 'Hi', body: 'Hello' }
  const sent = { ...message, from: { type: 'admin', id: Number(admin) }, to: from }
  await call('messages.createMessage', sent, ({ message_type }) => message_type === 'email')
}

async function tickets(world: World): Promise<void> {
  const call = caller(world)
  const { user, admin } = world
  const words = { name: 'Unstable', description: 'Wobbles', category: 'Customer', icon: '📦' }
  const { id: ticket_type_id } = await call('ticketTypes.createTicketType', words)
  const named = { ticket_type_id, name: 'Order', description: 'Its number' }
  const attribute = await call('ticketTypeAttributes.createTicketTypeAttribute', {
    ...named,
    data_type: 'string',
  })
  const changed = { ticket_type_id, id: attribute['id'], description: 'A number' }
  await call('ticketTypeAttributes.updateTicketTypeAttribute', changed, says('A number'))
  await call('ticketTypes.getTicketType', { id: ticket_type_id }, says('A number'))
  await call('ticketTypes.listTicketTypes', {}, says('Wobbles'))
  const opened = {
    ticket_type_id,
    contacts: [{ id: user }],
    ticket_attributes: { _default_title_: 'It shakes' },
  }
  const id = String((await world.client.tickets.create(opened as never))?.id) // unstable has no such operation
  await call('tickets.updateTicket', { id, ticket_attributes: { _default_title_: 'It still shakes' } })
  await call('tickets.getTicket', { id }, says('It still shakes'))
  const comment = { message_type: 'comment', type: 'admin', admin_id: admin, body: 'Oh' }
  await call('tickets.replyTicket', { id, body: comment })
  await call(
    'tickets.searchTickets',
    { query: { field: 'id', operator: '=', value: id } },
    says('It still shakes'),
  )
  const { id: tag } = await world.client.tags.create({ name: 'shaking' })
  await call('tags.attachTagToTicket', { ticket_id: id, id: tag, admin_id: admin })
  await call('tags.detachTagFromTicket', { ticket_id: id, id: tag, admin_id: admin })
  const begun = await world.client.conversations.create({
    from: { type: 'user', id: user },
    body: 'It shook',
  })
  await call('conversations.convertConversationToTicket', {
    id: Number(begun.conversation_id),
    ticket_type_id,
  })
}

export const unstableFamilies = [people, contacts, companies, data, threads, tickets]

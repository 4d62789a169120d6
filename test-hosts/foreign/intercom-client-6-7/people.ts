import type { World } from './world.ts'

export async function admins({ client, op, admin }: World): Promise<void> {
  await op(
    'admins.identify',
    () => client.admins.identify(),
    (me) => me?.app?.type === 'app',
  )
  await op(
    'admins.list',
    () => client.admins.list(),
    ({ admins }) => admins?.some((one) => one?.id === admin),
  )
  const away = { admin_id: Number(admin), away_mode_enabled: true, away_mode_reassign: false }
  await op(
    'admins.away',
    () => client.admins.away(away),
    (one) => one?.away_mode_enabled,
  )
  await op(
    'admins.find',
    () => client.admins.find({ admin_id: Number(admin) }),
    (one) => one?.away_mode_enabled,
  )
  await client.admins.away({ ...away, away_mode_enabled: false })
  const since = { created_at_after: '1577836800' }
  await op(
    'admins.listAllActivityLogs',
    () => client.admins.listAllActivityLogs(since),
    ({ activity_logs }) => activity_logs?.some((log) => log?.activity_type === 'admin_away_mode_change'),
  )
}

export async function teams({ client, op }: World): Promise<void> {
  const { teams } = await op('teams.list', () => client.teams.list())
  const team_id = String(teams?.[0]?.id)
  await op(
    'teams.find',
    () => client.teams.find({ team_id }),
    (team) => team.id === team_id && team.admin_ids,
  )
}

export async function contacts({ client, op, user, of }: World): Promise<void> {
  const email = `${crypto.randomUUID()}@sdk.test`
  const made = await op(
    'contacts.create',
    () => client.contacts.create({ role: 'user', email, external_id: email, name: 'Ada' }),
    (contact) => contact.email === email,
  )
  const contact_id = String(made.id)
  await op('contacts.update', () => client.contacts.update({ contact_id, name: "Ada O'Byron" }))
  await op(
    'contacts.find',
    () => client.contacts.find({ contact_id }),
    (contact) => contact.name?.startsWith('Ada O') && contact.external_id === email,
  )
  const query = { field: 'email', operator: '=' as const, value: email }
  await op(
    'contacts.search',
    () => client.contacts.search({ query }),
    ({ data }) => data[0]?.id === contact_id,
  )
  await op(
    'contacts.list',
    () => client.contacts.list({ per_page: 2 }),
    async (page) => page.data.length === 2 && (await page.getNextPage()).data.length === 2,
  )
  const lead = await client.contacts.create({ role: 'lead', name: 'A lead' })
  await op(
    'contacts.mergeLeadInUser',
    () => client.contacts.mergeLeadInUser({ from: String(lead.id), into: contact_id }),
    (merged) => merged.id === contact_id,
  )
  await op(
    'contacts.archive',
    () => client.contacts.archive({ contact_id }),
    (answer) => answer.archived,
  )
  await op(
    'contacts.unarchive',
    () => client.contacts.unarchive({ contact_id }),
    (answer) => answer.archived === false,
  )
  await op(
    'contacts.listAttachedSegments',
    () => client.contacts.listAttachedSegments({ contact_id: user }),
    ({ data }) => data,
  )
  await op(
    'contacts.delete',
    () => client.contacts.delete({ contact_id }),
    (answer) => answer.deleted,
  )
  const gone = await of(client.contacts.find({ contact_id }))
  if (gone !== 404) throw new Error(`a deleted contact is answered with ${gone}`)
}

export async function subscriptions({ client, op, user: contact_id }: World): Promise<void> {
  const { data } = await op('subscriptionTypes.list', () => client.subscriptionTypes.list())
  const type = data?.find((one) => one.consent_type === 'opt_in') ?? data?.[0]
  const id = String(type?.id)
  const consent_type = String(type?.consent_type)
  await op('contacts.attachSubscription', () =>
    client.contacts.attachSubscription({ contact_id, id, consent_type }),
  )
  await op(
    'contacts.listAttachedSubscriptions',
    () => client.contacts.listAttachedSubscriptions({ contact_id }),
    (list) => list.data?.some((one) => one.id === id),
  )
  await op('contacts.detachSubscription', () =>
    client.contacts.detachSubscription({ contact_id, subscription_id: id }),
  )
}

export async function notes({ client, op, user: contact_id, admin }: World): Promise<void> {
  const note = await op(
    'notes.create',
    () => client.notes.create({ contact_id, body: 'Met at the fair', admin_id: admin }),
    ({ author }) => author?.id === admin,
  )
  await op(
    'notes.find',
    () => client.notes.find({ note_id: Number(note.id) }),
    ({ body }) => body?.includes('fair'),
  )
  await op(
    'notes.list',
    () => client.notes.list({ contact_id }),
    ({ data }) => data[0]?.id === note.id,
  )
}

export async function companies({ client, op, user: contact_id }: World): Promise<void> {
  const made = await op('companies.createOrUpdate', () =>
    client.companies.createOrUpdate({ company_id: 'sdk-1', name: 'Analytical Engines', plan: 'Pro' }),
  )
  const company_id = String(made.id)
  await op('companies.attachContact', () => client.companies.attachContact({ contact_id, id: company_id }))
  await op('companies.update', () =>
    client.companies.update({ company_id, body: { website: 'https://engines.test' } }),
  )
  await op(
    'companies.find',
    () => client.companies.find({ company_id }),
    ({ user_count }) => user_count === 1,
  )
  await op(
    'companies.retrieve',
    () => client.companies.retrieve({ company_id: 'sdk-1' }),
    (one) => 'id' in one && one.id === company_id,
  )
  await op(
    'companies.list',
    () => client.companies.list({ per_page: 2 }),
    ({ data }) => data.length === 2,
  )
  await op(
    'companies.listAttachedContacts',
    () => client.companies.listAttachedContacts({ company_id }),
    ({ data }) => data?.[0]?.id === contact_id,
  )
  await op(
    'companies.listAttachedSegments',
    () => client.companies.listAttachedSegments({ company_id }),
    ({ data }) => data,
  )
  await op('contacts.listAttachedCompanies', () => client.contacts.listAttachedCompanies({ contact_id }))
  await op(
    'companies.scroll',
    () => client.companies.scroll(),
    ({ data }) => data.length > 0,
  )
  await op('companies.detachContact', () => client.companies.detachContact({ contact_id, company_id }))
  await op(
    'companies.delete',
    () => client.companies.delete({ company_id }),
    ({ deleted }) => deleted,
  )
}

export async function segments({ client, op }: World): Promise<void> {
  const { segments } = await op('segments.list', () => client.segments.list({ include_count: true }))
  const segment_id = String(segments?.[0]?.id)
  await op(
    'segments.find',
    () => client.segments.find({ segment_id }),
    ({ id }) => id === segment_id,
  )
}

export async function dataAttributes({ client, op }: World): Promise<void> {
  const made = await op('dataAttributes.create', () =>
    client.dataAttributes.create({ name: 'sdk_ring', model: 'contact', data_type: 'string' } as never),
  )
  await op('dataAttributes.update', () =>
    client.dataAttributes.update({
      data_attribute_id: Number(made.id),
      body: { description: 'One', archived: false },
    } as never),
  )
  await op(
    'dataAttributes.list',
    () => client.dataAttributes.list({ model: 'contact' }),
    ({ data }) => data?.some(({ id }) => id === made.id),
  )
}

export async function events({ client, op, user, email }: World): Promise<void> {
  const event = { id: user, event_name: 'placed-order', created_at: Math.floor(Date.now() / 1000) }
  await op('events.create', () => client.events.create({ ...event, metadata: { order: '7' } }))
  const asked = { type: 'user' as const, intercom_user_id: user }
  await op(
    'events.list',
    () => client.events.list(asked),
    (list) => JSON.stringify(list.events?.[0]).includes('placed-order'),
  )
  const event_summaries = {
    event_name: 'placed-order',
    count: 1,
    first: event.created_at,
    last: event.created_at,
  }
  await op('events.summaries', () => client.events.summaries({ user_id: email, event_summaries } as never))
}

import type { World } from './world.ts'

export async function admins({ client, op, admin: adminId }: World): Promise<void> {
  await op(
    'ping',
    () => client.ping<{ type: string }>(),
    ({ type }) => type === 'admin.list',
  )
  await op(
    'admins.list',
    () => client.admins.list(),
    ({ admins }) => admins.some(({ id }) => id === adminId),
  )
  const away = { adminId, enableAwayMode: true, enableReassignMode: false }
  await op(
    'admins.away',
    () => client.admins.away(away),
    (one) => one.away_mode_enabled,
  )
  await op(
    'admins.find',
    () => client.admins.find({ id: adminId }),
    (one) => one.away_mode_enabled,
  )
  await client.admins.away({ ...away, enableAwayMode: false })
  await op(
    'admins.listAllActivityLogs',
    () => client.admins.listAllActivityLogs({ after: new Date('2020-01-01') }),
    (logs) => JSON.stringify(logs).includes('admin_away_mode_change'),
  )
}

export async function teams({ client, op }: World): Promise<void> {
  const { teams } = await op('teams.list', () => client.teams.list())
  const id = String(teams[0]?.id)
  await op(
    'teams.find',
    () => client.teams.find({ id }),
    (team) => team.id === id,
  )
}

export async function contacts({ client, op, user }: World): Promise<void> {
  const email = `${crypto.randomUUID()}@sdk.test`
  const { id } = await op(
    'contacts.createUser',
    () => client.contacts.createUser({ email, externalId: email, name: 'Ada' }),
    (contact) => contact.email === email,
  )
  await op('contacts.update', () => client.contacts.update({ id, name: "Ada O'Byron" }))
  await op(
    'contacts.find',
    () => client.contacts.find({ id }),
    ({ name }) => name?.startsWith('Ada O'),
  )
  const query = { field: 'email', operator: '=', value: email }
  await op(
    'contacts.search',
    () => client.contacts.search({ data: { query } as never }),
    ({ data }) => data[0]?.id === id,
  )
  const first = await op(
    'contacts.list',
    () => client.contacts.list({ perPage: 2 }),
    ({ data }) => data.length === 2,
  )
  const next = { starting_after: String((first.pages?.next as { starting_after?: string })?.starting_after) }
  await op(
    'contacts.list',
    () => client.contacts.list({ perPage: 2, startingAfter: next.starting_after }),
    ({ data }) => data.length === 2 && data[0]?.id !== first.data[0]?.id,
  )
  const lead = await op(
    'contacts.createLead',
    () => client.contacts.createLead({ name: 'A lead' }),
    ({ role }) => role === 'lead',
  )
  await op(
    'contacts.mergeLeadInUser',
    () => client.contacts.mergeLeadInUser({ leadId: lead.id, userId: id }),
    (merged) => merged.id === id,
  )
  await op(
    'contacts.archive',
    () => client.contacts.archive({ id }),
    ({ archived }) => archived,
  )
  await op(
    'contacts.unarchive',
    () => client.contacts.unarchive({ id }),
    ({ archived }) => archived === false,
  )
  await op(
    'contacts.listAttachedSegments',
    () => client.contacts.listAttachedSegments(user),
    ({ data }) => data,
  )
  await op(
    'contacts.listAttachedEmailSubscriptions',
    () => client.contacts.listAttachedEmailSubscriptions(user),
    ({ data }) => data,
  )
  await op(
    'contacts.delete',
    () => client.contacts.delete({ id }),
    ({ deleted }) => deleted,
  )
}

export async function notes({ client, op, user, admin: adminId }: World): Promise<void> {
  const contactId = user.id
  const note = await op('notes.create', () =>
    client.notes.create({ adminId, body: 'Met at the fair', contactId }),
  )
  const { id } = note as unknown as { id: string }
  await op(
    'notes.find',
    () => client.notes.find({ id }),
    (one) => JSON.stringify(one).includes('fair'),
  )
  await op(
    'notes.list',
    () => client.notes.list({ contactId }),
    (list) => JSON.stringify(list).includes('fair'),
  )
}

export async function companies({ client, op, user }: World): Promise<void> {
  const words = {
    createdAt: 1_374_138_000,
    companyId: 'sdk-1',
    name: 'Analytical Engines',
    monthlySpend: 20,
    plan: 'Pro',
    size: 2,
    website: 'https://engines.test',
    industry: 'Engines',
    customAttributes: {},
  }
  const { id: companyId } = await op('companies.create', () => client.companies.create(words))
  await op('companies.update', () =>
    client.companies.update({ ...words, companyId, name: 'Difference Engines' }),
  )
  await op(
    'companies.find',
    () => client.companies.find({ companyId: 'sdk-1' }),
    ({ id, name }) => id === companyId && name === 'Difference Engines',
  )
  await op('companies.attachContact', () => client.companies.attachContact({ contactId: user.id, companyId }))
  await op(
    'companies.listAttachedContacts',
    () => client.companies.listAttachedContacts({ companyId }),
    ({ data }) => data[0]?.id === user.id,
  )
  await op(
    'contacts.listAttachedCompanies',
    () => client.contacts.listAttachedCompanies(user),
    (list) => JSON.stringify(list).includes('Difference Engines'),
  )
  await op(
    'companies.listAttachedSegments',
    () => client.companies.listAttachedSegments({ companyId }),
    ({ data }) => data,
  )
  const page = await op(
    'companies.list',
    () => client.companies.list({ page: 1, perPage: 2 }),
    ({ data }) => data.length === 2,
  )
  await op(
    'nextPage',
    () => client.nextPage<typeof page>(page.pages as never),
    ({ data }) => data.length === 2 && data[0]?.id !== page.data[0]?.id,
  )
  const all = await op(
    'companies.scroll.each',
    () => client.companies.scroll.each({}),
    ({ length }) => length > 2,
  )
  await new Promise((resolve) => setTimeout(resolve, 0))
  await op(
    'companies.scroll.next',
    () => client.companies.scroll.next({ scrollParam: '' }),
    ({ data }) => data.length <= all.length,
  )
  await op('tags.tagCompanies', () =>
    client.tags.tagCompanies({ tagName: 'engines', companiesIds: [companyId] }),
  )
  await op('tags.untagCompanies', () =>
    client.tags.untagCompanies({ tagName: 'engines', companiesIds: [companyId] }),
  )
  await op('companies.detachContact', () => client.companies.detachContact({ contactId: user.id, companyId }))
  await op(
    'companies.delete',
    () => client.companies.delete({ id: companyId }),
    ({ deleted }) => deleted,
  )
}

export async function segments({ client, op }: World): Promise<void> {
  const { segments } = await op('segments.list', () => client.segments.list({ includeCount: true }))
  const id = String(segments[0]?.id)
  await op(
    'segments.find',
    () => client.segments.find({ id }),
    (segment) => segment.id === id,
  )
}

export async function subscriptions({ client, op }: World): Promise<void> {
  await op(
    'subscriptions.listTypes',
    () => client.subscriptions.listTypes(),
    ({ data }) => data.length > 0,
  )
}

export async function dataAttributes({ client, op }: World): Promise<void> {
  const made = await op('dataAttributes.create', () =>
    client.dataAttributes.create({ name: 'sdk_ring', model: 'contact', dataType: 'string' } as never),
  )
  const id = String(made.id)
  await op(
    'dataAttributes.update',
    () => client.dataAttributes.update({ id, description: 'One' }),
    ({ description }) => description === 'One',
  )
  await op(
    'dataAttributes.list',
    () => client.dataAttributes.list({ model: 'contact' } as never),
    ({ data }) => data.some((attribute) => String(attribute.id) === id),
  )
}

export async function events({ client, op, user }: World): Promise<void> {
  const createdAt = Math.floor(Date.now() / 1000)
  await op('events.create', () =>
    client.events.create({
      eventName: 'placed-order',
      createdAt,
      id: user.id,
      metadata: { order: 7 } as never,
    }),
  )
  await op(
    'events.listBy',
    () => client.events.listBy({ intercomUserId: user.id }) as Promise<object>,
    (list) => JSON.stringify(list).includes('placed-order'),
  )
}

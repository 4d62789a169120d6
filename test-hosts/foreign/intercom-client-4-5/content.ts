import type { World } from './world.ts'

export async function collections({ client, op, leave }: World): Promise<void> {
  const { collections, sections } = client.helpCenter
  const { id } = await op('helpCenter.collections.create', () => collections.create({ name: 'Returns' }))
  await op('helpCenter.collections.update', () => collections.update({ id, name: 'Sending back' }))
  await op(
    'helpCenter.collections.find',
    () => collections.find({ id }),
    ({ name }) => name === 'Sending back',
  )
  await op(
    'helpCenter.collections.list',
    () => collections.list({}),
    ({ data }) => data.some((one) => one.id === id),
  )
  const gone = 'removed from Intercom after 2.9: a collection in a collection takes its place'
  const left: Record<string, () => PromiseLike<unknown>> = {
    create: () => sections.create({ name: 'A section', parentId: id }),
    update: () => sections.update({ id, name: 'Another' }),
    find: () => sections.find({ id }),
    list: () => sections.list({}),
    delete: () => sections.delete({ id }),
  }
  for (const [name, call] of Object.entries(left))
    await leave(`helpCenter.sections.${name}`, gone, call, /not available in current API version/)
  await op(
    'helpCenter.collections.delete',
    () => collections.delete({ id }),
    ({ deleted }) => deleted,
  )
}

export async function articles({ client, op, admin }: World): Promise<void> {
  const words = {
    title: 'Sending back',
    body: '<p>Within thirty days</p>',
    authorId: Number(admin),
    state: 'published',
  }
  const { id } = await op('articles.create', () => client.articles.create(words))
  await op('articles.update', () => client.articles.update({ id, title: 'Returning' }))
  await op(
    'articles.find',
    () => client.articles.find({ id }),
    ({ title }) => title === 'Returning',
  )
  await op(
    'articles.list',
    () => client.articles.list({}),
    ({ data }) => data.some((one) => one.id === id),
  )
  await op(
    'articles.delete',
    () => client.articles.delete({ id }),
    ({ deleted }) => deleted,
  )
}

export async function dataExport({ client, op }: World): Promise<void> {
  const createdAtBefore = Math.floor(Date.now() / 1000)
  const range = { createdAtAfter: createdAtBefore - 86_400 * 400, createdAtBefore }
  const { job_identifier: id } = await op('dataExport.create', () => client.dataExport.create(range))
  await op(
    'dataExport.find',
    () => client.dataExport.find({ id }),
    (job) => job.job_identifier === id,
  )
  await op(
    'dataExport.cancel',
    () => client.dataExport.cancel({ id }),
    ({ status }) => String(status) === 'canceled',
  )
}

export async function visitors({ client, op, leave, visitor }: World): Promise<void> {
  const { id, user_id: userId } = visitor
  await op(
    'visitors.find',
    () => client.visitors.find({ userId }),
    (one) => one.id === id,
  )
  await op(
    'visitors.update',
    () => client.visitors.update({ id, name: 'A passer-by' }),
    ({ name }) => name === 'A passer-by',
  )
  await leave(
    'visitors.delete',
    '`DELETE /visitors/{id}` is in no description from 2.7 on: 404',
    () => client.visitors.delete({ id }),
    /resource does not exist/,
  )
  const merge = { visitor: { userId }, user: { email: 'passer@sdk.test' }, type: 'user' }
  await op(
    'visitors.mergeToContact',
    () => client.visitors.mergeToContact(merge as never),
    (contact) => JSON.stringify(contact).includes('passer@sdk.test'),
  )
}

export async function phoneCallRedirect({ client, op }: World): Promise<void> {
  await op(
    'phoneCallRedirect.create',
    () => client.phoneCallRedirect.create({ phone: '+353832345678' }),
    (answer) => JSON.stringify(answer).includes('+353832345678'),
  )
}

export async function counts({ client, leave }: World): Promise<void> {
  const counts = client.counts as unknown as Record<string, () => PromiseLike<unknown>>
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(counts)))
    if (name !== 'constructor')
      await leave(
        `counts.${name}`,
        '`/counts` is of 1.x',
        () => counts[name]?.() ?? Promise.resolve(),
        /not available in current API version/,
      )
}

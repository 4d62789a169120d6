import { finished, type World } from './world.ts'

export async function helpCenter({ client, op }: World): Promise<void> {
  const { data } = await op('helpCenters.list', () => client.helpCenters.list())
  const help_center_id = Number(data[0]?.id)
  await op(
    'helpCenters.find',
    () => client.helpCenters.find({ help_center_id }),
    ({ id }) => Number(id) === help_center_id,
  )
  const made = await op('helpCenters.collections.create', () =>
    client.helpCenters.collections.create({ name: 'Returns' }),
  )
  const collection_id = Number(made.id)
  await op('helpCenters.collections.update', () =>
    client.helpCenters.collections.update({ collection_id, name: 'Sending back' }),
  )
  await op(
    'helpCenters.collections.find',
    () => client.helpCenters.collections.find({ collection_id }),
    ({ name }) => name === 'Sending back',
  )
  await op(
    'helpCenters.collections.list',
    () => client.helpCenters.collections.list(),
    ({ data }) => data.some(({ id }) => id === made.id),
  )
  await op(
    'helpCenters.collections.delete',
    () => client.helpCenters.collections.delete({ collection_id }),
    ({ deleted }) => deleted,
  )
}

export async function articles({ client, op, admin, of }: World): Promise<void> {
  const body = '<p>Send it back within thirty days</p>'
  const made = await op('articles.create', () =>
    client.articles.create({ title: 'Sending back', body, author_id: Number(admin), state: 'published' }),
  )
  const article_id = Number(made.id)
  await op('articles.update', () => client.articles.update({ article_id, title: 'Returning a quaggle' }))
  await op(
    'articles.find',
    () => client.articles.find({ article_id }),
    ({ title }) => title === 'Returning a quaggle',
  )
  await op(
    'articles.list',
    () => client.articles.list(),
    ({ data }) => data.some(({ id }) => id === made.id),
  )
  await op(
    'articles.search',
    () => client.articles.search({ phrase: 'quaggle', state: 'published' }),
    ({ data }) => data?.articles?.some(({ id }) => id === made.id),
  )
  await op(
    'articles.delete',
    () => client.articles.delete({ article_id }),
    ({ deleted }) => deleted,
  )
  const status = await of(client.articles.find({ article_id }))
  if (status !== 404) throw new Error(`a deleted article is answered with ${status}`)
}

export async function news({ client, op, admin }: World): Promise<void> {
  const feeds = await op('news.feeds.list', () => client.news.feeds.list())
  const newsfeed_id = String((feeds.data?.[0] as { id?: string } | undefined)?.id)
  await op(
    'news.feeds.find',
    () => client.news.feeds.find({ newsfeed_id }),
    ({ id }) => String(id) === newsfeed_id,
  )
  const item = {
    title: 'Halloween is here',
    body: '<p>Costumes</p>',
    sender_id: Number(admin),
    state: 'live' as const,
  }
  const made = await op('news.items.create', () =>
    client.news.items.create({
      ...item,
      newsfeed_assignments: [{ newsfeed_id: Number(newsfeed_id), published_at: 1664638214 }],
    }),
  )
  const news_item_id = Number(made.id)
  await op('news.items.update', () =>
    client.news.items.update({ news_item_id, body: { ...item, title: 'Christmas is here' } }),
  )
  await op(
    'news.items.find',
    () => client.news.items.find({ news_item_id }),
    ({ title }) => title === 'Christmas is here',
  )
  await op(
    'news.items.list',
    () => client.news.items.list(),
    (list) => JSON.stringify(list).includes('Christmas'),
  )
  await op(
    'news.feeds.listItems',
    () => client.news.feeds.listItems({ newsfeed_id }),
    (list) => JSON.stringify(list).includes('Christmas'),
  )
  await op(
    'news.items.delete',
    () => client.news.items.delete({ news_item_id }),
    ({ deleted }) => deleted,
  )
}

export async function dataExport({ client, op }: World): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const range = { created_at_after: now - 86_400 * 400, created_at_before: now }
  const begun = await op(
    'dataExport.create',
    () => client.dataExport.create(range),
    ({ status }) => status,
  )
  const job_identifier = String(begun.job_identifier)
  const find = () => client.dataExport.find({ job_identifier })
  await op(
    'dataExport.find',
    () => finished(find),
    ({ status }) => status === 'completed',
  )
  await op('dataExport.download', async () => client.dataExport.download({ job_identifier })) // answers nothing
  const other = await client.dataExport.create(range)
  await op(
    'dataExport.cancel',
    () => client.dataExport.cancel({ job_identifier: String(other.job_identifier) }),
    ({ status }) => status === 'canceled',
  )
}

export async function visitors({ client, op, visitor }: World): Promise<void> {
  const { id, user_id } = visitor
  await op(
    'visitors.find',
    () => client.visitors.find({ user_id }),
    (one) => one?.id === id,
  )
  await op(
    'visitors.update',
    () => client.visitors.update({ id, name: 'A passer-by' }),
    (one) => one?.name === 'A passer-by',
  )
  await op(
    'visitors.mergeToContact',
    () =>
      client.visitors.mergeToContact({
        type: 'user',
        user: { user_id: 'passer', email: 'passer@sdk.test' },
        visitor: { user_id },
      }),
    ({ email }) => email === 'passer@sdk.test',
  )
}

export async function phoneCallRedirects({ client, op }: World): Promise<void> {
  await op(
    'phoneCallRedirects.create',
    () => client.phoneCallRedirects.create({ phone: '+353832345678' }),
    (answer) => answer?.phone === '+353832345678',
  )
}

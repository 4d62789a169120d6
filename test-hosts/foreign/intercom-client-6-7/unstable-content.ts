import { caller, gone, says } from './unstable.ts'
import { finished, type World } from './world.ts'

export async function helpCenter(world: World): Promise<void> {
  const call = caller(world)
  const { data } = await call('helpCenter.listHelpCenters')
  await call('helpCenter.retrieveHelpCenter', { id: Number(data[0].id) }, says(String(data[0].id)))
  const made = await call('helpCenter.createCollection', { name: 'Returns' })
  const id = Number(made['id'])
  await call('helpCenter.updateCollection', { id, name: 'Sending back' })
  await call('helpCenter.retrieveCollection', { id }, says('Sending back'))
  await call('helpCenter.listAllCollections', {}, says('Sending back'))
  await call('helpCenter.deleteCollection', { id }, gone)
}

export async function articles(world: World): Promise<void> {
  const call = caller(world)
  const words = {
    title: 'Frobnicating',
    body: '<p>How to</p>',
    author_id: Number(world.admin),
    state: 'published',
  }
  const made = await call('articles.createArticle', words)
  const id = Number(made['id'])
  await call('articles.retrieveArticle', { id }, says('Frobnicating'))
  await call('articles.listArticles', {}, says('Frobnicating'))
  await call('articles.searchArticles', { phrase: 'Frobnicating' }, says('Frobnicating'))
  await call('articles.deleteArticle', { id }, gone)
}

export async function news(world: World): Promise<void> {
  const call = caller(world)
  const { data } = await call('news.listNewsfeeds')
  const feed = String(data[0].id)
  await call('news.retrieveNewsfeed', { id: feed }, says(feed))
  const item = { title: 'Halloween', body: '<p>Boo</p>', sender_id: Number(world.admin), state: 'live' }
  const newsfeed_assignments = [{ newsfeed_id: Number(feed), published_at: 1664638214 }]
  const made = await call('news.createNewsItem', { ...item, newsfeed_assignments })
  const id = Number(made['id'])
  await call('news.updateNewsItem', { id, body: { ...item, title: 'Christmas' } })
  await call('news.retrieveNewsItem', { id }, says('Christmas'))
  await call('news.listNewsItems', {}, says('Christmas'))
  await call('news.listLiveNewsfeedItems', { id: feed }, says('Christmas'))
  await call('news.deleteNewsItem', { id }, gone)
}

export async function aiContent(world: World): Promise<void> {
  const call = caller(world)
  const url = 'https://unstable.test'
  const source = await call('aiContent.createContentImportSource', { url, sync_behavior: 'api' })
  const id = String(source['id'])
  await call('aiContent.updateContentImportSource', { id, url: `${url}/new`, sync_behavior: 'api' })
  await call('aiContent.getContentImportSource', { id }, says(`${url}/new`))
  await call('aiContent.listContentImportSources', {}, says(`${url}/new`))
  const words = { title: 'A page', html: '<p>Words</p>', url, source_id: Number(id), external_id: 'page-1' }
  const page = await call('aiContent.createExternalPage', words)
  const of = { id: String(page['id']) }
  await call('aiContent.updateExternalPage', { ...words, ...of, title: 'Another' })
  await call('aiContent.getExternalPage', of, says('Another'))
  await call('aiContent.listExternalPages', {}, says('Another'))
  await call('aiContent.deleteExternalPage', of)
  await call('aiContent.deleteContentImportSource', { id })
}

export async function dataExport(world: World): Promise<void> {
  const call = caller(world)
  const now = Math.floor(Date.now() / 1000)
  const range = { created_at_after: now - 86_400 * 400, created_at_before: now }
  const { job_identifier } = await call('dataExport.createDataExport', range)
  const find = () => call('dataExport.getDataExport', { job_identifier })
  if ((await finished(find))['status'] !== 'completed') throw new Error('the export does not finish')
  await call('dataExport.downloadDataExport', { job_identifier })
  const other = await world.client.dataExport.create(range)
  await call('dataExport.cancelDataExport', { job_identifier: other.job_identifier }, says('canceled'))
}

export async function visitors(world: World): Promise<void> {
  const call = caller(world)
  const { id, user_id } = world.visitor
  await call('visitors.retrieveVisitorWithUserId', { user_id }, says(id))
  await call('visitors.updateVisitor', { id, name: 'A passer-by' }, ({ name }) => name === 'A passer-by')
  const user = { email: 'passer@sdk.test' }
  await call('visitors.convertVisitor', { type: 'user', user, visitor: { user_id } }, says('passer@sdk.test'))
}

export async function laterOperations(world: World): Promise<void> {
  const call = caller(world)
  await call('ticketStates.listTicketStates', {}, ({ data }) => data.length > 0)
  await call('awayStatusReasons.listAwayStatusReasons')
  const from = { type: 'user' as const, id: world.user }
  const begun = await world.client.conversations.create({ from, body: 'By mistake' })
  await call('conversations.deleteConversation', { id: Number(begun.conversation_id) })
}

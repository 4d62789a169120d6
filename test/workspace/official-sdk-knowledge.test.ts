// Articles, the help center and data exports as Intercom's own SDK calls them, as its suite does
// (docs/intercom-api.md 9).
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openSdkWorld, take } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const author_id = Number((await client.admins.identify())?.id)
const [first] = (await client.helpCenters.collections.list({ per_page: 1 })).data
const parent_id = Number.parseInt(first?.id ?? '', 10)

test('it creates, finds, updates, lists and deletes articles', async () => {
  const translated_content = {
    fr: {
      type: 'article_content',
      title: 'Allez les verts',
      description: 'French description',
      body: '<p>French body in html</p>',
      author_id,
      state: 'draft',
    },
  } as const
  const { id } = await client.articles.create({
    ...{ title: 'One two', description: 'Three', body: '<b>Eins Zwei</b>', author_id, state: 'draft' },
    ...{ parent_id, parent_type: 'collection', translated_content },
  })
  assert.equal((await client.articles.find({ article_id: Number(id) })).parent_id, parent_id)
  const updated = await client.articles.update({ article_id: Number(id), title: 'New', state: 'published' })
  assert.deepEqual([updated.title, updated.state], ['New', 'published'])
  const listed = await take(await client.articles.list({ per_page: 3 }))
  assert.equal(listed.filter((one) => one.id === id).length, 1)
  const found = await client.articles.search({ phrase: 'eins zwei', state: 'all', highlight: true })
  assert.deepEqual(
    found.data?.articles?.map((one) => one.id),
    [id],
  )
  assert.equal((await client.articles.delete({ article_id: Number(id) })).deleted, true)
})

test('it creates, finds, updates, lists and deletes collections, and reads help centers', async () => {
  const { collections } = client.helpCenters
  const { id } = await collections.create({ name: 'The Moment', description: 'Yes' })
  const collection_id = Number(id)
  assert.equal((await collections.find({ collection_id })).name, 'The Moment')
  assert.equal((await collections.update({ collection_id, name: 'Later' })).name, 'Later')
  const iterated = await take(await collections.list({ per_page: 1 }))
  assert.equal(iterated.length, new Set(iterated.map((one) => one.id)).size)
  assert.equal(iterated[0]?.id, id)
  assert.equal((await collections.delete({ collection_id })).deleted, true)
  const { data } = await client.helpCenters.list()
  assert.equal((await client.helpCenters.find({ help_center_id: Number(data?.[0]?.id) })).id, data?.[0]?.id)
})

test('it creates, finds and cancels exports, one after the other', async () => {
  const period = { created_at_after: 1_670_000_000, created_at_before: 1_670_940_528 }
  for (const _ of ['create', 'find']) {
    const { job_identifier = '' } = await client.dataExport.create(period)
    assert.equal((await client.dataExport.find({ job_identifier })).status, 'pending')
    assert.equal((await client.dataExport.cancel({ job_identifier })).status, 'canceled')
  }
})

test('it writes news and content for AI', async () => {
  const news = await client.news.items.create({ title: 'New', sender_id: author_id, state: 'live' })
  assert.equal(news.state, 'live')
  const { id, status } = await client.aiContent.createContentImportSource({ url: 'https://a.example' })
  assert.equal(status, 'active')
  await client.aiContent.deleteContentImportSource({ source_id: String(id) })
})

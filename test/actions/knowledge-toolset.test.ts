import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'
import { toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small' })
const connection = { accessToken: workspace.accessToken, dispatcher: workspace.dispatcher }
const intercom = createIntercom({ ...connection, toolsets: ['knowledge'], settleMs: [1] })
const of = await toolsetSubjects(createIntercom({ ...connection, toolsets: ['all'] }))
workspace.control.snapshot('start')
after(async () => {
  await intercom.close()
  await workspace.close()
})

const writes = () =>
  workspace.control
    .requests(1000)
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`)

test('articles are listed, searched with a snippet, and filtered by state', async () => {
  const all = await intercom.searchArticles({ per_page: 50 })
  assert.ok(all.articles.length > 1)
  const [first] = all.articles
  const word = String(first?.title.split(' ').at(-1)).replace(/\W/g, '')
  const found = await intercom.searchArticles({ phrase: word })
  assert.ok(found.articles.some(({ id }) => id === first?.id))
  const ofInvoices = await intercom.searchArticles({ phrase: 'invoice' })
  assert.ok(ofInvoices.articles.some(({ snippet }) => /invoice/i.test(String(snippet))))
  const drafts = await intercom.searchArticles({ state: 'draft' })
  assert.ok(drafts.articles.length > 0 && drafts.articles.every(({ state }) => state === 'draft'))
  const none = await intercom.searchArticles({ phrase: 'zyxwvut' })
  assert.deepEqual([none.success, none.articles, none.total_count], [true, [], 0])
})

test('an article is written as a draft, changed, put live with new text, and taken down', async () => {
  const made = await intercom.createArticle({
    title: 'How to pay',
    author_id: of.admin,
    body: '<p>By card.</p>',
  })
  assert.deepEqual([made.error, made.result?.state, made.result?.url], [null, 'draft', null])
  const article_id = String(made.result?.id)
  const changed = await intercom.updateArticle({ article_id, description: 'Cards and invoices' })
  assert.deepEqual([changed.result?.description, changed.result?.title], ['Cards and invoices', 'How to pay'])
  const live = await intercom.publishArticle({ article_id, body: '<p>By card or invoice.</p>' })
  assert.equal(live.result?.state, 'published')
  const refused = await intercom.updateArticle({ article_id, title: 'Other' })
  assert.match(String(refused.error), /is published, and a change would be live at once\. .*publish_article/)
  assert.equal(refused.failure?.outcome, 'not_sent')
  assert.equal((await intercom.publishArticle({ article_id, state: 'draft' })).result?.state, 'draft')
})

for (const [input, problem] of [
  [{ title: ' ' }, /title is empty/],
  [{ author_id: 'Bo' }, /author_id is not the id of a teammate/],
  [{ body: 'Write <your name>' }, /body is HTML, in which <your name> would vanish/],
  [{ collection_id: 'Billing' }, /collection_id is not the id of a collection/],
] as const)
  test(`create_article refuses ${JSON.stringify(input)}`, async () => {
    workspace.control.clearRequests()
    const call = { title: 'A title', author_id: of.admin, ...input }
    const { success, error } = await intercom.run('create_article', call)
    assert.equal(success, false)
    assert.match(String(error), problem)
    assert.deepEqual(writes(), [])
  })

test('an update without anything to change is refused', async () => {
  const { error } = await intercom.updateArticle({ article_id: of.draft })
  assert.match(String(error), /article_id is given, and nothing to change/)
})

test('a new article whose answer is lost is found, and not written again', async () => {
  workspace.control.clearRequests()
  workspace.control.addFault({ kind: 'commit_reset', route: 'POST /articles', count: 1 })
  const { success, trace } = await intercom.createArticle({ title: 'Lost and found', author_id: of.admin })
  assert.deepEqual([success, trace.verified_by], [true, 'read_back'])
  assert.deepEqual(writes(), ['POST /articles'])
})

test('a new article that is not seen afterwards stays unknown', async () => {
  const lost: Reply = (_, socket) => socket.destroy()
  const none = { json: { type: 'list', data: [], total_count: 0 } }
  const options = { toolsets: ['knowledge'], onUnknown: 'verify', settleMs: [1] } as const
  const server = await scriptedIntercom([lost, none], options)
  const { failure } = await server.intercom.call('create_article', { title: 'T', author_id: '1' })
  assert.equal(failure?.outcome, 'unknown')
  assert.match(String(failure?.hint), /Do not send it again\..*search_articles/)
  await server.close()
})

test('collections have names', async () => {
  const { collections } = await intercom.listCollections({})
  assert.ok(collections.length > 0 && collections.every(({ id, name }) => id !== '' && name !== ''))
})

test('a model reads an article as text, a list without texts, and a write without its text', async () => {
  const { call } = intercomTools(intercom)
  const one = await call('get_article', { article_id: of.draft })
  assert.match(one.text, /text: /)
  assert.doesNotMatch(one.text, /<p>/)
  const list = await call('search_articles', {})
  assert.match(list.text, /get_article has them/)
  assert.doesNotMatch(list.text, /text: /)
  const written = await call('update_article', { article_id: of.draft, title: 'New' })
  assert.match(written.text, /title: New/)
  assert.doesNotMatch(written.text, /text: /)
})

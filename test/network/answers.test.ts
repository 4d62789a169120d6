import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statusOf } from '../../src/core/http-status.ts'
import { createIntercom } from '../../src/index.ts'
import { errorList, type Received, type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'

const id = '6762f0dd1bb69f9f2193bb83'
const page = (status: number): Reply => {
  return (response) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end('<title>Blocked</title><p>Ask IT</p>')
}

test('a page with 404 is no missing contact: upsert makes no second one, and REST does not say 404', async () => {
  let blocked = false
  const server = await scriptedIntercom(({ method, path }: Received) => {
    if (path.startsWith('/contacts/search')) return { json: { type: 'list', data: [], total_count: 0 } }
    if (method === 'GET' && blocked) return page(404)
    return { json: { type: 'contact', id, role: 'user', email: 'ada@example.com' } }
  })
  const upsert = () => server.intercom.call('upsert_contact', { email: 'ada@example.com' })
  assert.equal((await upsert()).output.error, null)
  blocked = true
  const { output, failure } = await upsert()
  assert.deepEqual([failure?.code, failure?.status], ['unreadable_answer', 404])
  assert.match(String(output.error), /not a JSON object \(text\/html, "Blocked"\)\. .*something in between/)
  assert.equal(
    server.received.filter(({ method, path }) => method === 'POST' && path === '/contacts').length,
    1,
  )
  const read = await server.intercom.call('get_contact', { contact_id: id })
  assert.doesNotMatch(String(read.output.error), /search_contacts/)
  assert.equal(statusOf(read.failure), 502)
  await server.close()
})

test('a 404 that is Intercom’s own still says where to find the id, and one of a search where to look', async () => {
  const server = await scriptedIntercom([{ status: 404, json: errorList('not_found', 'Resource Not Found') }])
  const { intercom } = server
  assert.match(
    String((await intercom.getContact({ contact_id: id })).error),
    /Find the id with search_contacts/,
  )
  const search = await intercom.searchContacts({ query_value: 'ada@example.com' })
  assert.match(String(search.error), /404 not_found: .*check the base URL/)
  assert.match(String((await intercom.listTags()).error), /check the base URL/)
  await server.close()
})

test('a token that is pasted with more than itself is refused before anything is sent, in words that hold none of it', () => {
  for (const [accessToken, said] of [
    [
      'Bearer dG9rOnNlY3JldC1zZWNyZXQ=',
      /^the access token begins with the name of an authentication scheme\. Give only/,
    ],
    ['<your access token>', /^the access token is a placeholder\./],
  ] as const) {
    assert.throws(() => createIntercom({ accessToken }), { code: 'invalid_token', message: said })
  }
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { World } from './world.ts'

interface Named {
  readonly id: string
}

const sources = '/ai/content_import_sources'
const pages = '/ai/external_pages'
const items = '/news/news_items'

/** AI content, news, and an export of what was sent. */
export function driveContent(world: World): void {
  const { ask, me } = world

  test('sources and their pages are made, changed, listed and deleted', async () => {
    const body = { sync_behavior: 'api', url: 'https://www.example.com' }
    const { id } = await ask<Named>('POST', sources, { body })
    await ask('PUT', `${sources}/${id}`, { body: { ...body, status: 'deactivated' } })
    await ask('GET', `${sources}/${id}`)
    await ask('GET', sources)
    const page = { title: 'Test', html: '<h1>Test</h1>', locale: 'en', source_id: id, external_id: 'abc' }
    const made = await ask<Named>('POST', pages, { body: page })
    await ask('POST', pages, { body: { ...page, external_id: 'def', fin_availability: false } })
    await ask('PUT', `${pages}/${made.id}`, { body: { ...page, url: 'https://www.example.com/1' } })
    await ask('GET', `${pages}/${made.id}`)
    await ask('GET', `${pages}?per_page=1`)
    await ask('DELETE', `${pages}/${made.id}`)
    await ask('DELETE', `${sources}/${id}`)
    assert.equal((await world.refused('GET', `${sources}/${id}`)).status, 404)
  })

  test('news are written, published on a feed and deleted', async () => {
    const { data } = await ask<{ data: readonly Named[] }>('GET', '/news/newsfeeds')
    const feed = `/news/newsfeeds/${data[0]?.id}`
    await ask('GET', feed)
    const fields = {
      title: 'New',
      body: 'Now',
      sender_id: me.id,
      reactions: ['👍', null],
      labels: ['Product'],
    }
    const newsfeed_assignments = [{ newsfeed_id: data[0]?.id }]
    const { id } = await ask<Named>('POST', items, { body: { ...fields, newsfeed_assignments } })
    await ask('GET', items)
    await ask('PUT', `${items}/${id}`, { body: { state: 'live', deliver_silently: true } })
    await ask('GET', `${items}/${id}`)
    assert.equal((await ask<{ total_count: number }>('GET', `${feed}/items`)).total_count, 1)
    await ask('DELETE', `${items}/${id}`)
  })

  test('an export runs, is downloaded over the socket, and can be canceled', async () => {
    const body = { created_at_after: 0, created_at_before: 4_000_000_000 }
    const job = await ask<{ job_identifier: string }>('POST', '/export/content/data', { body })
    const path = `/export/content/data/${job.job_identifier}`
    assert.equal((await world.refused('POST', '/export/content/data', { body })).status, 429)
    world.workspace.control.clock.advance(2)
    const { status, download_url } = await ask<{ status: string; download_url: string }>('GET', path)
    assert.equal(status, 'completed')
    const headers = { authorization: `Bearer ${world.accessToken}`, accept: 'application/octet-stream' }
    const answer = await fetch(download_url, { headers })
    const [header, first] = String(gunzipSync(await answer.bytes())).split('\n')
    assert.equal(header?.split(',').length, 26)
    assert.ok(first)
    const next = await ask<{ job_identifier: string }>('POST', '/export/content/data', { body })
    await ask('POST', `/export/cancel/${next.job_identifier}`)
  })
}

import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface Named {
  readonly id: string
}

interface Found {
  readonly data: { readonly articles: readonly Named[]; readonly highlights: readonly object[] }
}

const collections = '/help_center/collections'

/** Collections and the articles in them. */
export function driveKnowledge(world: World): void {
  const { ask, me } = world

  test('collections and articles are made, changed, listed, found and deleted', async () => {
    const named = { name: 'Getting started', translated_content: { fr: { name: 'Débuter' } } }
    const { id: top } = await ask<Named>('POST', collections, { body: named })
    const { id: inside } = await ask<Named>('POST', collections, {
      body: { name: 'First steps', parent_id: top },
    })
    await ask('PUT', `${collections}/${inside}`, { body: { description: 'One after the other' } })
    await ask('GET', `${collections}/${inside}`)

    const fields = { author_id: Number(me.id), parent_id: Number(inside), parent_type: 'collection' }
    const body = '<h1>Hello</h1><p>See <a href="https://a.example">this</a></p><ul><li>One</li></ul>'
    const { id } = await ask<Named>('POST', '/articles', { body: { title: 'Hello world', body, ...fields } })
    await ask('PUT', `/articles/${id}`, {
      body: { state: 'published', translated_content: { de: { title: 'Hallo' } } },
    })
    await ask('GET', `/articles/${id}`)
    const second = await ask<Named>('POST', '/articles', { body: { title: 'Alone', author_id: me.id } })

    for (const path of ['/articles', collections]) {
      for (const query of ['', '?per_page=1', '?per_page=1&page=2', '?page=99'])
        await ask('GET', path + query)
    }
    const query = 'phrase=hello&highlight=true&state=published'
    const found = await ask<Found>('GET', `/articles/search?${query}`)
    assert.deepEqual(
      found.data.articles.map((article) => article.id),
      [id],
    )
    assert.equal(found.data.highlights.length, 1)
    await ask('GET', '/articles/search')

    await ask('DELETE', `/articles/${second.id}`)
    await ask('DELETE', `${collections}/${top}`)
    await ask('GET', `/articles/${id}`)
  })

  test('help centers are listed and read', async () => {
    const { data } = await ask<{ data: readonly Named[] }>('GET', '/help_center/help_centers')
    await ask('GET', `/help_center/help_centers/${data[0]?.id}`)
  })
}

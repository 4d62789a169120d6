import type { Desk } from './desk.ts'
import { always, fresh, myId, type Situations } from './situation.ts'

interface Named {
  readonly id: string
}

const collections = '/help_center/collections'

async function makeCollection(desk: Desk, fields: object = {}): Promise<string> {
  const body = { name: 'English collection title', description: 'english collection description', ...fields }
  return (await desk.ask<Named>('POST', collections, body)).id
}

/** A published article in a collection. */
async function makeArticle(desk: Desk, fields: object = {}): Promise<string> {
  const parent_id = await makeCollection(desk)
  const title = 'This is the article title'
  const body = { title, author_id: await myId(desk), state: 'published', parent_id, ...fields }
  return (await desk.ask<Named>('POST', '/articles', body)).id
}

const thanks = {
  title: 'Thanks for everything',
  description: 'Description of the Article',
  body: 'Body of the Article',
  state: 'published',
}
const christmas = { title: 'Christmas is here!', body: '<p>New gifts in store for the jolly season</p>' }

/** Articles and the help center. */
export const knowledgeSituations: Situations = {
  'GET /articles 200 successful': fresh(async (desk) => {
    await makeArticle(desk)
    return { path: '/articles' }
  }),
  'POST /articles 200 article created': fresh(async (desk) => {
    const author_id = Number(await myId(desk))
    const parent_id = Number(await makeCollection(desk))
    const fr = {
      title: 'Merci pour tout',
      description: "Description de l'article",
      body: "Corps de l'article",
    }
    const translated_content = { fr: { ...fr, author_id, state: 'published' } }
    const body = { ...thanks, author_id, parent_id, parent_type: 'collection', translated_content }
    return { path: '/articles', body }
  }),
  'POST /articles 400 Bad Request': always('/articles', thanks),
  'GET /articles/{id} 200 Article found': fresh(async (desk) => ({
    path: `/articles/${await makeArticle(desk)}`,
  })),
  'GET /articles/{id} 404 Article not found': always('/articles/123'),
  'PUT /articles/{id} 200 successful': fresh(async (desk) => ({
    path: `/articles/${await makeArticle(desk)}`,
    body: christmas,
  })),
  'PUT /articles/{id} 404 Article Not Found': always('/articles/123', christmas),
  'DELETE /articles/{id} 200 successful': fresh(async (desk) => ({
    path: `/articles/${await makeArticle(desk)}`,
  })),
  'DELETE /articles/{id} 404 Article Not Found': always('/articles/123'),
  'GET /articles/search 200 Search successful': fresh(async (desk) => {
    await makeArticle(desk, { title: 'Title 1', state: 'draft', parent_id: null })
    return { path: '/articles/search?phrase=Title' }
  }),
  'GET /help_center/collections 200 Successful': fresh(async (desk) => {
    const parent_id = await makeCollection(desk)
    await makeCollection(desk, { name: 'English section title', parent_id })
    return { path: collections }
  }),
  'POST /help_center/collections 200 collection created': always(collections, {
    name: 'Thanks for everything',
  }),
  'POST /help_center/collections 400 Bad Request': always(collections, {
    description: 'Missing required parameter',
  }),
  'GET /help_center/collections/{id} 200 Collection found': fresh(async (desk) => ({
    path: `${collections}/${await makeCollection(desk)}`,
  })),
  'GET /help_center/collections/{id} 404 Collection not found': always(`${collections}/123`),
  'PUT /help_center/collections/{id} 200 successful': fresh(async (desk) => ({
    path: `${collections}/${await makeCollection(desk)}`,
    body: { name: 'Update collection name' },
  })),
  'PUT /help_center/collections/{id} 404 Collection Not Found': always(`${collections}/123`, {
    name: 'Update collection name',
  }),
  'DELETE /help_center/collections/{id} 200 successful': fresh(async (desk) => ({
    path: `${collections}/${await makeCollection(desk)}`,
  })),
  'DELETE /help_center/collections/{id} 404 collection Not Found': always(`${collections}/123`),
  'GET /help_center/help_centers/{id} 200 Collection found': fresh(async (desk) => {
    const { data } = await desk.ask<{ data: Named[] }>('GET', '/help_center/help_centers')
    return { path: `/help_center/help_centers/${data[0]?.id}` }
  }),
  'GET /help_center/help_centers/{id} 404 Collection not found': always('/help_center/help_centers/123'),
  'GET /help_center/help_centers 200 Help Centers found': always('/help_center/help_centers'),
}

import type { Desk } from './desk.ts'
import { always, fresh, myId, type Situations } from './situation.ts'

const sources = '/ai/content_import_sources'
const pages = '/ai/external_pages'
const items = '/news/news_items'

async function makeSource(desk: Desk): Promise<number> {
  const body = { sync_behavior: 'api', url: 'https://www.example.com' }
  return (await desk.ask<{ id: number }>('POST', sources, body)).id
}

const test = { html: '<html><body><h1>Test</h1></body></html>', locale: 'en', title: 'Test' }

async function pageOf(desk: Desk): Promise<object> {
  const url = 'https://www.example.com'
  return { ...test, url, external_id: 'abc1234', source_id: await makeSource(desk) }
}

async function makePage(desk: Desk): Promise<string> {
  return (await desk.ask<{ id: string }>('POST', pages, await pageOf(desk))).id
}

const christmas = {
  title: 'Christmas is here!',
  body: '<p>New gifts in store for the jolly season</p>',
  reactions: ['😝', '😂'],
}

async function feedId(desk: Desk): Promise<string> {
  const { data } = await desk.ask<{ data: { id: string }[] }>('GET', '/news/newsfeeds')
  return data[0]?.id ?? 'none'
}

async function makeItem(desk: Desk, fields: object = {}): Promise<string> {
  const body = { title: 'We have news', body: '<p>Hello there,</p>', sender_id: await myId(desk), ...fields }
  return (await desk.ask<{ id: string }>('POST', items, body)).id
}

async function live(desk: Desk): Promise<object> {
  return { state: 'live', newsfeed_assignments: [{ newsfeed_id: Number(await feedId(desk)) }] }
}

async function makeJob(desk: Desk): Promise<string> {
  const body = { created_at_after: 1_736_183_825, created_at_before: 1_736_201_825 }
  const job = await desk.ask<{ job_identifier: string }>('POST', '/export/content/data', body)
  return job.job_identifier
}

/** AI content, news and data exports. */
export const contentSituations: Situations = {
  [`GET ${sources} 200 successful`]: fresh(async (desk) => {
    await makeSource(desk)
    return { path: sources }
  }),
  [`POST ${sources} 200 successful`]: always(sources, {
    sync_behavior: 'api',
    url: 'https://www.example.com',
  }),
  [`GET ${sources}/{id} 200 successful`]: fresh(async (desk) => ({
    path: `${sources}/${await makeSource(desk)}`,
  })),
  [`PUT ${sources}/{id} 200 successful`]: fresh(async (desk) => ({
    path: `${sources}/${await makeSource(desk)}`,
    body: { sync_behavior: 'api', url: 'https://www.example.com' },
  })),
  [`GET ${pages} 200 successful`]: fresh(async (desk) => {
    await makePage(desk)
    return { path: pages }
  }),
  [`POST ${pages} 200 successful`]: fresh(async (desk) => ({ path: pages, body: await pageOf(desk) })),
  [`GET ${pages}/{id} 200 successful`]: fresh(async (desk) => ({ path: `${pages}/${await makePage(desk)}` })),
  [`PUT ${pages}/{id} 200 successful`]: fresh(async (desk) => {
    const body = { ...(await pageOf(desk)), external_id: '5678' }
    const { id } = await desk.ask<{ id: string }>('POST', pages, body)
    return { path: `${pages}/${id}`, body }
  }),
  [`DELETE ${pages}/{id} 200 successful`]: fresh(async (desk) => ({
    path: `${pages}/${await makePage(desk)}`,
  })),
  [`GET ${items} 200 successful`]: fresh(async (desk) => {
    await makeItem(desk)
    await makeItem(desk)
    return { path: items }
  }),
  [`POST ${items} 200 successful`]: fresh(async (desk) => ({
    path: items,
    body: {
      title: 'Halloween is here!',
      body: '<p>New costumes in store for this spooky season</p>',
      labels: ['Product', 'Update', 'New'],
      sender_id: Number(await myId(desk)),
      deliver_silently: true,
      reactions: ['😆', '😅'],
      state: 'live',
      newsfeed_assignments: [{ newsfeed_id: Number(await feedId(desk)), published_at: 1_664_638_214 }],
    },
  })),
  [`GET ${items}/{id} 200 successful`]: fresh(async (desk) => ({
    path: `${items}/${await makeItem(desk, await live(desk))}`,
  })),
  [`GET ${items}/{id} 404 News Item Not Found`]: always(`${items}/123`),
  [`PUT ${items}/{id} 200 successful`]: fresh(async (desk) => ({
    path: `${items}/${await makeItem(desk, { state: 'live' })}`,
    body: { ...christmas, sender_id: await myId(desk) },
  })),
  [`PUT ${items}/{id} 404 News Item Not Found`]: always(`${items}/123`, christmas),
  [`DELETE ${items}/{id} 200 successful`]: fresh(async (desk) => ({
    path: `${items}/${await makeItem(desk)}`,
  })),
  [`DELETE ${items}/{id} 404 News Item Not Found`]: always(`${items}/123`),
  'GET /news/newsfeeds/{id}/items 200 successful': fresh(async (desk) => ({
    path: `/news/newsfeeds/${await feedId(desk)}/items`,
  })),
  'GET /news/newsfeeds 200 successful': always('/news/newsfeeds'),
  'GET /news/newsfeeds/{id} 200 successful': fresh(async (desk) => ({
    path: `/news/newsfeeds/${await feedId(desk)}`,
  })),
  'POST /export/content/data 200 successful': always('/export/content/data', {
    created_at_after: 1_736_183_825,
    created_at_before: 1_736_201_825,
  }),
  'GET /export/content/data/{job_identifier} 200 successful': fresh(async (desk) => ({
    path: `/export/content/data/${await makeJob(desk)}`,
  })),
  'POST /export/cancel/{job_identifier} 200 successful': fresh(async (desk) => ({
    path: `/export/cancel/${await makeJob(desk)}`,
  })),
}

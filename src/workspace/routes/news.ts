import { seconds } from '../clock.ts'
import { bodyToHtml } from '../html.ts'
import { invalid, mismatch, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { Input, isObject } from '../http/input.ts'
import { changeRow } from '../store/knowledge.ts'
import type { NewsfeedAssignmentRow, NewsfeedRow, NewsItemRow } from '../store/news-tables.ts'
import type { Store } from '../store/store.ts'
import { teammate } from './articles.ts'
import { findRow, foundRow, keptRows } from './kept-rows.ts'
import { pageList } from './page-list.ts'

const found = (store: Store, id: unknown) => foundRow<NewsItemRow>(store, 'news_items', id)
const findFeed = (store: Store, id: unknown) => findRow<NewsfeedRow>(store, 'newsfeeds', id)

function newsItem(store: Store, row: NewsItemRow) {
  const assignments = store.db.all<NewsfeedAssignmentRow>(
    'SELECT * FROM newsfeed_assignments WHERE news_item_id = ? ORDER BY newsfeed_id',
    row.id,
  )
  return {
    id: String(row.id),
    type: 'news-item',
    workspace_id: store.app.id_code,
    title: row.title,
    body: row.body,
    sender_id: row.sender_id,
    state: row.state,
    labels: JSON.parse(row.labels),
    cover_image_url: row.cover_image_url,
    reactions: JSON.parse(row.reactions),
    deliver_silently: row.deliver_silently === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
    newsfeed_assignments: assignments.map(({ newsfeed_id, published_at }) => ({
      newsfeed_id,
      ...(published_at === null ? {} : { published_at }),
    })),
  }
}

function newsfeed({ id, name, created_at, updated_at }: NewsfeedRow) {
  return { id: String(id), type: 'newsfeed', name, created_at, updated_at }
}

/** What a request says of an item; what it does not say is not there. */
function contentIn({ store, body, rewrite }: RouteCall) {
  const title = body.text('title')
  if (title !== undefined && !title?.trim()) throw invalid('Title is required')
  const html = body.text('body')
  const sender = body.get('sender_id')
  const labels = texts(body, 'labels')
  const state = body.option('state', ['draft', 'live'])
  const reactions = texts(body, 'reactions')
  const silently = body.flag('deliver_silently')
  return {
    ...(title ? { title } : {}),
    ...(html === undefined ? {} : { body: rewrite(bodyToHtml(html ?? '')) }),
    ...(sender === undefined || sender === null ? {} : { sender_id: teammate(store, sender, 'Sender') }),
    ...(state === undefined ? {} : { state }),
    // In alphabetical order (docs/intercom-api.md 2.15).
    ...(labels === undefined ? {} : { labels: labels.filter((label) => label !== null).sort() }),
    ...(reactions === undefined ? {} : { reactions }),
    ...(typeof silently === 'boolean' ? { deliver_silently: silently } : {}),
  }
}

/** A list of texts, some of which may be null. */
function texts(body: Input, name: string): (string | null)[] | undefined {
  const list = body.array(name) ?? undefined
  return list?.map((item) => {
    if (item !== null && typeof item !== 'string') throw mismatch(name, 'an array of strings')
    return item
  })
}

/** The feeds a request assigns an item to, with the second of publication where it is given. */
function assignmentsIn({ store, body }: RouteCall): Map<number, number | undefined> | undefined {
  const list = body.array('newsfeed_assignments') ?? undefined
  if (list === undefined) return undefined
  const assignments = new Map<number, number | undefined>()
  for (const item of list) {
    if (!isObject(item)) throw mismatch('newsfeed_assignments', 'an array of objects')
    const given = new Input(item)
    const feed = findFeed(store, given.get('newsfeed_id'))
    if (feed === undefined) throw invalid('Newsfeed not found')
    const at = given.time('published_at') ?? undefined
    if (at !== undefined && at > seconds(store.clock)) throw invalid('Published At cannot be in the future')
    assignments.set(feed.id, at)
  }
  return assignments
}

/** Puts an item on feeds; a draft is published on none (docs/intercom-api.md 3.19). */
function assign(store: Store, id: number, assignments: ReadonlyMap<number, number | undefined> | undefined) {
  if (assignments !== undefined) {
    store.db.run('DELETE FROM newsfeed_assignments WHERE news_item_id = ?', id)
    for (const [newsfeed_id, published_at = null] of assignments) {
      store.insert('newsfeed_assignments', { news_item_id: id, newsfeed_id, published_at })
    }
  }
  const isLive = found(store, id).state === 'live'
  store.db.run(
    `UPDATE newsfeed_assignments SET published_at = ${isLive ? 'ifnull(published_at, ?)' : 'nullif(?, ?)'}
     WHERE news_item_id = ?`,
    ...(isLive ? [seconds(store.clock)] : [0, 0]),
    id,
  )
}

function create(call: RouteCall) {
  const { store } = call
  const content = contentIn(call)
  const { title, sender_id } = content
  if (title === undefined) throw missing('title is required')
  if (sender_id === undefined) throw missing('sender_id is required')
  const assignments = assignmentsIn(call)
  const at = seconds(store.clock)
  const id = store.nextId('news_items')
  store.insert('news_items', { ...content, title, sender_id, id, created_at: at, updated_at: at })
  assign(store, id, assignments)
  return newsItem(store, found(store, id))
}

function update(call: RouteCall) {
  const { store, params } = call
  const { id } = found(store, params['id'])
  const content = contentIn(call)
  const assignments = assignmentsIn(call)
  if (Object.keys(content).length > 0 || assignments !== undefined) {
    changeRow(store, 'news_items', id, { ...content, updated_at: seconds(store.clock) })
    assign(store, id, assignments)
  }
  return newsItem(store, found(store, id))
}

function remove({ store, params }: RouteCall) {
  const { id } = found(store, params['id'])
  store.db.run('DELETE FROM newsfeed_assignments WHERE news_item_id = ?', id)
  store.db.run('DELETE FROM news_items WHERE id = ?', id)
  return { id: String(id), object: 'news-item', deleted: true }
}

/** The live items of a feed, the last published first. */
function itemsOfFeed(call: RouteCall) {
  const { store, params } = call
  const feed = foundRow<NewsfeedRow>(store, 'newsfeeds', params['id'])
  return pageList<NewsItemRow>(
    call,
    20,
    {
      from: "news_items JOIN newsfeed_assignments ON news_item_id = id WHERE newsfeed_id = ? AND state = 'live'",
      order: 'published_at DESC, id DESC',
      values: [feed.id],
    },
    (row) => newsItem(store, row),
  )
}

/** News items, newest first, and newsfeeds (docs/intercom-api.md 3.19). */
export const newsRoutes: readonly Route[] = [
  ...keptRows<NewsItemRow>({
    path: '/news/news_items',
    table: 'news_items',
    size: 10,
    order: 'id DESC',
    shape: (row, store) => newsItem(store, row),
    create,
    update,
    remove,
  }),
  ...keptRows({ path: '/news/newsfeeds', table: 'newsfeeds', size: 10, order: 'id', shape: newsfeed }),
  { method: 'GET', path: '/news/newsfeeds/:id/items', handle: itemsOfFeed },
]

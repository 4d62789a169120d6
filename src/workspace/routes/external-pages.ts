import { seconds } from '../clock.ts'
import { invalid, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { changeRow } from '../store/knowledge.ts'
import type { ExternalPageRow } from '../store/knowledge-tables.ts'
import type { Store } from '../store/store.ts'
import { findSource, required, webAddress } from './content-import-sources.ts'
import { foundRow, keptRows } from './kept-rows.ts'

const found = (store: Store, id: unknown) => foundRow<ExternalPageRow>(store, 'external_pages', id)

function externalPage(row: ExternalPageRow) {
  const agent = row.ai_agent_availability === 1
  const copilot = row.ai_copilot_availability === 1
  return {
    id: String(row.id),
    type: 'external_page',
    title: row.title,
    html: row.html,
    ...(row.url === null ? {} : { url: row.url }),
    ai_agent_availability: agent,
    ai_copilot_availability: copilot,
    ai_sales_agent_availability: agent,
    fin_availability: agent && copilot,
    locale: row.locale,
    source_id: row.source_id,
    external_id: row.external_id,
    created_at: row.created_at,
    updated_at: row.updated_at,
    last_ingested_at: row.last_ingested_at,
  }
}

/** What creating and updating have in common. */
function contentIn({ store, body }: RouteCall) {
  const title = required(body, 'title')
  const html = body.text('html')
  if (html === undefined || html === null) throw missing('html is required')
  required(body, 'locale')
  body.option('locale', ['en'])
  const given = body.get('source_id')
  if (given === undefined || given === null) throw missing('source_id is required')
  const source = findSource(store, given)
  if (source === undefined) throw invalid('Source not found')
  if (source.sync_behavior !== 'api') throw invalid('Pages of this source are not made by the API')
  return { title, html, source_id: source.id, ...availability(body) }
}

/** `fin_availability` is the word of older versions for both others (docs/intercom-api.md 2.16). */
function availability(body: Input) {
  const fin = body.flag('fin_availability')
  const agent = body.flag('ai_agent_availability') ?? fin
  const copilot = body.flag('ai_copilot_availability') ?? fin
  return {
    ...(typeof agent === 'boolean' ? { ai_agent_availability: agent } : {}),
    ...(typeof copilot === 'boolean' ? { ai_copilot_availability: copilot } : {}),
  }
}

function ofSource(store: Store, source_id: number, external_id: string): ExternalPageRow | undefined {
  const sql = 'SELECT * FROM external_pages WHERE source_id = ? AND external_id = ?'
  return store.db.get<ExternalPageRow>(sql, source_id, external_id)
}

/** A page of the same source and external id is updated (docs/intercom-api.md 3.18). */
function createOrUpdate(call: RouteCall) {
  const { store, body } = call
  const content = contentIn(call)
  const external_id = required(body, 'external_id')
  const url = body.get('url') === undefined || body.get('url') === null ? undefined : webAddress(body, 'url')
  const at = seconds(store.clock)
  const row = ofSource(store, content.source_id, external_id)
  const changes = { ...content, ...(url && { url }), updated_at: at, last_ingested_at: at }
  if (row !== undefined) {
    changeRow(store, 'external_pages', row.id, changes)
    return externalPage(found(store, row.id))
  }
  const id = store.nextId('external_pages')
  store.insert('external_pages', { ...changes, id, external_id, created_at: at })
  return externalPage(found(store, id))
}

function update(call: RouteCall) {
  const { store, params, body } = call
  const row = found(store, params['id'])
  const content = contentIn(call)
  const url = webAddress(body, 'url')
  const external_id = body.text('external_id') ? required(body, 'external_id') : row.external_id
  const other = ofSource(store, content.source_id, external_id)
  if (other !== undefined && other.id !== row.id) throw invalid('External ID is already taken')
  const at = seconds(store.clock)
  const changes = { ...content, url, external_id, updated_at: at, last_ingested_at: at }
  changeRow(store, 'external_pages', row.id, changes)
  return externalPage(found(store, row.id))
}

function remove({ store, params }: RouteCall) {
  const row = found(store, params['id'])
  store.db.run('DELETE FROM external_pages WHERE id = ?', row.id)
  return externalPage({ ...row, html: '' })
}

/** Pages that AI agents answer from, newest first (docs/intercom-api.md 3.18). */
export const externalPageRoutes: readonly Route[] = keptRows({
  path: '/ai/external_pages',
  table: 'external_pages',
  size: 50,
  order: 'id DESC',
  shape: externalPage,
  create: createOrUpdate,
  update,
  remove,
})

import { seconds } from '../clock.ts'
import { invalid, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { changeRow } from '../store/knowledge.ts'
import type { ContentImportSourceRow } from '../store/knowledge-tables.ts'
import type { Store } from '../store/store.ts'
import { findRow, foundRow, keptRows } from './kept-rows.ts'

/** A content import source by id, given as a number or as digits. */
export const findSource = (store: Store, id: unknown) =>
  findRow<ContentImportSourceRow>(store, 'content_import_sources', id)
const found = (store: Store, id: unknown) =>
  foundRow<ContentImportSourceRow>(store, 'content_import_sources', id)

function source(row: ContentImportSourceRow) {
  return {
    id: row.id,
    type: 'content_import_source',
    last_synced_at: row.last_synced_at,
    status: row.status,
    url: row.url,
    sync_behavior: row.sync_behavior,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** A required text that is a web address. */
export function webAddress(body: Input, name: string): string {
  const text = required(body, name)
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw invalid(`${name} is invalid`)
  return text
}

/** A required text that is not blank. */
export function required(body: Input, name: string): string {
  const text = body.text(name)
  if (text === undefined || text === null || text.trim() === '') throw missing(`${name} is required`)
  return text
}

function create({ store, body }: RouteCall) {
  required(body, 'sync_behavior')
  body.option('sync_behavior', ['api'])
  const url = webAddress(body, 'url')
  const status = body.option('status', ['active', 'deactivated'])
  const at = seconds(store.clock)
  const id = store.nextId('content_import_sources')
  store.insert('content_import_sources', {
    id,
    url,
    status,
    created_at: at,
    updated_at: at,
    last_synced_at: at,
  })
  return source(found(store, id))
}

/** `sync_behavior` changes neither to `api` nor away from it (docs/intercom-api.md 3.18). */
function update({ store, params, body }: RouteCall) {
  const row = found(store, params['id'])
  required(body, 'sync_behavior')
  const given = body.option('sync_behavior', ['api', 'automated', 'automatic', 'manual']) ?? row.sync_behavior
  const behavior = given === 'automated' ? 'automatic' : given
  if ((behavior === 'api') !== (row.sync_behavior === 'api')) {
    throw invalid('Sync Behavior can not be changed to or from api')
  }
  const url = webAddress(body, 'url')
  if (behavior !== 'api' && url !== row.url) throw invalid('URL can only be changed if Sync Behavior is api')
  const status = body.option('status', ['active', 'deactivated']) ?? row.status
  const changes = { sync_behavior: behavior, url, status, updated_at: seconds(store.clock) }
  changeRow(store, 'content_import_sources', row.id, changes)
  return source(found(store, row.id))
}

function remove({ store, params }: RouteCall) {
  const { id } = found(store, params['id'])
  store.db.run('DELETE FROM external_pages WHERE source_id = ?', id)
  store.db.run('DELETE FROM content_import_sources WHERE id = ?', id)
  return null
}

/** Sources of external pages, in the order of the example, oldest first (docs/intercom-api.md 3.18). */
export const contentImportSourceRoutes: readonly Route[] = keptRows({
  path: '/ai/content_import_sources',
  table: 'content_import_sources',
  size: 50,
  order: 'id',
  shape: source,
  create,
  update,
  remove,
  removed: 204,
})

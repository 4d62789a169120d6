import { randomInt } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { ApiError, badParameter, badRequest, notFound } from '../http/api-error.ts'
import { File, type Route, type RouteCall } from '../http/call.ts'
import { exportedRows, receiptsCsv } from '../shapes/receipts.ts'
import type { DataExportRow } from '../store/export-tables.ts'
import type { Store } from '../store/store.ts'

/** How long a job waits, and when it is done, in milliseconds of the workspace's clock. */
const startsAfter = 500
const doneAfter = 1_000
/** Data is kept for two days (docs/intercom-api.md 3.17). */
const keptSeconds = 2 * 24 * 3600

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A job; one whose time is up is finished by whoever looks at it. Inside a write. */
function job(store: Store, id: string | undefined): DataExportRow | undefined {
  const sql = 'SELECT * FROM data_exports WHERE job_identifier = ?'
  const row = store.db.get<DataExportRow>(sql, id ?? '')
  if (row?.status !== 'pending') return row
  const elapsed = store.clock.now() - row.requested_at_ms
  if (elapsed < startsAfter) return row
  if (elapsed < doneAfter) return { ...row, status: 'in_progress' }
  const status = exportedRows(store, row) === 0 ? 'no_data' : 'completed'
  const finished_at = Math.floor((row.requested_at_ms + doneAfter) / 1000)
  store.db.run(
    'UPDATE data_exports SET status = ?, finished_at = ? WHERE job_identifier = ?',
    status,
    finished_at,
    row.job_identifier,
  )
  return { ...row, status, finished_at }
}

function found(store: Store, id: string | undefined): DataExportRow {
  const row = job(store, id)
  if (row === undefined) throw notFound(`Export job not found for identifier: ${(id ?? '').slice(0, 200)}`)
  return row
}

function isActive(row: DataExportRow | undefined): boolean {
  return row?.status === 'pending' || row?.status === 'in_progress'
}

function dataExport({ origin }: RouteCall, row: DataExportRow) {
  const { job_identifier, status, finished_at } = row
  const done = status === 'completed' && finished_at !== null
  return {
    job_identifier,
    status,
    download_url: done ? `${origin}/download/content/data/${job_identifier}` : '',
    download_expires_at: done ? String(finished_at + keptSeconds) : '',
  }
}

function create(call: RouteCall) {
  const { store, body } = call
  for (const name of body.values.keys()) {
    if (name !== 'created_at_after' && name !== 'created_at_before') throw badParameter(name.slice(0, 200))
  }
  const [after, before] = [period(call, 'created_at_after'), period(call, 'created_at_before')]
  if (after > before) throw badRequest('created_at_after is greater than created_at_before')
  const open = store.db.all<DataExportRow>("SELECT * FROM data_exports WHERE status = 'pending'")
  if (open.some((row) => isActive(job(store, row.job_identifier)))) {
    const message = 'Exceeded rate limit of 1 pending message data export jobs'
    throw new ApiError(429, 'rate_limit_exceeded', message)
  }
  const job_identifier = Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('')
  store.insert('data_exports', {
    job_identifier,
    created_at_after: after,
    created_at_before: before,
    requested_at_ms: store.clock.now(),
  })
  return dataExport(call, found(store, job_identifier))
}

function period({ body }: RouteCall, name: string): number {
  const time = body.time(name)
  if (time === undefined || time === null) throw badRequest(`'${name}' is a required parameter`)
  return time
}

/** Ends a job that is not done; what is over stays as it is. */
function cancel(call: RouteCall) {
  const { store, params } = call
  const row = found(store, params['job_identifier'])
  if (!isActive(row)) return dataExport(call, row)
  store.db.run("UPDATE data_exports SET status = 'canceled' WHERE job_identifier = ?", row.job_identifier)
  return dataExport(call, { ...row, status: 'canceled' })
}

function download({ store, params }: RouteCall): File {
  const row = job(store, params['job_identifier'])
  const expires = (row?.finished_at ?? 0) + keptSeconds
  if (row?.status !== 'completed' || expires * 1000 <= store.clock.now()) throw notFound('Object not found.')
  return new File('application/octet-stream', gzipSync(receiptsCsv(store, row)))
}

/** Exports of what was sent: a job at a time, and its data for two days (docs/intercom-api.md 3.17). */
export const dataExportRoutes: readonly Route[] = [
  { method: 'POST', path: '/export/content/data', handle: create },
  {
    method: 'GET',
    path: '/export/content/data/:job_identifier',
    handle: (call) =>
      call.store.write(() => dataExport(call, found(call.store, call.params['job_identifier']))),
  },
  { method: 'POST', path: '/export/cancel/:job_identifier', handle: cancel },
  {
    method: 'GET',
    path: '/download/content/data/:job_identifier',
    accept: 'application/octet-stream',
    handle: (call) => call.store.write(() => download(call)),
  },
]

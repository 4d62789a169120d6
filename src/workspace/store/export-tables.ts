import { integer, maybeInteger, type Row, text, textOr } from './columns.ts'

/** Jobs that export what was sent in a period; `finished_at` is the second from which its data is there. */
export const dataExports = {
  job_identifier: text,
  created_at_after: integer,
  created_at_before: integer,
  status: textOr('pending'),
  requested_at_ms: integer,
  finished_at: maybeInteger,
}

export type DataExportRow = Row<typeof dataExports>

import { plainText } from '../html.ts'
import type { MessageRow } from '../store/conversation-tables.ts'
import type { DataExportRow } from '../store/export-tables.ts'
import type { Store } from '../store/store.ts'

/** The columns of an export in the order of the description, its misspelling included (docs/intercom-api.md 3.17). */
const columns = [
  ...[
    'user_id',
    'user_external_id',
    'company_id',
    'email',
    'name',
    'ruleset_id',
    'content_id',
    'content_type',
  ],
  ...[
    'content_title',
    'ruleset_version_id',
    'receipt_id',
    'received_at',
    'series_id',
    'series_title',
    'node_id',
  ],
  ...['first_reply', 'first_completion', 'first_series_completion', 'first_series_disengagement'],
  ...['first_series_exit', 'first_goal_success', 'first_open', 'first_click', 'first_dismisall'],
  ...['first_unsubscribe', 'first_hard_bounce'],
] as const

type Receipt = Partial<Record<(typeof columns)[number], string | number | null>>

interface Sent extends MessageRow {
  readonly contact_id: string
  readonly external_id: string | null
  readonly email: string | null
  readonly name: string | null
  readonly company_id: string | null
  readonly replied_at: number | null
}

type Period = Pick<DataExportRow, 'created_at_after' | 'created_at_before'>

const daySeconds = 24 * 3600

/** The last second of a period: a date is a midnight, and stands for its whole day (docs/intercom-api.md 3.17). */
function lastSecond({ created_at_before }: Period): number {
  return created_at_before % daySeconds === 0 ? created_at_before + daySeconds - 1 : created_at_before
}

const inPeriod = "kind = 'admin_message' AND messages.created_at BETWEEN ? AND ?"

/** How many receipts a period has. */
export function exportedRows(store: Store, period: Period): number {
  const sql = `SELECT count(*) FROM messages WHERE ${inPeriod}`
  return store.db.number(sql, period.created_at_after, lastSecond(period))
}

/** The receipts of a period as CSV, a header first, oldest first. */
export function receiptsCsv(store: Store, period: Period): string {
  const last = lastSecond(period)
  const rows = store.db.all<Sent>(
    `SELECT messages.*, contacts.id AS contact_id, contacts.external_id, contacts.email, contacts.name,
       first_contact_reply_at AS replied_at,
       (SELECT companies.id FROM contact_companies JOIN companies ON companies.seq = company_seq
        WHERE contact_companies.contact_seq = messages.contact_seq ORDER BY attached_at, company_seq LIMIT 1) AS company_id
     FROM messages JOIN contacts ON contacts.seq = messages.contact_seq
       LEFT JOIN conversations ON conversations.id = messages.conversation_id
     WHERE ${inPeriod} ORDER BY messages.created_at, messages.id`,
    period.created_at_after,
    last,
  )
  const lines = rows.map((row) => receipt(row, last)).map((row) => columns.map((column) => cell(row[column])))
  return [columns, ...lines].map((line) => `${line.join(',')}\n`).join('')
}

function receipt(row: Sent, last: number): Receipt {
  const id = String(row.id)
  return {
    user_id: row.contact_id,
    user_external_id: row.external_id,
    company_id: row.company_id ?? '-1',
    email: row.email,
    name: row.name,
    ruleset_id: id,
    content_id: id,
    content_type: row.message_type === 'email' ? 'Email' : 'Chat',
    content_title: row.subject ?? plainText(row.body),
    ruleset_version_id: id,
    receipt_id: id,
    received_at: row.created_at,
    series_id: '-1',
    // Only what happened in the period counts (docs/intercom-api.md 3.17).
    first_reply: row.replied_at !== null && row.replied_at <= last ? row.replied_at : null,
  }
}

function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

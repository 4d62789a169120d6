import type { Result } from '../core/action.ts'
import type { Layout } from '../sqlite/sqlite.ts'
import type { Approval, Listing } from './approval.ts'

export const layout: Layout = {
  name: 'file of approvals',
  code: 'approvals_failed',
  version: 2,
  tables: ['approvals', 'seal'],
  sql: `
CREATE TABLE approvals (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  call TEXT NOT NULL,
  caller TEXT NOT NULL,
  identity TEXT,
  workspace TEXT NOT NULL,
  action TEXT NOT NULL,
  idempotency_key TEXT,
  input TEXT NOT NULL,
  preview TEXT,
  asked_by TEXT,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  road TEXT,
  reason TEXT,
  edited TEXT,
  act_by INTEGER,
  journal TEXT,
  begun INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  outcome TEXT,
  told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE seal (key BLOB NOT NULL) STRICT;
CREATE INDEX approvals_by_call ON approvals (call, seq);
CREATE INDEX approvals_by_state ON approvals (state, expires_at);
CREATE INDEX approvals_in_order ON approvals (state, seq);
CREATE INDEX approvals_by_caller ON approvals (caller, state, seq, bytes);
CREATE INDEX approvals_by_key ON approvals (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX approvals_by_time ON approvals (expires_at)`,
}

/** A row of the table, whose objects are JSON. */
export type Row = Omit<Approval, 'input' | 'preview' | 'edited' | 'outcome'> & {
  call: string
  idempotency_key: string | null
  input: string
  preview: string | null
  edited: string | null
  outcome: string | null
  journal: string | null
  begun: number
  told: number
}

/** The statement of a listing, and its values. */
export function listed({ state, caller, workspace, limit = 100, before }: Listing) {
  const conditions = Object.entries({ state, caller, workspace }).filter(([, value]) => value !== undefined)
  const where = [
    ...conditions.map(([column]) => `${column} = ?`),
    ...(before === undefined ? [] : ['seq < (SELECT seq FROM approvals WHERE id = ?)']),
  ]
  const sql = `SELECT * FROM approvals ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY seq DESC LIMIT ?`
  const values = [...conditions.map(([, value]) => String(value)), ...(before === undefined ? [] : [before])]
  return { sql, values: [...values, Math.max(1, Math.min(1000, Math.trunc(limit)))] }
}

/** Whether its time is over: nobody decided on it, or nobody has begun it. */
export function isOver({ state, expires_at, begun, act_by }: Row, now: number): boolean {
  return state === 'waiting'
    ? expires_at <= now
    : state === 'approved' && begun === 0 && Number(act_by) <= now
}

export function nullable(row: Row | undefined): Approval | null {
  return row === undefined ? null : approvalOf(row)
}

export function approvalOf(row: Row): Approval {
  const { id, caller, identity, workspace, action, asked_by, created_at, expires_at, state } = row
  const { decided_at, decided_by, road, reason, act_by } = row
  return {
    ...{
      id,
      caller,
      identity,
      workspace,
      action,
      input: JSON.parse(row.input),
      preview: parsed(row.preview),
      asked_by,
    },
    ...{ created_at, expires_at, state, decided_at, decided_by, road, reason, edited: parsed(row.edited) },
    act_by,
    outcome: parsed<Result>(row.outcome),
  }
}

function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T) // written above
}

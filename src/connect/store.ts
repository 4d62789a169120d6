import type { DatabaseSync } from 'node:sqlite'
import { IntercomError } from '../errors.ts'
import {
  type Layout,
  openPrivateFile,
  presenceOf,
  retryWhileBusy,
  retryWhileBusySync,
  transaction,
} from '../sqlite/sqlite.ts'
import { type KeyRing, keyRingOf, type Sealed, wrongKey } from './key-ring.ts'
import {
  type ConnectedWorkspace,
  isWorkspaceId,
  type ListedWorkspace,
  notConnected,
  type Workspaces,
} from './workspaces.ts'

const layout: Layout = {
  name: 'file of workspaces',
  code: 'workspaces_failed',
  version: 1,
  tables: ['workspaces', 'proof'],
  sql: `
CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  details TEXT NOT NULL,
  key_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  refused_at INTEGER
) STRICT;
CREATE TABLE proof (one INTEGER PRIMARY KEY CHECK (one = 1), key_id TEXT NOT NULL, sealed BLOB NOT NULL) STRICT`,
}

/** What is sealed to prove that a file is opened with its own key, also while it holds no workspace. */
const proof = 'modulex-intercom workspaces'

type Row = Sealed & { id: string; details: string; refused_at: number | null }

/** The workspaces of a file. */
export type FileOfWorkspaces = Workspaces & {
  /** Seals every token with the first key; answers how many had another one. Afterwards the others can go. */
  rotate(): Promise<number>
}

/**
 * Opens a file of workspaces, creating it if missing. Tokens are sealed by AES-256-GCM, each bound to its workspace and
 * all that is listed of it. `keys`: as `keyRingOf` reads them. Throws an `IntercomError` for a file that cannot be used, and
 * for the wrong key.
 */
export function openWorkspaces(file: string, keys: string): FileOfWorkspaces {
  const ring = keyRingOf(keys)
  const db = openPrivateFile(file, layout)
  try {
    db.exec('PRAGMA secure_delete = ON')
    retryWhileBusySync(() => prove(db, ring, file))
  } catch (error) {
    db.close()
    throw error
  }
  return storeOf(db, ring, presenceOf(file, layout))
}

function prove(db: DatabaseSync, ring: KeyRing, file: string): void {
  transaction(db, () => {
    const found = db.prepare('SELECT key_id, sealed FROM proof').get() as Sealed | undefined
    const isNew = found === undefined && db.prepare('SELECT 1 FROM workspaces').get() === undefined
    if (isNew) putProof(db, ring)
    else if (found === undefined || !opens(ring, found))
      throw wrongKey(
        `${file} was sealed with ${found === undefined ? 'a key that it no longer names' : `the key ${found.key_id}`}, which is not among those given (${ring.ids.join(', ')})`,
      )
  })
}

function opens(ring: KeyRing, found: Sealed): boolean {
  return ring.ids.includes(found.key_id) && ring.open(found, proof) === proof
}

function putProof(db: DatabaseSync, ring: KeyRing): void {
  const { key_id, sealed } = ring.seal(proof, proof)
  db.prepare('INSERT OR REPLACE INTO proof VALUES (1, ?, ?)').run(key_id, sealed)
}

/** What a token is bound to: nothing of it can be changed, nor exchanged with another workspace's. */
function boundTo({ id, details }: Pick<Row, 'id' | 'details'>): string {
  return JSON.stringify(['modulex-intercom workspace', 1, id, details])
}

function storeOf(db: DatabaseSync, ring: KeyRing, checkPresence: () => void): FileOfWorkspaces {
  const byId = db.prepare('SELECT * FROM workspaces WHERE id = ?')
  const all = db.prepare('SELECT * FROM workspaces ORDER BY id')
  const put = db.prepare('INSERT OR REPLACE INTO workspaces VALUES (?, ?, ?, ?, NULL)')
  const reseal = db.prepare('UPDATE workspaces SET key_id = ?, sealed = ? WHERE id = ?')
  const mark = db.prepare('UPDATE workspaces SET refused_at = ? WHERE id = ? AND sealed = ?')
  const drop = db.prepare('DELETE FROM workspaces WHERE id = ?')
  const dropSame = db.prepare('DELETE FROM workspaces WHERE id = ? AND sealed = ?')
  const rowOf = (id: string) => byId.get(id) as Row | undefined

  /** A file that is gone must not pass for an empty one. */
  const within = <T>(act: () => T) =>
    retryWhileBusy(() => {
      checkPresence()
      return act()
    })

  function tokenOf(row: Row): string {
    const token = ring.open(row, boundTo(row))
    if (token !== null) return token
    throw new IntercomError(`the entry of the workspace ${row.id} was changed from outside`, {
      code: 'workspace_changed',
      hint: 'Nothing was sent, and its token is not used. Connect the workspace again.',
    })
  }

  function listed(row: Row): ListedWorkspace {
    const { id, details, refused_at } = row
    if (!ring.ids.includes(row.key_id)) return { ...unknownDetails, id, state: 'locked' }
    if (ring.open(row, boundTo(row)) === null) return { ...unknownDetails, id, state: 'changed' }
    const known = JSON.parse(details) as Omit<ConnectedWorkspace, 'id'> // it is as it was sealed
    return { id, ...known, refused_at, state: refused_at === null ? 'connected' : 'refused' }
  }

  return {
    async save({ id, ...details }, accessToken) {
      if (!isWorkspaceId(id))
        throw new IntercomError('this is not the id of a workspace', { code: 'invalid_input' })
      const row = { id, details: JSON.stringify(details) }
      const { key_id, sealed } = ring.seal(accessToken, boundTo(row))
      await within(() => put.run(id, row.details, key_id, sealed))
    },
    list: () => within(() => (all.all() as Row[]).map(listed)),
    find: (id) =>
      within(() => {
        const row = rowOf(id)
        return row === undefined ? null : listed(row)
      }),
    accessToken: (id) =>
      within(() => {
        const row = rowOf(id)
        if (row === undefined) throw notConnected(id)
        return tokenOf(row)
      }),
    refused: (id, accessToken) =>
      within(() => {
        const row = rowOf(id)
        if (row !== undefined && row.refused_at === null && tokenOf(row) === accessToken)
          mark.run(Date.now(), id, row.sealed)
      }),
    remove: (id, accessToken) =>
      within(() => {
        if (accessToken === undefined) return drop.run(id).changes > 0
        const row = rowOf(id)
        if (row === undefined || ring.open(row, boundTo(row)) !== accessToken) return false
        return dropSame.run(id, row.sealed).changes > 0
      }),
    rotate: () =>
      within(() =>
        transaction(db, () => {
          const old = (all.all() as Row[]).filter(({ key_id }) => key_id !== ring.current)
          for (const row of old) {
            const { key_id, sealed } = ring.seal(tokenOf(row), boundTo(row))
            reseal.run(key_id, sealed, row.id)
          }
          putProof(db, ring)
          return old.length
        }),
      ),
    close: () => db.close(),
  }
}

const unknownDetails = {
  name: null,
  region: null,
  base_url: '',
  admin: { id: '', name: null },
  connected_at: 0,
  refused_at: null,
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createWorkspace } from '../index.ts'
import { schemaVersion } from './schema.ts'
import { DatabaseSync } from './sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'upgrade-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const layout = (db: DatabaseSync) =>
  db
    .prepare(
      `SELECT m.name, p.name AS column FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) p ORDER BY 1, 2`,
    )
    .all()

test('a file of an older program gets the tables, indexes and columns it lacks, and keeps its rows', async () => {
  const data = join(folder, 'old.db')
  await (await createWorkspace({ data, seed: 20 })).close()
  const old = new DatabaseSync(data)
  const wanted = layout(old)
  const contacts = old.prepare('SELECT count(*) AS n FROM contacts').all()
  old.exec(`DROP TABLE articles; DROP TABLE help_centers; DROP INDEX contact_name;
    ALTER TABLE ticket_types DROP COLUMN icon; DROP TABLE ticket_states; DROP TABLE ticket_type_states;
    DROP TABLE tickets; CREATE TABLE tickets (id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL,
      ticket_type_id INTEGER NOT NULL, state TEXT NOT NULL, attributes TEXT NOT NULL, created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL);
    CREATE INDEX ticket_number ON tickets (ticket_id);
    INSERT INTO tickets SELECT max(id), 1, 1, 'submitted', '{"_default_title_":"Old"}', 1, 1 FROM conversations;
    PRAGMA user_version = 1`)
  const ticket = old.prepare('SELECT id FROM tickets').get()?.['id']
  old.close()

  const workspace = await createWorkspace({ data })
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const ask = async (path: string) => {
    const answer = await workspace.fetch(new Request(`http://local${path}`, { headers }))
    return (await answer.json()) as {
      data: { icon?: string }[]
      ticket_attributes?: Record<string, string>
      ticket_state?: { id: string }
    }
  }
  assert.equal((await ask('/ticket_types')).data[0]?.icon, '🎟️')
  const { ticket_attributes, ticket_state } = await ask(`/tickets/${ticket}`)
  assert.deepEqual([ticket_attributes?.['_default_title_'], ticket_state?.id], ['Old', '1'])
  await workspace.close()

  const current = new DatabaseSync(data)
  assert.deepEqual(layout(current), wanted)
  assert.deepEqual(current.prepare('SELECT count(*) AS n FROM contacts').all(), contacts)
  assert.deepEqual(current.prepare('SELECT count(*) AS n FROM help_centers').get()?.['n'], 1)
  assert.equal(current.prepare('PRAGMA user_version').get()?.['user_version'], schemaVersion)
  current.close()
})

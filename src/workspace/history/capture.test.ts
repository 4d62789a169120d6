import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { openStore } from '../store/open.ts'
import { captureOf } from './capture.ts'

/** What the history hears of a statement: a letter and a key for each row. */
function heard(sql: string, ...values: (string | number | null)[]): string {
  const store = openStore(undefined, systemClock)
  store.write(() => {
    for (const [id, name] of ['one', 'two', 'three'].entries()) store.insert('tags', { id: id + 1, name })
    for (const tag_id of [1, 2]) store.insertContactTag({ contact_seq: 7, tag_id, applied_at: 5 })
    store.insertContactTag({ contact_seq: 8, tag_id: 2, applied_at: 6 })
  })
  store.history.start()
  store.write(() => store.db.run(sql, ...values))
  const entries = store.history.since(0).flatMap((write) => write.entries)
  const shown = entries.map((entry) => {
    const what = entry.op === 'u' ? JSON.stringify(entry.pairs) : ''
    return `${entry.op} ${entry.row_key} ${what}`.trim()
  })
  store.db.close()
  return shown.join('; ')
}

const forms: [sql: string, values: (string | number | null)[], heard: string][] = [
  ['INSERT INTO tags (id, name, name_folded) VALUES (?, ?, ?)', [9, 'a', 'a'], 'i 9'],
  ['INSERT INTO tags (id, name, name_folded) VALUES (?, ?, ?)', [null, 'a', 'a'], 'i 4'],
  [
    'INSERT OR IGNORE INTO contact_tags (contact_seq, tag_id, applied_at) VALUES (?, ?, ?)',
    [8, 1, 9],
    'i [8,1]',
  ],
  ['INSERT OR IGNORE INTO contact_tags (contact_seq, tag_id, applied_at) VALUES (?, ?, ?)', [7, 1, 9], ''],
  [
    'INSERT INTO contact_tags (contact_seq, tag_id, applied_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET applied_at = 9',
    [7, 1, 8],
    'u [7,1] {"applied_at":[5,9]}',
  ],
  ['UPDATE tags SET name = ? WHERE id = ?', ['new', 1], 'u 1 {"name":["one","new"]}'],
  [
    "UPDATE tags SET name = (SELECT name FROM tags WHERE id = ?), name_folded = 'a, ?' WHERE id IN (?, ?)",
    [3, 1, 2],
    'u 1 {"name":["one","three"],"name_folded":["","a, ?"]}; u 2 {"name":["two","three"],"name_folded":["","a, ?"]}',
  ],
  ['UPDATE tags SET name = name || ? WHERE id = ?', ['!', 4], ''],
  ['UPDATE OR IGNORE contact_tags SET contact_seq = ? WHERE contact_seq = ?', [8, 7], 'd [7,1]; i [8,1]'],
  ['DELETE FROM contact_tags WHERE tag_id = ?', [2], 'd [7,2]; d [8,2]'],
  ['DELETE FROM contact_tags WHERE tag_id = ?', [3], ''],
  ['DELETE FROM tags', [], 'd 1; d 2; d 3'],
  ["UPDATE app SET name = 'x'", [], ''],
]
for (const [sql, values, expected] of forms) {
  test(`${sql} with ${JSON.stringify(values)} is heard`, () => assert.equal(heard(sql, ...values), expected))
}

const unrecordable = [
  'INSERT INTO tags SELECT * FROM tags',
  "INSERT INTO tags (id, name, name_folded) VALUES (?, 'a', ?)",
  'INSERT INTO contact_tags (contact_seq, applied_at) VALUES (?, ?)',
  'INSERT INTO tags (id, name) VALUES (?, ?), (?, ?)',
  'UPDATE tags SET (name, name_folded) = (SELECT 1, 2) WHERE id = ?',
  'UPDATE companies SET name = contacts.name FROM contacts WHERE contacts.seq = companies.seq',
  'UPDATE contact_tags SET tag_id = tag_id + ? WHERE contact_seq = ?',
  'REPLACE INTO tags (id, name) VALUES (?, ?)',
  'WITH a AS (SELECT 1) DELETE FROM tags',
  'INSERT OR REPLACE INTO tags (id, name) VALUES (?, ?)',
  'UPDATE OR REPLACE tags SET name = ?',
  'insert into tags (id, name) values (?, ?)',
  'UPDATE tags SET name = ? WHERE id = ? RETURNING id',
]
for (const sql of unrecordable) {
  test(`a form that is not known is refused: ${sql}`, () => {
    const { db } = openStore(undefined, systemClock)
    assert.throws(() => captureOf(db, sql), /cannot hear/)
    db.close()
  })
}

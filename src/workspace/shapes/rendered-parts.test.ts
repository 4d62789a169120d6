import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { seedWorkspace } from '../seed/index.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import { fillFresh } from '../store/fresh.ts'
import { moveContact } from '../store/merge.ts'
import { openStore } from '../store/open.ts'
import { record } from '../threads/record.ts'
import { redactPart } from '../threads/redact.ts'
import { conversation, conversationJson } from './conversation.ts'

function openThreads() {
  const store = openStore(undefined, systemClock)
  store.write(() => {
    fillFresh(store)
    seedWorkspace(store, 'small')
  })
  const rows = store.db.all<ConversationRow>('SELECT * FROM conversations')
  const check = (rowId = 0) => {
    for (const { id } of rowId === 0 ? rows : [{ id: rowId }]) {
      const row = store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id)
      assert.ok(row)
      const fresh = JSON.stringify(conversation(store, row, false))
      // The second time it comes from what was kept the first time.
      assert.ok(conversationJson(store, row).text === fresh, `${id} differs`)
      assert.ok(conversationJson(store, row).text === fresh, `${id} differs when kept`)
    }
  }
  const admin_id = store.db.number('SELECT id FROM admins WHERE is_bot = 0')
  const reply = (row: ConversationRow) =>
    record(store, row, { type: 'admin_comment', at: row.updated_at + 1, admin_id, body: '<p>Hm "so"</p>' })
  return { store, rows, check, reply }
}

test('a conversation that is kept as text reads as one that is rendered anew, also after replies', () => {
  const { rows, check, reply } = openThreads()
  check()
  for (const row of rows) reply(reply(row))
  check()
})

test('what is kept forgets parts that were undone, redacted or signed anew, and the names that authors had', () => {
  const { store, rows, check, reply } = openThreads()
  check()
  const [row] = rows
  assert.ok(row)
  assert.throws(() =>
    store.write(() => {
      conversationJson(store, reply(row))
      throw new Error('undone')
    }),
  )
  check(row.id)
  store.db.run(`UPDATE admins SET name = name || ' Jr.'`)
  store.db.run(`UPDATE contacts SET email = 'new@example.com' WHERE seq % 2 = 0`)
  check()
  const part = store.db.get<Parameters<typeof redactPart>[1]>(
    'SELECT * FROM conversation_parts WHERE body IS NOT NULL LIMIT 1',
  )
  assert.ok(part)
  redactPart(store, part, part.created_at)
  check(part.conversation_id)
  const person = (role: string) =>
    store.db.get<Parameters<typeof moveContact>[1]>(
      `SELECT contacts.* FROM contacts JOIN conversation_parts ON author_id = contacts.id WHERE role = ? LIMIT 1`,
      role,
    )
  const [lead, user] = [person('lead'), person('user')]
  assert.ok(lead && user)
  moveContact(store, lead, user, false, 2_000_000_000)
  check()
})

test('of a thread of more than 500 parts the newest are shown, whatever was kept before', () => {
  const { rows, check, reply } = openThreads()
  let [row] = rows
  assert.ok(row)
  check(row.id)
  for (let i = 0; i < 510; i++) {
    row = reply(row)
    if (i % 50 === 0 || i > 470) check(row.id)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import type { ConversationRow, PartRow } from '../store/conversation-tables.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import { END, FIRST_CONVERSATION } from './calendar.ts'
import { seedWorkspace } from './index.ts'

const store = openStore(undefined, systemClock)
store.write(() => fillFresh(store))
seedWorkspace(store, 2000)

const threads = store.db.all<ConversationRow>('SELECT * FROM conversations ORDER BY id').map((row) => ({
  row,
  parts: store.db.all<PartRow>(
    'SELECT * FROM conversation_parts WHERE conversation_id = ? ORDER BY id',
    row.id,
  ),
}))

/** Ids of the conversations for which the check fails: none is expected. */
function failing(check: (thread: (typeof threads)[number]) => boolean): number[] {
  return threads.filter((thread) => !check(thread)).map(({ row }) => row.id)
}

test('there are conversations to judge', () => {
  assert.equal(threads.length, 3000)
})

test('parts follow each other in time, and the last one is the last update', () => {
  assert.deepEqual(
    failing(({ row, parts }) => {
      const times = [row.created_at, ...parts.map((part) => part.created_at)]
      return times.every((time, index) => time >= (times[index - 1] ?? 0)) && row.updated_at === times.at(-1)
    }),
    [],
  )
})

test('everything happens within the twelve months', () => {
  assert.deepEqual(
    failing(({ row }) => row.created_at >= FIRST_CONVERSATION && row.updated_at <= END),
    [],
  )
})

test('the count of parts is the parts and the source', () => {
  assert.deepEqual(
    failing(({ row, parts }) => row.count_conversation_parts === parts.length + 1),
    [],
  )
})

test('state, open and snoozed_until say the same', () => {
  assert.deepEqual(
    failing(({ row }) => {
      const sleeps = row.state === 'snoozed'
      return row.open === (row.state === 'closed' ? 0 : 1) && (row.snoozed_until !== null) === sleeps
    }),
    [],
  )
})

test('whoever sleeps at the end sleeps on for half a year', () => {
  const sleepers = threads.filter(({ row }) => row.state === 'snoozed')
  assert.ok(sleepers.length > 1)
  for (const { row } of sleepers) assert.ok((row.snoozed_until ?? 0) > END + 180 * 86_400)
})

test('a closed conversation ends with its close, but for what changes nothing', () => {
  const harmless = new Set(['conversation_rating_changed', 'note', 'conversation_tags_updated'])
  assert.deepEqual(
    failing(({ row, parts }) => {
      if (row.state !== 'closed') return true
      const last = parts.findLast((part) => !harmless.has(part.part_type))
      return last === undefined ? row.source_author_type === 'admin' : last.part_type === 'close'
    }),
    [],
  )
})

test('somebody waits exactly when the contact spoke last in an open conversation', () => {
  assert.deepEqual(
    failing(({ row, parts }) => {
      const reopened = parts.some(
        (part) => part.body === null && /^(open|timer_unsnooze)$/.test(part.part_type),
      )
      if (row.state !== 'open' || reopened) return row.state === 'open' || row.waiting_since === null
      return (
        (row.waiting_since !== null) === (row.last_contact_reply_at ?? 0) > (row.last_admin_reply_at ?? 0)
      )
    }),
    [],
  )
})

test('closes, assignments and reopenings are counted as they are in the parts', () => {
  assert.deepEqual(
    failing(({ row, parts }) => {
      const closes = parts.filter((part) => part.part_type === 'close')
      const assignments = parts.filter((part) => part.part_type.startsWith('assign'))
      return (
        row.first_close_at === (closes[0]?.created_at ?? null) &&
        row.last_close_at === (closes.at(-1)?.created_at ?? null) &&
        String(row.last_closed_by_id) === (closes.at(-1)?.author_id ?? 'null') &&
        row.count_assignments === assignments.length &&
        row.count_reopens === parts.filter((part) => part.part_type === 'open').length
      )
    }),
    [],
  )
})

test('the assignees are those of the last assignment to an admin and to a team', () => {
  assert.deepEqual(
    failing(({ row, parts }) => {
      const last = (type: string) =>
        parts.findLast((part) => part.assigned_to_type === type)?.assigned_to_id ?? null
      return (
        String(row.admin_assignee_id) === String(last('admin')) &&
        String(row.team_assignee_id) === String(last('team'))
      )
    }),
    [],
  )
})

test('teammates are the admins who commented, tags the ones of the tag parts', () => {
  const linked = (sql: string, id: number) =>
    store.db.all<{ id: number }>(sql, id).map((row) => String(row.id))
  assert.deepEqual(
    failing(({ row, parts }) => {
      const comments = parts.filter(
        (part) =>
          part.author_type === 'admin' && part.body !== null && /^(comment|open)$/.test(part.part_type),
      )
      const authors = [...new Set(comments.map((part) => part.author_id))].sort()
      const teammates = linked(
        'SELECT admin_id AS id FROM conversation_teammates WHERE conversation_id = ? ORDER BY 1',
        row.id,
      )
      const tags = linked('SELECT tag_id AS id FROM conversation_tags WHERE conversation_id = ?', row.id)
      const tagged = parts.filter((part) => part.part_type === 'conversation_tags_updated')
      return authors.join() === teammates.join() && tags.length === tagged.length
    }),
    [],
  )
})

test('every author, assignee and contact exists', () => {
  const missing = (sql: string) => store.db.number(`SELECT count(*) FROM conversation_parts p WHERE ${sql}`)
  assert.equal(
    missing(`author_type IN ('admin', 'bot') AND author_id NOT IN (SELECT CAST(id AS TEXT) FROM admins)`),
    0,
  )
  assert.equal(
    missing(`author_type IN ('user', 'lead') AND NOT EXISTS (SELECT 1 FROM contacts c
      JOIN conversation_contacts x ON x.contact_seq = c.seq
      WHERE x.conversation_id = p.conversation_id AND c.id = p.author_id AND c.role = p.author_type)`),
    0,
  )
  assert.equal(
    store.db.number('SELECT count(*) FROM conversation_tags WHERE tag_id NOT IN (SELECT id FROM tags)'),
    0,
  )
})

test('ratings come after a close, from the contact, for who closed it', () => {
  const rated = threads.filter(({ row }) => row.conversation_rating !== null)
  assert.ok(rated.length > 100)
  for (const { row } of rated) {
    const { rating, created_at, teammate } = JSON.parse(row.conversation_rating ?? '')
    assert.ok(rating >= 1 && rating <= 5 && created_at >= (row.first_close_at ?? END))
    assert.equal(store.db.number('SELECT has_inbox_seat FROM admins WHERE id = ?', Number(teammate.id)), 1)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portTo } from '../../core/port.ts'
import { replyToTicket } from '../tickets/reply-to-ticket.ts'

test('a note that opens a ticket again is found by its words, like one on a conversation', async () => {
  const part = (id: string, part_type: string) => ({
    id,
    part_type,
    body: '<p>Check the logs</p>',
    created_at: Number(id),
    author: { type: 'admin', id: '9' },
  })
  const ticket_parts = [part('2', 'note_and_reopen'), part('3', 'comment')]
  const port = portTo(async () => ({ ticket_parts: { ticket_parts } }))
  const reply = { ticket_id: '1', reply_type: 'admin', message_type: 'note', admin_id: '9' } as const
  const looked = await replyToTicket.verify?.look(port, { ...reply, body: 'Check the logs' }, 0)
  assert.deepEqual(
    looked?.items.map(({ id, same }) => [id, same]),
    [
      ['2', true],
      ['3', false],
    ],
  )
})

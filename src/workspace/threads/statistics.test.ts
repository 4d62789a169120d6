import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from './advance.ts'
import type { ThreadEvent } from './event.ts'
import { startedByAdmin, startedByContact, type Thread } from './thread.ts'

const start = 1000
const contact = { type: 'user', id: 'c' } as const

/** Steps like `admin 60, close 100`: who does what, so many seconds after the start. */
function play(steps: string, from: Thread = startedByContact(start)): Thread {
  let thread = from
  for (const step of steps.split(', ')) {
    const [what, after] = step.split(' ')
    thread = advance(thread, event(start + Number(after), what)).thread
  }
  return thread
}

function event(at: number, what: string | undefined): ThreadEvent {
  switch (what) {
    case 'contact':
      return { type: 'contact_reply', at, contact, body: '<p>c</p>' }
    case 'admin':
    case 'note':
      return { type: what === 'admin' ? 'admin_comment' : 'admin_note', at, admin_id: 7, body: '<p>a</p>' }
    case 'close':
    case 'open':
      return { type: what, at, admin_id: 8 }
    case 'assign':
    case 'unassign':
      return { type: 'assign', at, admin_id: 7, to: { type: 'admin', id: what === 'assign' ? 9 : null } }
    default:
      throw new RangeError(`nothing is called ${what}`)
  }
}

/** docs/intercom-api.md 2.9, each statistic by what makes it and what leaves it alone. */
const rows: readonly (readonly [name: keyof Thread, steps: string, value: number | null])[] = [
  ['time_to_assignment', 'unassign 30, assign 50, assign 90', 50],
  ['time_to_admin_reply', 'note 20, admin 60, contact 80, admin 300', 60],
  ['time_to_admin_reply', 'contact 20, admin 60', 60],
  ['time_to_first_close', 'close 100, open 150, close 200', 100],
  ['time_to_last_close', 'close 100, open 150, close 200', 200],
  ['median_time_to_reply', 'admin 10, contact 20, admin 60, contact 70, admin 170', 40],
  ['median_time_to_reply', 'admin 10, contact 20, admin 60, admin 90', 25],
  ['first_contact_reply_at', 'contact 100', start],
  ['last_contact_reply_at', 'contact 100, admin 200', start + 100],
  ['first_assignment_at', 'assign 50, assign 90', start + 50],
  ['last_assignment_at', 'assign 50, assign 90, unassign 95', start + 90],
  ['last_assignment_admin_reply_at', 'assign 50, admin 60, admin 70', start + 60],
  ['last_assignment_admin_reply_at', 'admin 40, assign 50', null],
  ['first_admin_reply_at', 'note 10, admin 60, admin 90', start + 60],
  ['last_admin_reply_at', 'admin 60, admin 90, note 95', start + 90],
  ['first_close_at', 'close 100, close 200', start + 100],
  ['last_close_at', 'close 100, close 200', start + 200],
  ['last_closed_by_id', 'close 100', 8],
  ['count_reopens', 'open 10, close 20, contact 30, close 40, assign 50', 2],
  ['count_assignments', 'assign 10, unassign 20, assign 30', 2],
  ['count_conversation_parts', 'admin 10, close 20', 3],
]

for (const [name, steps, value] of rows) {
  test(`${name} is ${value} after ${steps}`, () => {
    assert.equal(play(steps)[name], value)
  })
}

test('a conversation that an admin opened counts replies from the first answer of the contact', () => {
  const opened = startedByAdmin(start)
  assert.equal(opened.first_contact_reply_at, null)
  const thread = play('contact 100, admin 130', opened)
  assert.deepEqual([thread.first_contact_reply_at, thread.time_to_admin_reply], [start + 100, 30])
  assert.equal(thread.count_reopens, 1)
})

test('what is dated back turns no clock of a conversation back', () => {
  const thread = play('contact 100, assign 110, admin 130, contact 50, admin 60')
  assert.deepEqual(
    [thread.last_contact_reply_at, thread.last_admin_reply_at, thread.last_assignment_admin_reply_at],
    [start + 100, start + 130, start + 130],
  )
})

test('the median is that of the newest two hundred answers', () => {
  const thread = { ...startedByContact(start), reply_times: Array<number>(200).fill(10) }
  const { reply_times } = play('admin 90', thread)
  assert.deepEqual([reply_times.length, reply_times[0], reply_times.at(-1)], [200, 10, 90])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance, type ThreadEvent } from './advance.ts'
import { startedByAdmin, startedByContact, type Thread } from './thread.ts'

const start = 1000
const contact = { type: 'user', id: 'c' } as const

/** Who does what so many seconds after the start. */
type Step = readonly [
  after: number,
  what: 'contact' | 'admin' | 'note' | 'close' | 'open' | 'assign' | 'none',
]

function play(steps: readonly Step[], from: Thread = startedByContact(start)): Thread {
  let thread = from
  for (const [after, what] of steps) thread = advance(thread, event(start + after, what)).thread
  return thread
}

function event(at: number, what: Step[1]): ThreadEvent {
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
    case 'none':
      return { type: 'assign', at, admin_id: 7, to: { type: 'admin', id: what === 'assign' ? 9 : null } }
  }
}

/** Dossier 2.9, each statistic by what makes it and what leaves it alone. */
const rows: readonly (readonly [name: keyof Thread, steps: readonly Step[], value: number | null])[] = [
  [
    'time_to_assignment',
    [
      [30, 'none'],
      [50, 'assign'],
      [90, 'assign'],
    ],
    50,
  ],
  [
    'time_to_admin_reply',
    [
      [20, 'note'],
      [60, 'admin'],
      [80, 'contact'],
      [300, 'admin'],
    ],
    60,
  ],
  [
    'time_to_admin_reply',
    [
      [20, 'contact'],
      [60, 'admin'],
    ],
    60,
  ],
  [
    'time_to_first_close',
    [
      [100, 'close'],
      [150, 'open'],
      [200, 'close'],
    ],
    100,
  ],
  [
    'time_to_last_close',
    [
      [100, 'close'],
      [150, 'open'],
      [200, 'close'],
    ],
    200,
  ],
  [
    'median_time_to_reply',
    [
      [10, 'admin'],
      [20, 'contact'],
      [60, 'admin'],
      [70, 'contact'],
      [170, 'admin'],
    ],
    40,
  ],
  [
    'median_time_to_reply',
    [
      [10, 'admin'],
      [20, 'contact'],
      [60, 'admin'],
      [90, 'admin'],
    ],
    25,
  ],
  ['first_contact_reply_at', [[100, 'contact']], start],
  [
    'last_contact_reply_at',
    [
      [100, 'contact'],
      [200, 'admin'],
    ],
    start + 100,
  ],
  [
    'first_assignment_at',
    [
      [50, 'assign'],
      [90, 'assign'],
    ],
    start + 50,
  ],
  [
    'last_assignment_at',
    [
      [50, 'assign'],
      [90, 'assign'],
      [95, 'none'],
    ],
    start + 90,
  ],
  [
    'last_assignment_admin_reply_at',
    [
      [50, 'assign'],
      [60, 'admin'],
      [70, 'admin'],
    ],
    start + 60,
  ],
  [
    'last_assignment_admin_reply_at',
    [
      [40, 'admin'],
      [50, 'assign'],
    ],
    null,
  ],
  [
    'first_admin_reply_at',
    [
      [10, 'note'],
      [60, 'admin'],
      [90, 'admin'],
    ],
    start + 60,
  ],
  [
    'last_admin_reply_at',
    [
      [60, 'admin'],
      [90, 'admin'],
      [95, 'note'],
    ],
    start + 90,
  ],
  [
    'first_close_at',
    [
      [100, 'close'],
      [200, 'close'],
    ],
    start + 100,
  ],
  [
    'last_close_at',
    [
      [100, 'close'],
      [200, 'close'],
    ],
    start + 200,
  ],
  ['last_closed_by_id', [[100, 'close']], 8],
  [
    'count_reopens',
    [
      [10, 'open'],
      [20, 'close'],
      [30, 'contact'],
      [40, 'close'],
      [50, 'assign'],
    ],
    2,
  ],
  [
    'count_assignments',
    [
      [10, 'assign'],
      [20, 'none'],
      [30, 'assign'],
    ],
    2,
  ],
  [
    'count_conversation_parts',
    [
      [10, 'admin'],
      [20, 'close'],
    ],
    3,
  ],
]

for (const [name, steps, value] of rows) {
  test(`${name} is ${value} after ${steps.map(([after, what]) => `${what} at ${after}`).join(', ')}`, () => {
    assert.equal(play(steps)[name], value)
  })
}

test('a conversation that an admin opened counts replies from the first answer of the contact', () => {
  const opened = startedByAdmin(start)
  assert.equal(opened.first_contact_reply_at, null)
  const thread = play(
    [
      [100, 'contact'],
      [130, 'admin'],
    ],
    opened,
  )
  assert.deepEqual([thread.first_contact_reply_at, thread.time_to_admin_reply], [start + 100, 30])
  assert.equal(thread.count_reopens, 1)
})

// Every non-idempotent action of the toolsets whose answer is lost, and its successor under the same idempotency key.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom, type Journal } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

const directory = mkdtempSync(join(tmpdir(), 'journal-'))
const workspace = await createWorkspace({ seed: 'small' })
const connection = { accessToken: workspace.accessToken, dispatcher: workspace.dispatcher }
const of = await toolsetSubjects(createIntercom({ ...connection, toolsets: ['all'] }))
// What was found is not another's whose answer is still on its way: that takes seconds, which have passed.
workspace.control.clock.set(Math.floor(Date.now() / 1000) - 4)
workspace.control.snapshot('start')
after(async () => {
  await workspace.close()
  rmSync(directory, { recursive: true, force: true })
})

const parts = 'POST /conversations/{id}/parts'
const convert = { ticket_type_id: of.ticketType, conversation_id: of.open, title: 'From a chat' }
const cases: [what: string, name: keyof typeof toolsetExamples, route: string, input?: object][] = [
  ['a close', 'close_conversation', parts],
  ['an opening', 'open_conversation', parts],
  ['a snooze', 'snooze_conversation', parts],
  ['an assignment', 'assign_conversation', parts],
  ['a merge', 'merge_contacts', 'POST /contacts/merge'],
  ['an article', 'create_article', 'POST /articles'],
  ['a ticket', 'create_ticket', 'POST /tickets'],
  ['a conversation that becomes a ticket', 'create_ticket', 'POST /conversations/{id}/convert', convert],
  ['a reply on a ticket', 'reply_to_ticket', 'POST /tickets/{id}/reply'],
]

let runs = 0

/** A first process that only reports, and its successor on the same journal. */
async function restarted(
  row: (typeof cases)[number],
  kind: string,
  onUnknown: 'verify' | 'verify-then-resend',
) {
  const [, name, route, input = toolsetExamples[name](of as never)] = row
  workspace.control.restore('start')
  workspace.control.clearRequests()
  workspace.control.addFault({ kind, route, count: 1 } as never)
  const common = {
    ...connection,
    toolsets: ['all'] as const,
    journal: join(directory, `${++runs}.db`),
    settleMs: [1],
  }
  const idempotencyKey = 'k1'
  const first = createIntercom({ ...common, onUnknown: 'report' })
  const before = await first.call(name, input as never, { idempotencyKey })
  await first.close()
  const second = createIntercom({ ...common, onUnknown })
  const later = await second.call(name, input as never, { idempotencyKey })
  const again = await second.call(name, input as never, { idempotencyKey })
  await second.close()
  const [method, path = ''] = route.split(' ')
  const pattern = new RegExp(`^${path.replace('{id}', '[^/]+')}$`)
  const sent = workspace.control
    .requests(1000)
    .filter((request) => request.method === method && pattern.test(request.path)).length
  return { before, later, again, sent }
}

for (const died of [false, true])
  test(`an event without a time counts once, though its ${died ? 'process died' : 'answers were lost'} and it is called again later`, async (t) => {
    workspace.control.restore('start')
    workspace.control.clearRequests()
    workspace.control.addFault({ kind: 'commit_reset', route: 'POST /events', count: 4 })
    t.mock.method(Math, 'random', () => 0)
    const file = join(directory, `${++runs}.db`)
    const input = { contact_id: of.contact, event_name: 'paid-once' }
    const call = async (journal: Journal) => {
      const intercom = createIntercom({ ...connection, toolsets: ['events'], journal })
      const called = await intercom.call('create_event', input, { idempotencyKey: 'event' })
      journal.close()
      return called
    }
    const first = openJournal(file, died ? 1 : undefined)
    const before = await call(died ? { ...first, finish: async () => {} } : first)
    assert.equal(before.failure?.outcome, 'unknown')
    const now = Date.now()
    t.mock.method(Date, 'now', () => now + 60_000)
    const later = await call(openJournal(file))
    assert.equal(later.output.error, null)
    const { result: counted } = later.output
    assert.ok(Number(counted?.created_at) * 1000 <= now)
    const { events } = await createIntercom({ ...connection, toolsets: ['events'] }).listEvents({
      contact_id: of.contact,
      summary: true,
    })
    const paid = events.filter((one) => 'count' in one && one.name === 'paid-once')
    assert.deepEqual(
      paid.map((one) => 'count' in one && one.count),
      [1],
    )
  })

for (const row of cases) {
  test(`${row[0]} that took effect is a success after a restart, and is not sent again`, async () => {
    const { before, later, again, sent } = await restarted(row, 'commit_reset', 'verify')
    assert.equal(before.failure?.outcome, 'unknown')
    assert.deepEqual([later.output.error, again.output.error, sent], [null, null, 1])
  })

  test(`${row[0]} that never took effect stays unknown after a restart, and is not sent again`, async () => {
    const { later, again, sent } = await restarted(row, 'reset', 'verify')
    assert.deepEqual([later.failure?.outcome, again.failure?.outcome, sent], ['unknown', 'unknown', 1])
  })
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { openInbox } from './inbox.ts'
import type { PollOptions, WebhookProblem } from './options.ts'
import { startPoller } from './poller.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-cursors-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

const noon = Date.UTC(2026, 2, 10, 12) / 1000
const hour = 3600

type Found = { type: string; id: string; created_at: number; updated_at: number }
type Asked = { query_field: string; query_operator: string; query_value: string; per_page: number }
type Page = { items: Found[]; next?: string }

/** An inbox that polls fill, on clocks that the test sets; the script says what each search shows. */
function opened(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: noon * 1000 })
  const monotonic = { now: 0 }
  t.mock.method(performance, 'now', () => monotonic.now)
  const inbox = openInbox(join(folder, `${++files}.db`), { keptMs: 1e9, maxWaiting: 100 })
  t.after(() => inbox.close())
  const asked: (Asked & { action: string; starting_after?: string })[] = []
  const problems: WebhookProblem[] = []
  const shown: { conversations: () => Page; contacts: () => Page } = {
    conversations: () => ({ items: [] }),
    contacts: () => ({ items: [] }),
  }
  const call = async (action: string, input: Asked) => {
    asked.push({ action, ...input })
    const kind = action === 'search_contacts' ? 'contacts' : 'conversations'
    const { items, next } = shown[kind]()
    const pages = next === undefined ? null : { next: { starting_after: next } }
    return { output: { [kind]: items, pages }, failure: null }
  }
  const intercom = { call } as unknown as PollOptions['intercom'] // answers what the two searches do
  const poll = async (options: Partial<PollOptions> = {}) => {
    const poller = startPoller(
      inbox,
      { intercom, ...options },
      { hasHandler: () => true, wake: () => {}, onProblem: (problem) => void problems.push(problem) },
    )
    t.after(() => poller.stop())
    return { poller, fresh: await poller.now() }
  }
  const heard = () => {
    const rows = inbox.db.prepare('SELECT topic, subject FROM events ORDER BY number').all()
    return rows.map(({ topic, subject }) => `${topic} ${subject}`)
  }
  /** From which second each search of the last poll asked. */
  const since = () => asked.splice(0).map(({ action, query_value }) => [action, Number(query_value) - noon])
  return { inbox, asked, problems, shown, poll, heard, since, monotonic }
}

const contact = (id: string, updated_at: number, created_at = updated_at): Found => ({
  type: 'contact',
  id,
  created_at,
  updated_at,
})

test('the first poll asks from ten minutes ago on, for pages as long as there are', async (t) => {
  const { asked, poll } = opened(t)
  await poll()
  const usual = { query_field: 'updated_at', query_operator: '>', per_page: 150 }
  assert.deepEqual(asked, [
    { action: 'search_conversations', ...usual, query_value: String(noon - 601) },
    { action: 'search_contacts', ...usual, query_value: String(noon - 600 - 26 * hour) },
  ])
})

test('an empty cursor is the end of the pages', async (t) => {
  const { asked, poll, shown } = opened(t)
  shown.conversations = () => ({ items: [], ...(asked.length < 3 && { next: '' }) })
  await poll()
  assert.equal(asked.length, 2)
})

test('the first poll asks from where it is told, without an overlap', async (t) => {
  const { poll, since } = opened(t)
  await poll({ since: new Date((noon - hour) * 1000 + 999) })
  assert.deepEqual(since(), [
    ['search_conversations', -hour - 1],
    ['search_contacts', -27 * hour],
  ])
})

test('the next poll asks again for the overlap before the newest, and for the time that the last one took', async (t) => {
  const { shown, poll, since, monotonic, asked } = opened(t)
  shown.conversations = () => {
    monotonic.now += 20_001
    return { items: [{ ...contact('1', noon + 1000), type: 'conversation' }] }
  }
  shown.contacts = () => {
    const next = asked.length === 2 ? { next: 'two' } : {}
    return { items: [contact('1', noon + (asked.length === 2 ? 5000 : 4000))], ...next }
  }
  const { poller } = await poll({ overlapSeconds: 100 })
  assert.deepEqual(
    asked.map(({ starting_after }) => starting_after),
    [undefined, undefined, 'two'],
  )
  since()
  await poller.now()
  assert.deepEqual(since().slice(0, 2), [
    ['search_conversations', 1000 - 100 - 21 - 1],
    ['search_contacts', 5000 - 100 - 26 * hour],
  ])
})

test('a clock set back moves no cursor back, be it this machine’s or Intercom’s', async (t) => {
  const { shown, poll, since } = opened(t)
  shown.contacts = () => ({ items: [contact('1', noon + hour)] })
  const { poller } = await poll({ overlapSeconds: 0 })
  await poller.stop()
  since()
  t.mock.timers.setTime((noon - 48 * hour) * 1000)
  shown.contacts = () => ({ items: [contact('2', noon)] }) // dated by a clock that was set back
  const later = await poll({ overlapSeconds: 0 })
  assert.equal(later.fresh, 0)
  await later.poller.now()
  assert.deepEqual(since(), [
    ['search_conversations', -1],
    ['search_contacts', hour - 26 * hour],
    ['search_conversations', -1],
    ['search_contacts', hour - 26 * hour],
  ])
})

test('a clock set back during a poll makes the poll no shorter', async (t) => {
  const { shown, poll, since, monotonic } = opened(t)
  shown.conversations = () => {
    t.mock.timers.setTime((noon - 48 * hour) * 1000)
    monotonic.now += 2000
    return { items: [contact('1', noon + 100)] }
  }
  const { poller } = await poll({ overlapSeconds: 0 })
  since()
  await poller.now()
  assert.deepEqual(since()[0], ['search_conversations', 100 - 2 - 1])
})

test('a cursor that another process has moved meanwhile stays, and what lies before it is not heard again', async (t) => {
  const { inbox, shown, poll, heard, since } = opened(t)
  shown.contacts = () => {
    inbox.db.prepare("UPDATE cursors SET since = ? WHERE kind = 'contact'").run(noon + 500)
    return { items: [contact('1', noon + 499), contact('2', noon + 500)] }
  }
  const { poller, fresh } = await poll({ overlapSeconds: 600 })
  assert.deepEqual([fresh, heard()], [1, ['polled.contact.created contact:2']])
  since()
  await poller.now()
  assert.deepEqual(since()[1], ['search_contacts', 500 - 26 * hour])
})

test('what is new since the cursor was created, and what was there before, or was heard before, was updated', async (t) => {
  const { shown, poll, heard } = opened(t)
  shown.contacts = () => ({
    items: [
      contact('new', noon + 5, noon),
      contact('old', noon + 5, noon - 1),
      contact('before', noon - 1),
      contact('now', noon, noon),
    ],
  })
  const { poller, fresh } = await poll({ since: new Date(noon * 1000) })
  assert.equal(fresh, 3)
  shown.contacts = () => ({ items: [contact('new', noon + 5, noon), contact('new', noon + 6, noon)] })
  assert.equal(await poller.now(), 1)
  assert.deepEqual(heard(), [
    'polled.contact.created contact:new',
    'polled.contact.updated contact:old',
    'polled.contact.created contact:now',
    'polled.contact.updated contact:new',
  ])
})

test('a page that cannot be kept is kept in no part, and the next poll reads it whole', async (t) => {
  const { shown, poll, problems, heard } = opened(t)
  shown.contacts = () => ({ items: [contact('1', noon), contact('2', noon + 0.5)] }) // no second
  const { poller, fresh } = await poll()
  assert.deepEqual([fresh, heard()], [0, []])
  assert.partialDeepStrictEqual(problems, [{ kind: 'poll', resource: 'contact' }])
  shown.contacts = () => ({ items: [contact('1', noon), contact('2', noon)] })
  assert.equal(await poller.now(), 2)
  assert.equal(problems.length, 1)
})

test('when conversations fail contacts are polled all the same', async (t) => {
  const { shown, poll, problems } = opened(t)
  shown.conversations = () => {
    throw new Error('no page')
  }
  shown.contacts = () => ({ items: [contact('1', noon)] })
  assert.equal((await poll()).fresh, 1)
  assert.partialDeepStrictEqual(problems, [{ kind: 'poll', resource: 'conversation' }])
})

test('what was handled is forgotten once its cursor has passed it, and only of its kind', async (t) => {
  const { inbox, shown, poll, heard } = opened(t)
  shown.conversations = () => ({ items: [{ ...contact('1', noon), type: 'conversation' }] })
  shown.contacts = () => ({ items: [contact('1', noon), contact('2', noon + 10)] })
  const { poller } = await poll({ overlapSeconds: 0 })
  inbox.db.exec("UPDATE events SET state = 'done' WHERE subject <> 'contact:3'")
  shown.contacts = () => ({ items: [contact('3', noon + 10)] })
  await poller.now()
  assert.deepEqual(heard(), [
    'polled.conversation.created conversation:1',
    'polled.contact.created contact:2',
    'polled.contact.created contact:3',
  ])
})

test('a poll follows a minute after the last one’s end, until it is stopped', async (t) => {
  const { poll, asked } = opened(t)
  const { poller } = await poll()
  const passed = async (ms: number) => {
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    return asked.length
  }
  assert.deepEqual([await passed(59_999), await passed(1), await passed(60_000)], [2, 4, 6])
  await poller.stop()
  assert.equal(await passed(120_000), 6)
  assert.deepEqual([await poller.now(), asked.length], [0, 6])
})

test('a poll that ends after it was stopped leaves no timer behind, which would keep the process', async (t) => {
  const { poll, shown } = opened(t)
  const { poller } = await poll()
  let stopping: Promise<void> | undefined
  shown.contacts = () => {
    stopping = poller.stop()
    return { items: [] }
  }
  const timers = t.mock.method(globalThis, 'setTimeout')
  await poller.now()
  await stopping
  assert.equal(timers.mock.callCount(), 0)
})

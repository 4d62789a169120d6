import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWebhooks, type PollOptions, type WebhookProblem } from '../../src/webhooks/index.ts'

// Polls of contacts by a script that says what each page shows, and what happens before it does.
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-pages-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

type Page = { contacts: Found[]; next?: string | null }
type Found = { type: 'contact'; id: string; created_at: number; updated_at: number }

const start = 1_800_000_000
const since = new Date(start * 1000)
const contact = (id: number, updated_at = start): Found => ({
  type: 'contact',
  id: String(id),
  created_at: start,
  updated_at,
})

/** The first poll is over when it resolves. */
async function polledBy(
  t: TestContext,
  pageAt: (page: unknown) => Page | Promise<Page>,
  options: { maxWaiting?: number; onProblem?: (problem: WebhookProblem) => void } = {},
) {
  const problems: WebhookProblem[] = []
  const hear = (problem: WebhookProblem) => void problems.push(problem)
  const store = join(folder, `${++files}.db`)
  const webhooks = createWebhooks({ store, verify: false, onProblem: hear, ...options })
  const heard: string[] = []
  webhooks.on('polled.contact.*', ({ topic, data: { item } }) => void heard.push(`${topic} ${item.id}`))
  t.after(() => webhooks.close())
  const call = async (name: string, { starting_after }: { starting_after?: string }) => {
    const { contacts, next } = name === 'search_contacts' ? await pageAt(starting_after) : { contacts: [] }
    const pages = { next: next === undefined ? null : { starting_after: next } }
    return { output: { contacts, conversations: [], pages }, failure: null }
  }
  const intercom = { call } as unknown as PollOptions['intercom'] // answers what the two searches do
  const poll = () => webhooks.poll({ intercom, since, everySeconds: 3600, overlapSeconds: 0 })
  const poller = poll()
  await poller.now()
  return { webhooks, poll, poller, problems, heard }
}

async function until(done: () => boolean): Promise<void> {
  for (let looks = 0; !done(); looks++) {
    if (looks === 1000) throw new Error('it does not come')
    await sleep(5)
  }
}

test('what changes on a page already read, while the next ones are, is heard by the next poll', async (t) => {
  const clock = performance.now.bind(performance)
  let passed = 0
  t.mock.method(performance, 'now', () => clock() + passed * 1000)
  let polls = 0
  const { poller } = await polledBy(t, (page) => {
    if (page === undefined) {
      polls += 1
      return { contacts: [contact(1, polls === 1 ? start : start + 10)], next: 'two' }
    }
    if (polls === 1) passed += 20
    return { contacts: [contact(2, start + 20)] }
  })
  assert.equal(await poller.now(), 1)
})

test('a hook that throws is no matter of the poll', async (t) => {
  let told = 0
  const { poller } = await polledBy(
    t,
    () => {
      throw new Error('no page')
    },
    {
      onProblem: () => {
        told += 1
        throw new Error('a hook that is broken')
      },
    },
  )
  assert.deepEqual([await poller.now(), told], [0, 2])
})

test('of a page with more than may wait there is kept what fits, and the rest by the next poll', async (t) => {
  const contacts = Array.from({ length: 150 }, (_, n) => contact(n))
  const { webhooks, poller, problems, heard } = await polledBy(t, () => ({ contacts }), { maxWaiting: 100 })
  assert.deepEqual(
    problems.map((problem) => problem.kind),
    ['poll'],
  )
  await until(() => heard.length === 100)
  assert.equal(await poller.now(), 50)
  await until(() => heard.length === 150)
  assert.deepEqual([new Set(heard).size, webhooks.failed().length], [150, 0])
})

test('a poll that is stopped reads no more pages, and the next one begins where it began', async (t) => {
  const read: unknown[] = []
  const { promise: reading, resolve: isReading } = Promise.withResolvers<void>()
  const { promise: stopping, resolve: isStopping } = Promise.withResolvers<void>()
  let [slow, over] = [false, false]
  const pageAt = async (page: unknown): Promise<Page> => {
    read.push(page)
    if (over) return { contacts: [contact(3, start + 10)] }
    if (slow) isReading()
    if (slow) await stopping
    if (page === undefined) return { contacts: [contact(1, slow ? start + 50 : start)], next: 'two' }
    return { contacts: [contact(2)] }
  }
  const { poll, poller } = await polledBy(t, pageAt)
  slow = true
  const polling = poller.now()
  await reading
  const stopped = poller.stop()
  isStopping()
  await Promise.all([polling, stopped])
  assert.deepEqual(read, [undefined, 'two', undefined])
  over = true
  assert.equal(await poll().now(), 1)
})

test('a page that names no next one is the last, also where it names none in words', async (t) => {
  let pages = 0
  const { problems } = await polledBy(t, () => {
    pages += 1
    if (pages > 3) throw new Error('from the beginning again')
    return { contacts: [contact(1)], next: null }
  })
  assert.deepEqual([pages, problems], [1, []])
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { delivery, sample } from '../../test/support/deliveries.ts'
import {
  checkPollOptions,
  checkWebhookOptions,
  neverThrowing,
  type PollOptions,
  type WebhookProblem,
  type WebhooksOptions,
  warnAbout,
} from './options.ts'
import { createWebhooks } from './webhooks.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-own-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

/** Webhooks on clocks that stand still but where the test moves them. */
function opened(t: TestContext, options: Partial<WebhooksOptions> = {}) {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'], now: Date.now() })
  const monotonic = { now: 0 }
  t.mock.method(performance, 'now', () => monotonic.now)
  const webhooks = createWebhooks({
    store: join(folder, `${++files}.db`),
    verify: false,
    onProblem: () => {},
    ...options,
  })
  t.after(() => webhooks.close())
  /** Time passes, and what is due then has happened when it resolves. */
  const pass = async (ms: number) => {
    monotonic.now += ms
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  }
  return { webhooks, pass }
}

test('an event is handled as soon as it is there, and one that had failed as soon as somebody asks', async (t) => {
  const { webhooks, pass } = opened(t, { maxAttempts: 1 })
  const heard: string[] = []
  webhooks.on('*', (_, { key }) => {
    heard.push(key)
    if (heard.length === 1) throw new Error('not yet')
  })
  webhooks.start()
  await pass(0)
  const event = sample()
  assert.equal((await webhooks.fetch(delivery(event))).status, 200)
  await pass(0)
  assert.deepEqual([heard, webhooks.failed().length], [[event.id], 1])
  assert.equal(await webhooks.retry(event.id), true)
  await pass(0)
  assert.deepEqual([heard, webhooks.failed()], [[event.id, event.id], []])
})

test('an id is remembered an hour longer than its event may be old', async (t) => {
  const { webhooks, pass } = opened(t, { maxAgeSeconds: 60 })
  webhooks.start()
  await pass(0)
  const statusOf = async () => {
    const now = Math.floor(Date.now() / 1000)
    const response = await webhooks.fetch(delivery({ ...event, created_at: now }))
    return ((await response.json()) as { status: string }).status
  }
  const event = sample()
  assert.equal(await statusOf(), 'new')
  await pass(3_600_000)
  assert.equal(await statusOf(), 'duplicate')
  await pass(120_000)
  assert.equal(await statusOf(), 'new')
})

test('closing waits for the poll under way, and then nothing is polled or taken', async (t) => {
  const { webhooks, pass } = opened(t)
  const gate = Promise.withResolvers<void>()
  let asked = 0
  const call = async () => {
    asked += 1
    await gate.promise
    return { output: { contacts: [], conversations: [], pages: null }, failure: null }
  }
  const intercom = { call } as unknown as Parameters<typeof webhooks.poll>[0]['intercom'] // answers what searches do
  const poller = webhooks.poll({ intercom })
  let closed = false
  const closing = webhooks.close().then(() => {
    closed = true
  })
  await pass(0)
  assert.equal(closed, false)
  gate.resolve()
  await closing
  assert.deepEqual([asked, await poller.now(), asked], [1, 0, 1])
  assert.throws(() => webhooks.poll({ intercom }), /these webhooks are closed/)
  assert.equal((await webhooks.fetch(delivery(sample()))).status, 503)
})

test('what is not said has its default', () => {
  assert.deepEqual(checkWebhookOptions({ store: 'x.db', clientSecret: 'secret' }), {
    store: 'x.db',
    clientSecret: 'secret',
    maxAgeSeconds: 86_400,
    maxBytes: 1_048_576,
    maxWaiting: 10_000,
    concurrency: 8,
    maxAttempts: 15,
    retryMs: 1000,
  })
})

test('each number has its bounds, which it may reach', () => {
  for (const [name, least, most] of [
    ['maxAgeSeconds', 60, 31_536_000],
    ['maxBytes', 1024, 67_108_864],
    ['maxWaiting', 1, 1_000_000],
    ['concurrency', 1, 1000],
    ['maxAttempts', 1, 1000],
    ['retryMs', 1, 3_600_000],
  ] as const) {
    const check = (value: number) => checkWebhookOptions({ store: 'x.db', verify: false, [name]: value })
    for (const right of [least, most]) assert.equal(check(right)[name], right)
    for (const wrong of [least - 1, most + 1, least + 0.5]) {
      assert.throws(
        () => check(wrong),
        new RegExp(`^IntercomError: ${name} must be a whole number`),
        String(wrong),
      )
    }
  }
})

test('an option of webhooks that is unknown or wrong is refused', () => {
  for (const [wrong, message] of [
    [{ verify: 'false' }, /verify must be true or false/],
    [{ verify: null }, /verify must be true or false/],
    [{ Verify: false }, /unknown option "Verify"\. Did you mean "verify"\?/],
    [{ clientSecret: 7 }, /clientSecret must be text/],
    [{ store: '' }, /store must be the path of a file/],
    [{ store: undefined }, /store must be the path of a file/],
    [{ onProblem: 'warn' }, /onProblem must be a function/],
  ] as const) {
    const options = { store: 'x.db', clientSecret: 'secret', ...wrong } as unknown as WebhooksOptions
    assert.throws(() => checkWebhookOptions(options), { name: 'IntercomError', message })
  }
})

test('polls that cannot work are refused', () => {
  const intercom = { call: () => {} } as unknown as PollOptions['intercom'] // is not called
  checkPollOptions({ intercom, everySeconds: 1, overlapSeconds: 0, since: new Date(0) })
  checkPollOptions({ intercom, everySeconds: 86_400, overlapSeconds: 30 * 86_400 })
  for (const [wrong, message] of [
    [{ intercom: {} }, /intercom must be made by createIntercom/],
    [{ intercom, everySeconds: 0 }, /everySeconds/],
    [{ intercom, everySeconds: 86_401 }, /everySeconds/],
    [{ intercom, overlapSeconds: -1 }, /overlapSeconds/],
    [{ intercom, overlapSeconds: 30 * 86_400 + 1 }, /overlapSeconds/],
    [{ intercom, since: new Date('soon') }, /since must be a valid date/],
    [{ intercom, every_seconds: 5 }, /unknown option "every_seconds"\. Did you mean "everySeconds"\?/],
    [{}, /intercom must be made by createIntercom/],
  ] as const) {
    assert.throws(() => checkPollOptions(wrong as unknown as PollOptions), { name: 'IntercomError', message })
  }
})

test('without a hook it is said what was given up or failed, but not what will be tried again, nor what was thrown', (t) => {
  const warned: unknown[] = []
  t.mock.method(process, 'emitWarning', (text: string, options: unknown) => void warned.push([text, options]))
  const error = new Error('canary of a customer')
  const handler = { kind: 'handler', id: 'notif_1', topic: 'ping', attempt: 3, error } as const
  warnAbout({ ...handler, givenUp: false })
  warnAbout({ ...handler, givenUp: true })
  warnAbout({ kind: 'poll', resource: 'contact', error })
  warnAbout({ kind: 'store', error })
  const code = { code: 'INTERCOM_WEBHOOKS' }
  assert.deepEqual(warned, [
    ['event notif_1 (ping) failed for good on attempt 3; set onProblem for details', code],
    ['polling contacts failed; set onProblem for details', code],
    ['the webhook store failed; set onProblem for details', code],
  ])
})

test('what a hook throws or rejects with is dropped', async () => {
  const problem: WebhookProblem = { kind: 'store', error: null }
  const heard: WebhookProblem[] = []
  for (const end of [() => Promise.reject(new Error('broken')), () => assert.fail('broken')]) {
    const hook = neverThrowing((given) => {
      heard.push(given)
      return end()
    })
    await hook(problem)
  }
  assert.deepEqual(heard, [problem, problem])
})

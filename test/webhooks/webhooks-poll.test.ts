import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { createWebhooks, type WebhookProblem } from '../../src/webhooks/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-polls-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

async function opened(t: TestContext, since: Date, timezone = 'UTC') {
  const [store, data] = [join(folder, `${++files}.db`), join(folder, `${files}.workspace.db`)]
  await (await createWorkspace({ data })).close()
  const db = new DatabaseSync(data)
  db.prepare('UPDATE app SET timezone = ?').run(timezone)
  db.close()
  const workspace = await createWorkspace({ data })
  const { url, accessToken } = await workspace.listen()
  const intercom = createIntercom({ baseUrl: url, accessToken })
  const problems: WebhookProblem[] = []
  const heard: string[] = []
  const open = () => {
    const webhooks = createWebhooks({ store, verify: false, onProblem: (problem) => problems.push(problem) })
    webhooks.on('polled.*', ({ topic, data: { item } }) => {
      heard.push(`${topic} ${item.type === 'contact' ? item.email : item.id}`)
    })
    const poller = webhooks.poll({ intercom, since, everySeconds: 3600, overlapSeconds: 600 })
    t.after(() => webhooks.close())
    return { webhooks, poller }
  }
  t.after(() => workspace.close())
  /** What was heard of a poll. */
  const polled = async ({ poller }: ReturnType<typeof open>) => {
    const fresh = await poller.now()
    while (heard.length < fresh) await sleep(2)
    return heard.splice(0).toSorted()
  }
  return { workspace, intercom, open, polled, problems, heard }
}

const day = new Date('2026-03-10T23:30:00Z')

test('new and changed contacts are heard once each, on whichever side of midnight', async (t) => {
  const { workspace, intercom, open, polled } = await opened(t, day)
  workspace.control.clock.set(day)
  const all = open()
  assert.deepEqual(await polled(all), [])
  const made = await intercom.upsertContact({ email: 'a@example.test' })
  assert.ok(made.success, String(made.error))
  assert.deepEqual(await polled(all), ['polled.contact.created a@example.test'])
  for (const minutes of [20, 40, 60, 24 * 60]) {
    workspace.control.clock.advance(minutes * 60)
    await intercom.upsertContact({ email: 'a@example.test', name: `after ${minutes}` })
    assert.deepEqual(await polled(all), ['polled.contact.updated a@example.test'])
    assert.deepEqual(await polled(all), [])
  }
})

test('a second client goes on where the first ended, and hears nothing twice', async (t) => {
  const { workspace, intercom, open, polled } = await opened(t, day)
  workspace.control.clock.set(day)
  const first = open()
  await polled(first)
  await intercom.upsertContact({ email: 'a@example.test' })
  assert.deepEqual(await polled(first), ['polled.contact.created a@example.test'])
  await first.webhooks.close()
  workspace.control.clock.advance(7 * 86_400)
  await intercom.upsertContact({ email: 'b@example.test' })
  const second = open()
  assert.deepEqual(await polled(second), ['polled.contact.created b@example.test'])
  workspace.control.clock.advance(3600)
  await intercom.upsertContact({ email: 'a@example.test', name: 'Ada' })
  assert.deepEqual(await polled(second), ['polled.contact.updated a@example.test'])
})

test('what searches show late, within the overlap, is heard', async (t) => {
  const { workspace, intercom, open, polled } = await opened(t, day)
  workspace.control.clock.set(day)
  const all = open()
  await polled(all)
  workspace.control.setSearchLag(300)
  await intercom.upsertContact({ email: 'late@example.test' })
  workspace.control.clock.advance(200)
  workspace.control.setSearchLag(0) // a newer one is seen first, as where indexes of a search differ
  await intercom.upsertContact({ email: 'early@example.test' })
  const hidden = { ...intercom, call: hiding(intercom, 'late@example.test') }
  const blind = all.webhooks.poll({ intercom: hidden, everySeconds: 3600, overlapSeconds: 600 })
  assert.equal(await blind.now(), 1)
  await blind.stop()
  assert.deepEqual(await polled(all), [
    'polled.contact.created early@example.test',
    'polled.contact.created late@example.test',
  ])
})

/** Searches that do not show a contact yet. */
function hiding(intercom: Intercom, email: string): Intercom['call'] {
  return (async (name: string, input: unknown) => {
    const result = await intercom.call(name, input)
    const { contacts } = result.output as { contacts?: { email: string }[] } // searches of contacts have them
    if (contacts === undefined) return result
    return {
      ...result,
      output: { ...result.output, contacts: contacts.filter((one) => one.email !== email) },
    }
  }) as Intercom['call'] // one signature of the overloads
}

test('what was handled and forgotten is not heard again, though searches of days find it', async (t) => {
  const { workspace, intercom, open, polled } = await opened(t, day)
  workspace.control.clock.set(day)
  const all = open()
  await polled(all)
  await intercom.upsertContact({ email: 'a@example.test' })
  assert.deepEqual(await polled(all), ['polled.contact.created a@example.test'])
  workspace.control.clock.advance(3600)
  await intercom.upsertContact({ email: 'b@example.test' })
  assert.deepEqual(await polled(all), ['polled.contact.created b@example.test'])
  assert.deepEqual(await polled(all), [])
})

for (const zone of ['America/Los_Angeles', 'Pacific/Kiritimati'])
  test(`in ${zone} contacts made at any hour are heard in the poll after`, async (t) => {
    const { workspace, intercom, open, polled } = await opened(t, day, zone)
    workspace.control.clock.set(day)
    const all = open()
    await polled(all)
    for (let hour = 0; hour < 30; hour += 3) {
      await intercom.upsertContact({ email: `${hour}@example.test` })
      assert.deepEqual(await polled(all), [`polled.contact.created ${hour}@example.test`])
      workspace.control.clock.advance(3 * 3600)
    }
  })

test('a page that fails leaves the cursor, and the next poll reads everything', async (t) => {
  const { workspace, intercom, open, polled, problems } = await opened(t, day)
  workspace.control.clock.set(day)
  const all = open()
  await polled(all)
  for (let each = 0; each < 160; each++) {
    await intercom.upsertContact({ email: `${each}@example.test`, external_id: String(each) })
  }
  workspace.control.addFault({
    kind: 'status',
    status: 401,
    route: 'POST /contacts/search',
    after: 1,
    count: 1,
  })
  await all.poller.now()
  assert.partialDeepStrictEqual(problems, [{ kind: 'poll', resource: 'contact' }])
  const rest = await all.poller.now()
  assert.equal(rest, 10)
})

test('conversations are heard when they begin and when somebody answers', async (t) => {
  const { workspace, intercom, open, polled } = await opened(t, day)
  workspace.control.clock.set(day)
  const { contact } = await intercom.upsertContact({ email: 'a@example.test' })
  const all = open()
  await polled(all)
  await intercom.sendIncomingMessage({ contact_id: String(contact?.id), body: 'Hello' })
  const [created] = (await polled(all)).filter((line) => line.includes('conversation'))
  assert.match(String(created), /^polled\.conversation\.created \d+$/)
  workspace.control.clock.advance(5)
  const id = String(created).split(' ')[1] ?? ''
  const reply = {
    conversation_id: id,
    reply_type: 'user',
    intercom_user_id: String(contact?.id),
    body: 'Hm',
  } as const
  assert.ok((await intercom.replyToConversation(reply)).success)
  assert.ok((await polled(all)).includes(`polled.conversation.updated ${id}`))
})

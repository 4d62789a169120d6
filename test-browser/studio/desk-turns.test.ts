// What is asked for while something else is under way: done in its turn, as it was on the screen then, and told.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page, Route } from 'playwright-core'
import { launched } from '../chromium.ts'
import { eventually } from '../eventually.ts'
import { type Studio, studio, visitorsOf } from './support.ts'

type Thread = {
  state: string
  admin_assignee_id: number | null
  tags: { tags: { name: string }[] }
  conversation_parts: {
    conversation_parts: { part_type: string; body: string | null; author: { id: string } }[]
  }
}

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>
let admins: { id: string; name: string }[]

before(async () => {
  server = await studio(['--seed', '30'])
  browser = await launched()
  open = visitorsOf(browser, server)
  const all = await server.intercom<{ admins: { id: string; name: string; has_inbox_seat: boolean }[] }>(
    'GET',
    '/admins',
  )
  admins = all.admins.filter((one) => one.has_inbox_seat)
  for (const name of ['Alpha', 'Beta']) await server.intercom('POST', '/tags', { name })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

let made = 0
/** A conversation of a customer of its own. */
async function conversation(name: string): Promise<string> {
  made += 1
  const contact = await server.intercom<{ id: string }>('POST', '/contacts', {
    ...{ name, email: `turns-${made}@example.com` },
  })
  const sent = await server.intercom<{ conversation_id: string }>('POST', '/conversations', {
    ...{ from: { type: 'user', id: contact.id }, body: `${name} writes` },
  })
  return sent.conversation_id
}
const thread = (id: string) => server.intercom<Thread>('GET', `/conversations/${id}`)
const threadOf = (page: Page) => page.getByRole('log', { name: 'Thread' })

async function opened(t: TestContext, id: string, name: string) {
  const watched = await open(`/desk/${id}`)
  t.after(() => watched.close())
  await threadOf(watched.page).getByText(`${name} writes`).waitFor()
  return watched.page
}

/** The page's writes to conversations. The answer to those that `isHeld` names does not come before `release`. */
async function writesOf(page: Page, isHeld: (path: string, body: Record<string, unknown>) => boolean) {
  const asked: Record<string, unknown>[] = []
  const gate = Promise.withResolvers<void>()
  let instead: Parameters<Route['fulfill']>[0]
  await page.route(/\/studio\/api\/intercom\/conversations(\/|$)/, async (route) => {
    const request = route.request()
    const { pathname } = new URL(request.url())
    if (request.method() === 'GET' || pathname.endsWith('/search')) return await route.continue()
    const body = (request.postDataJSON() ?? {}) as Record<string, unknown>
    asked.push(body)
    if (!isHeld(pathname, body)) return await route.continue()
    if (instead === undefined) {
      const response = await route.fetch()
      await gate.promise
      await route.fulfill({ response })
    } else {
      await gate.promise
      await route.fulfill(instead)
    }
  })
  return {
    asked,
    release: () => gate.resolve(),
    /** The held ones reach nobody, and are answered so. */
    failWith(status: number) {
      const errors = [{ code: 'made_up', message: 'made up' }]
      instead = { status, json: { type: 'error.list', errors } }
    },
  }
}

async function assign(page: Page, name: string): Promise<void> {
  await page.keyboard.press('a')
  await page.getByRole('combobox', { name: 'Assign to' }).fill(name)
  await page.keyboard.press('Enter')
}

async function tag(page: Page, name: string): Promise<void> {
  await page.keyboard.press('t')
  await page.getByRole('combobox', { name: 'Tag or untag' }).fill(name)
  await page.keyboard.press('Enter')
}

test('what is asked for before an answer has come is done after it, in order; the same thing twice is one', async (t) => {
  const id = await conversation('Una')
  const page = await opened(t, id, 'Una')
  const writes = await writesOf(page, (_, body) => body['message_type'] === 'assignment')
  await assign(page, admins[1]?.name ?? '')
  await threadOf(page).getByText(`assigned it to ${admins[1]?.name}`).waitFor()
  await tag(page, 'Alpha')
  await tag(page, 'Beta')
  await tag(page, 'Alpha')
  await page.keyboard.press('e')
  await page.keyboard.press('e')
  await page.getByText('Under way: The assignment, The tag “Alpha”, The tag “Beta”, Closing it.').waitFor()
  assert.equal(writes.asked.length, 1)
  writes.release()
  await threadOf(page).getByText('closed the conversation').waitFor()
  await page.getByText('Under way').waitFor({ state: 'detached' })
  assert.deepEqual(
    writes.asked.map(({ message_type, id }) => message_type ?? (id === undefined ? '' : 'tag')),
    ['assignment', 'tag', 'tag', 'close'],
  )
  const now = await thread(id)
  assert.equal(now.state, 'closed')
  assert.deepEqual(now.tags.tags.map(({ name }) => name).toSorted(), ['Alpha', 'Beta'])
})

test('two things that went wrong are both told, until each is hidden or asked for again', async (t) => {
  const id = await conversation('Vera')
  const page = await opened(t, id, 'Vera')
  const writes = await writesOf(
    page,
    (path, body) => path.endsWith('/tags') || body['message_type'] === 'close',
  )
  writes.failWith(422)
  await tag(page, 'Alpha')
  await page.keyboard.press('e')
  writes.release()
  const told = page.getByRole('article').getByRole('alert')
  await told.getByText('Closing it was not accepted').waitFor()
  await told.getByText('The tag “Alpha” was not accepted').waitFor()
  await assign(page, admins[1]?.name ?? '')
  await threadOf(page).getByText(`assigned it to ${admins[1]?.name}`).waitFor()
  await page.getByText(`Assigned to ${admins[1]?.name}.`).waitFor()
  assert.equal(await told.count(), 2)
  await told.filter({ hasText: 'The tag' }).getByRole('button', { name: 'Hide' }).click()
  await told.filter({ hasText: 'The tag' }).waitFor({ state: 'detached' })
  assert.equal(await told.count(), 1)
})

test('a note that waits for its turn is sent as that note, by whom it was asked of', async (t) => {
  const id = await conversation('Wim')
  const page = await opened(t, id, 'Wim')
  const writes = await writesOf(page, (_, body) => body['message_type'] === 'assignment')
  await page.getByLabel('Acting as').selectOption({ label: admins[1]?.name ?? '' })
  await assign(page, admins[2]?.name ?? '')
  await page.keyboard.press('n')
  await page.keyboard.type('Not for the customer')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Reply', exact: true }).click()
  await page.keyboard.type('Still typing')
  await page.getByLabel('Acting as').selectOption({ label: admins[0]?.name ?? '' })
  writes.release()
  await threadOf(page).locator('[data-side="note"]').getByText('Not for the customer').waitFor()
  await page.getByText('Noted.').waitFor()
  assert.equal(await page.getByLabel('Reply to the customer').inputValue(), 'Still typing')
  const said = (await thread(id)).conversation_parts.conversation_parts.filter(({ body }) => body !== null)
  assert.deepEqual(
    said.map(({ part_type, body, author }) => [part_type, body, author.id]),
    [['note', '<p>Not for the customer</p>', admins[1]?.id]],
  )
})

test('the answer to a reply does not take the focus from what somebody does meanwhile', async (t) => {
  const id = await conversation('Xenia')
  const page = await opened(t, id, 'Xenia')
  const writes = await writesOf(page, (path) => path.endsWith('/reply'))
  await page.keyboard.press('r')
  await page.keyboard.type('For the customer')
  await page.keyboard.press('Control+Enter')
  await threadOf(page).getByText('For the customer').waitFor()
  await page.keyboard.press('Escape')
  writes.release()
  await page.getByText('Sent.').waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('For the team')
  assert.equal(await page.getByLabel('Note for the team').inputValue(), 'For the team')
})

test('what goes wrong with one conversation is told at that one, wherever somebody is', async (t) => {
  const id = await conversation('Yuri')
  const other = await conversation('Zoe')
  const page = await opened(t, id, 'Yuri')
  const writes = await writesOf(page, (path) => path.endsWith('/reply'))
  writes.failWith(422)
  const row = (name: string) =>
    page.getByRole('listbox', { name: 'Conversations' }).getByText(`${name} writes`)
  const field = page.getByLabel('Reply to the customer')
  const send = page.getByRole('button', { name: 'Send reply' })
  await field.fill('To Yuri')
  await send.click()
  await row('Zoe').click()
  await threadOf(page).getByText('Zoe writes').waitFor()
  await row('Yuri').click()
  await threadOf(page).getByText('Yuri writes').waitFor()
  await send.click({ force: true }) // still the same, which its button tells
  await row('Zoe').click()
  await threadOf(page).getByText('Zoe writes').waitFor()
  writes.release()
  const warning = page
    .getByRole('alert')
    .filter({ hasText: `Conversation ${id}: The reply was not accepted` })
  await warning.waitFor()
  assert.equal(
    await page
      .getByRole('article', { name: `Conversation ${other}` })
      .getByRole('alert')
      .count(),
    0,
  )
  assert.equal(await field.inputValue(), '')
  await warning.getByRole('link', { name: 'Go there' }).click()
  await page
    .getByRole('article', { name: `Conversation ${id}` })
    .getByRole('alert')
    .waitFor()
  assert.equal(await field.inputValue(), 'To Yuri')
  assert.equal(writes.asked.length, 1)
})

test('what is typed as the customer meanwhile goes on with the conversation, and what goes wrong is told', async (t) => {
  const id = await conversation('Ines')
  const page = await opened(t, id, 'Ines')
  const messenger = page.locator('[data-messenger]')
  const field = page.getByLabel('Write as Ines')
  const writes = await writesOf(page, (path) => path.endsWith('/conversations'))
  await messenger.getByRole('button', { name: '‹ Messages' }).click()
  await messenger.getByRole('button', { name: 'Send us a message' }).click()
  await field.fill('Another matter')
  await page.keyboard.press('Enter')
  await field.fill('And one more thing')
  writes.release()
  await messenger.getByRole('log').getByText('Another matter').waitFor()
  await eventually(() => field.inputValue(), 'And one more thing')
  const failing = await writesOf(page, (path) => path.endsWith('/reply'))
  failing.failWith(422)
  await field.press('Enter')
  await messenger.getByRole('button', { name: '‹ Messages' }).click()
  failing.release()
  await page.getByRole('alert').getByText('In the Messenger: The message was not accepted').waitFor()
  await messenger.getByRole('button', { name: /Another matter/ }).click()
  await messenger.getByRole('alert').getByText('The message was not accepted').waitFor()
  assert.equal(await field.inputValue(), 'And one more thing')
})

test('a list that was opened for one conversation does not act on the next', async (t) => {
  const id = await conversation('Abel')
  const other = await conversation('Bea')
  const page = await opened(t, other, 'Bea')
  await page.getByRole('listbox', { name: 'Conversations' }).getByText('Abel writes').click()
  await threadOf(page).getByText('Abel writes').waitFor()
  await page.keyboard.press('t')
  await page.getByRole('dialog', { name: 'Tag or untag' }).waitFor()
  await page.goBack()
  await threadOf(page).getByText('Bea writes').waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
  assert.equal((await thread(id)).tags.tags.length, 0)
})

test('a list has the keys before the next one can be pressed', async (t) => {
  const id = await conversation('Dora')
  const page = await opened(t, id, 'Dora')
  const isOpen = await page.evaluate(async () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true }))
    for (let turn = 0; turn < 20; turn += 1) await null // what the browser does before it takes the next key
    return document.activeElement?.closest('dialog[open]') != null
  })
  assert.ok(isOpen)
})

test('an answer that never comes does not keep back what follows', async (t) => {
  const id = await conversation('Cora')
  const watched = await open('/desk')
  t.after(() => watched.close())
  const { page } = watched
  await page.addInitScript(() => {
    const own = AbortSignal.timeout
    AbortSignal.timeout = (ms) => own.call(AbortSignal, ms / 15)
  })
  await page.goto(`${server.url}/studio/desk/${id}`)
  await threadOf(page).getByText('Cora writes').waitFor()
  await writesOf(page, (_, body) => body['message_type'] === 'assignment')
  await assign(page, admins[1]?.name ?? '')
  await page.keyboard.press('e')
  await threadOf(page).getByText('closed the conversation').waitFor()
  await page.getByRole('alert').getByText('It is not known whether the assignment took effect.').waitFor()
})

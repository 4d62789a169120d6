import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launched } from '../chromium.ts'
import { eventually } from '../eventually.ts'
import { hostile } from '../hostile.ts'
import { watchedPage } from '../watched.ts'
import { apiKey, at, chord, looksRight, ready, type Studio, studio, tabTo, visitorsOf } from './support.ts'

type Thread = {
  conversation_parts: { conversation_parts: { part_type: string; body: string | null }[] }
}

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>
let admin_id: string

before(async () => {
  server = await studio(['--seed', 'small', '--sends', 'confirm'])
  browser = await launched()
  open = visitorsOf(browser, server)
  const { admins } = await server.intercom<{ admins: { id: string; has_inbox_seat: boolean }[] }>(
    'GET',
    '/admins',
  )
  admin_id = admins.find((one) => one.has_inbox_seat)?.id ?? ''
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

let made = 0
async function contact(name = 'Ada Wong'): Promise<string> {
  made += 1
  const { id } = await server.intercom<{ id: string }>('POST', '/contacts', {
    name,
    email: `sends-${made}@example.com`,
  })
  return id
}
async function conversation(body = 'Where is my parcel?', name?: string): Promise<string> {
  const from = { type: 'user', id: await contact(name) }
  const sent = await server.intercom<{ conversation_id: string }>('POST', '/conversations', { from, body })
  return sent.conversation_id
}

/** An action as another client calls it. */
async function call(name: string, input: object, key?: string) {
  const response = await fetch(`${server.url}/actions/${name}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(input),
  })
  const id = response.headers.get('location')?.replace('/approvals/', '') ?? ''
  return { status: response.status, id, body: (await response.json()) as { success: boolean } }
}
async function held(body: string, conversation_id?: string) {
  const id = conversation_id ?? (await conversation())
  const input = { conversation_id: id, reply_type: 'admin', message_type: 'comment', admin_id, body }
  const { status, id: approval } = await call('reply_to_conversation', input)
  assert.equal(status, 202)
  return { approval, conversation_id: id }
}
async function received(id: string): Promise<string[]> {
  const { conversation_parts } = await server.intercom<Thread>('GET', `/conversations/${id}`)
  return conversation_parts.conversation_parts.flatMap(({ part_type, body }) =>
    part_type === 'comment' && body ? [body] : [],
  )
}

const rows = (page: Page) => page.getByRole('listbox', { name: 'Sends' })
const detail = (page: Page) => page.getByRole('region', { name: 'Send', exact: true })
const story = (page: Page) => detail(page).getByRole('list', { name: 'Step by step' })
const badge = (page: Page, says: string) => detail(page).locator('.send > header .badge', { hasText: says })

async function opened(t: TestContext, path: string, options = {}) {
  const watched = await open(path, options)
  t.after(() => watched.close())
  return watched
}

test('a day with approvals: one is changed and sent, exactly so and once, one is declined', async (t) => {
  const { page, wrong } = await opened(t, '/sends')
  const first = await held('It arives on Monday')
  const waiting = rows(page)
    .getByRole('option', { name: /Waiting/ })
    .first()
  await waiting.click()
  await at(page, `/sends/${first.approval}`)
  await detail(page).getByText('Waiting for a decision').waitFor()
  await detail(page).getByRole('button', { name: 'Edit' }).click()
  await detail(page).getByLabel('The message, as it will be sent').fill('It arrives on Monday')
  await detail(page).getByRole('button', { name: 'Approve as changed' }).click()
  await badge(page, 'Sent once').waitFor()
  await detail(page).getByText('Approved and sent').waitFor()
  await story(page).getByText('Changed and approved').waitFor()
  await story(page).getByText('Intercom confirmed it').waitFor()
  assert.deepEqual(await received(first.conversation_id), ['<p>It arrives on Monday</p>'])

  await detail(page).getByRole('link', { name: first.conversation_id }).click()
  await at(page, `/desk/${first.conversation_id}`)
  await page.goBack()

  const second = await held('You are fired')
  await page.goto(`${server.url}/studio/sends/approvals/${second.approval}`)
  await detail(page).getByRole('button', { name: 'Decline' }).click()
  await detail(page)
    .getByLabel(/^Why not/)
    .fill('Too harsh')
  await detail(page).getByRole('button', { name: 'Decline' }).click()
  await badge(page, 'Not sent').waitFor()
  await story(page).getByText('Declined').waitFor()
  await story(page).getByText('Too harsh').waitFor()
  assert.deepEqual(await received(second.conversation_id), [])
  assert.deepEqual(wrong, [])
})

test('an unknown outcome says what to do, and becomes verified when it is found', async (t) => {
  const { page, wrong } = await opened(t, '/sends?state=unknown')
  await page.getByText('No send matches the filters.').waitFor()
  const contact_id = await contact()
  const route = '/contacts/{id}/notes'
  await server.control('POST', '/faults', { kind: 'commit_reset', route: `POST ${route}`, count: 1 })
  await server.control('POST', '/faults', { kind: 'status', status: 500, route: `GET ${route}` })
  const input = { contact_id, body: 'Asked for an invoice.' }
  assert.equal((await call('create_note', input, 'note-1')).status, 409)
  await rows(page).getByText('note-1').click()
  await badge(page, 'Unknown').waitFor()
  await detail(page)
    .getByText(/It may have taken effect\. Make the same call again under the same/)
    .waitFor()
  await story(page).getByText('The answer was lost').waitFor()
  await story(page).getByText('that did not work').first().waitFor()
  await server.control('DELETE', '/faults')
  assert.equal((await call('create_note', input, 'note-1')).status, 200)
  await badge(page, 'Verified').waitFor()
  await story(page).getByText('Looked for in Intercom: it is there').waitFor()
  await page.getByText('No send matches the filters.').waitFor() // it is no longer unknown
  const notes = await server.intercom<{ data: unknown[] }>('GET', `/contacts/${contact_id}/notes`)
  assert.equal(notes.data.length, 1)
  assert.deepEqual(wrong, [])
})

test('what is unknown is looked for on request: found, it is verified, and nothing is sent', async (t) => {
  const { page, wrong } = await opened(t, '/sends?state=unknown')
  await page.getByText('No send matches the filters.').waitFor()
  const route = '/contacts/{id}/notes'
  await server.control('POST', '/faults', { kind: 'commit_reset', route: `POST ${route}`, count: 2 })
  await server.control('POST', '/faults', { kind: 'status', status: 403, route: `GET ${route}` })
  const short = { contact_id: await contact(), body: 'Asked for an invoice.' }
  const long = { contact_id: await contact(), body: 'Asked at length. '.repeat(5000) } // of which no input is kept
  const made = await Promise.all([call('create_note', short, 'look-1'), call('create_note', long, 'look-2')])
  assert.deepEqual(
    made.map(({ status }) => status),
    [409, 409],
  )
  await server.control('DELETE', '/faults')
  const look = () => detail(page).getByRole('button', { name: 'Look in Intercom' })

  await rows(page).getByText('look-1').click()
  await look().click()
  await badge(page, 'Verified').waitFor()
  await story(page).getByText('Looked for in Intercom: it is there').waitFor()
  await look().waitFor({ state: 'detached' })

  await rows(page).getByText('look-2').click()
  await badge(page, 'Unknown').waitFor()
  await look().click()
  const input = detail(page).getByLabel('The input of this create_note, as JSON')
  await input.fill('Asked at length.')
  await look().click()
  await detail(page).getByRole('alert').getByText('That is no JSON').waitFor()
  await input.fill(JSON.stringify({ ...long, body: 'Asked for something else.' }))
  await look().click()
  await detail(page).getByRole('alert').getByText('used with another action or input').waitFor()
  await input.fill(JSON.stringify(long))
  await look().click()
  await badge(page, 'Verified').waitFor()
  for (const { contact_id } of [short, long]) {
    const notes = await server.intercom<{ data: unknown[] }>('GET', `/contacts/${contact_id}/notes`)
    assert.equal(notes.data.length, 1)
  }
  assert.deepEqual(
    wrong.filter((one) => !/\b(409|422)\b/.test(one)),
    [],
  )
})

test('what another client sends arrives by itself, and the filters find it', async (t) => {
  const { page, wrong } = await opened(t, '/sends')
  const contact_id = await contact()
  await call('create_note', { contact_id, body: 'Live' }, 'arrives-live')
  await rows(page).getByText('arrives-live').waitFor()
  await call('create_note', { contact_id: 'none', body: 'Refused' }, 'arrives-refused')
  await rows(page).getByText('arrives-refused').waitFor()
  await page.getByLabel('Filter by text').fill('ARRIVES-')
  const count = () => rows(page).getByRole('option').count()
  await eventually(count, 2)
  await page.getByLabel('Outcome').selectOption({ label: 'Sent once' })
  await rows(page).getByText('arrives-refused').waitFor({ state: 'detached' })
  await rows(page).getByText('arrives-live').waitFor()
  await eventually(count, 1)
  await page.reload()
  await ready(page)
  await rows(page).getByText('arrives-live').waitFor()
  assert.equal(await page.getByLabel('Filter by text').inputValue(), 'ARRIVES-')
  await page.getByLabel('Filter by text').fill('')
  await page.getByLabel('Outcome').selectOption({ label: 'All outcomes' })
  await page.getByLabel('Action', { exact: true }).selectOption('create_note')
  await rows(page).getByText('arrives-refused').waitFor()
  await page.getByLabel('Caller').selectOption('studio')
  await rows(page).getByText('arrives-live').waitFor()
  assert.deepEqual(wrong, [])
})

test('of two tabs that decide at once one is told what the other has decided', async (t) => {
  const { approval, conversation_id } = await held('Decided twice')
  const tabs = [await opened(t, `/sends/${approval}`), await opened(t, `/sends/${approval}`)]
  const both = Promise.withResolvers<void>()
  for (const { page } of tabs) {
    await page.route('**/decision', async (route) => {
      await both.promise
      await route.continue()
    })
    const asked = page.waitForRequest('**/decision')
    await detail(page).getByRole('button', { name: 'Approve and send' }).click()
    await asked
  }
  both.resolve()
  for (const { page, wrong } of tabs) {
    await badge(page, 'Sent once').waitFor()
    await detail(page).getByText('Approved and sent').waitFor()
    assert.deepEqual(
      wrong.filter((one) => !/\b409\b/.test(one)),
      [],
    )
  }
  assert.deepEqual(await received(conversation_id), ['<p>Decided twice</p>'])
})

test('everything is done with the keyboard', async (t) => {
  const { approval, conversation_id } = await held('By the keyboard')
  const { page, wrong } = await opened(t, '/lab')
  await chord(page, 'g', 's')
  await rows(page)
    .getByRole('option', { name: /Waiting/ })
    .first()
    .waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await at(page, `/sends/${approval}`)
  await detail(page).getByRole('button', { name: 'Edit' }).waitFor()
  await tabTo(page, 'Edit')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('Typed, not clicked')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await badge(page, 'Sent once').waitFor()
  assert.deepEqual(await received(conversation_id), ['<p>Typed, not clicked</p>'])
  await page.keyboard.press('/')
  await page.keyboard.type('no such send')
  await page.getByText('No send matches the filters.').waitFor()
  assert.deepEqual(wrong, [])
})

test('whoever is no operator sees that it waits, and how to decide', async (t) => {
  const { approval } = await held('For an operator')
  const { page, wrong, close } = await watchedPage(browser, [server.url], {
    viewport: { width: 1280, height: 800 },
  })
  t.after(close)
  await page.goto(`${server.url}/studio/sends/approvals/${approval}`)
  await page.getByLabel(/^API key/).fill(apiKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await badge(page, 'Waiting').waitFor()
  await detail(page).getByText('An operator decides on it').waitFor()
  assert.equal(await detail(page).getByRole('button', { name: 'Approve and send' }).count(), 0)
  assert.equal(await page.getByLabel('Caller').count(), 0)
  assert.deepEqual(
    wrong.filter((one) => !/\b401\b/.test(one)),
    [],
  )
})

test('it looks right in both themes at three widths', async () => {
  const { approval } = await held('To look at')
  await call('create_note', { contact_id: 'none', body: 'x' }, 'looks')
  const { sends } = (await (
    await fetch(`${server.url}/sends?action=create_note`, { headers: { authorization: `Bearer ${apiKey}` } })
  ).json()) as { sends: { id: string; idempotency_key: string | null }[] }
  const note = sends.find(({ idempotency_key }) => idempotency_key === 'looks')?.id
  await looksRight(open, `/sends/${approval}`, (page) =>
    detail(page).getByText('Waiting for a decision').waitFor(),
  )
  await looksRight(open, `/sends/${note}`, (page) => story(page).waitFor())
})

test('nothing of what customers and callers write runs, loads or leads anywhere', async (t) => {
  const texts = Object.values(hostile)
  const all = texts.join('\n\n').slice(0, 20_000)
  await call('reply_to_conversation', { conversation_id: '1', reply_type: 'admin', admin_id, body: all }) // refused, and quoted
  const { approval } = await held(all.replaceAll('<', '&lt;'), await conversation(all, texts[0]))
  const { page, wrong } = await opened(t, `/sends/${approval}`)
  await detail(page).getByText('Waiting for a decision').waitFor()
  await detail(page).getByRole('button', { name: 'Edit' }).click()
  await detail(page).getByRole('button', { name: 'Discard changes' }).click()
  await detail(page).getByRole('button', { name: 'Approve and send' }).click()
  await badge(page, 'Sent once').waitFor()
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })
  // Refused, and quoted in the error.
  for (const text of texts) await call('create_note', { contact_id: text.slice(0, 100), body: text })
  await page.goto(`${server.url}/studio/sends?action=create_note`)
  await ready(page)
  await rows(page).getByRole('option').first().click()
  for (let n = 0; n < 12; n += 1) {
    await story(page).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
  }
  assert.equal(await page.locator('main iframe, main img, main script, main object, main form').count(), 0)
  assert.deepEqual(wrong, [])
})

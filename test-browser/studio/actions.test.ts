import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { ToolsetSubjects } from '../../test/support/toolset-examples.ts'
import { rowsOf } from '../../test-hosts/matrix/rows.ts'
import { launched } from '../chromium.ts'
import { eventually, until } from '../eventually.ts'
import { hostile } from '../hostile.ts'
import { examples, prepared, ran } from './action-forms.ts'
import { chord, focused, looksRight, type Studio, studio, tabTo, visitorsOf } from './support.ts'

const home = mkdtempSync(join(tmpdir(), 'studio-actions-'))
const data = join(home, 'workspace.db')
let server: Studio
let browser: Browser
let open: ReturnType<typeof visitorsOf>
let of: ToolsetSubjects
let restore: () => Promise<unknown>

before(async () => {
  server = await studio(['--data', data])
  ;({ of, restore } = await prepared(server))
  browser = await launched()
  open = visitorsOf(browser, server)
})
after(async () => {
  await browser.close()
  await server.stop()
  rmSync(home, { recursive: true })
})

const shown = (page: Page) => page.locator('.outcome').textContent().then(String)

test('what is left blank is not sent and changes nothing', async () => {
  const { page, wrong, close } = await open('/actions/update_contact')
  await page.getByLabel('contact_id').fill(of.contact)
  for (const name of ['name', 'phone', 'custom_attributes', 'clear']) {
    await page.getByLabel(name, { exact: true }).fill('x')
    await page.getByLabel(name, { exact: true }).fill(' ')
  }
  const rows = rowsOf(data)
  const { sent, body } = await ran(page, 'update_contact')
  assert.deepEqual(sent, { contact_id: of.contact })
  assert.equal(body.outcome, 'not_sent') // an update of nothing is refused
  assert.equal(rowsOf(data), rows)
  assert.deepEqual(
    wrong.filter((one) => !/status of 422/.test(one)),
    [],
  )
  await close()
})

test('a form checks as somebody types, and sends nothing while something is wrong', async () => {
  const { page, wrong, close } = await open('/actions/upsert_contact')
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('explain')) asked.push(request.url())
  })
  await page.getByLabel('custom_attributes').fill('{"plan": ')
  await page.getByText('Not JSON yet').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('Required.').waitFor()
  assert.equal(await focused(page), 'email')
  assert.equal(await page.getByLabel('custom_attributes').getAttribute('aria-invalid'), 'true')
  assert.deepEqual(asked, [])
  assert.deepEqual(wrong, [])
  await close()
})

test('a dry run writes nothing and shows the request; then it is run once, however often it is pressed', async () => {
  const { page, wrong, close } = await open('/actions/create_note')
  await page.getByLabel('contact_id').fill(of.contact)
  await page.getByLabel('body').fill('Asked for an invoice.')
  const rows = rowsOf(data)
  const dry = await ran(page, 'create_note', 'Control+Shift+Enter')
  assert.equal(rowsOf(data), rows)
  assert.match(await shown(page), /nothing was written/)
  assert.equal(dry.headers['idempotency-key'], undefined)
  await page.getByRole('button', { name: 'Requests' }).click()
  await page.getByText('Would be sent', { exact: true }).waitFor()
  let calls = 0
  page.on('request', (request) => {
    if (request.url().includes('/actions/create_note')) calls += 1
  })
  const pressed = Promise.withResolvers<void>()
  await page.route('**/actions/create_note*', async (route) => {
    await pressed.promise
    await route.continue()
  })
  const run = ran(page, 'create_note')
  await page.getByRole('button', { name: 'Running…' }).dispatchEvent('click')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Control+Shift+Enter')
  await page.getByText('Nothing was sent: a call is under way.').waitFor()
  pressed.resolve()
  const { headers } = await run
  assert.equal(calls, 1)
  assert.match(await shown(page), new RegExp(`Done.*${headers['idempotency-key']}`, 's'))
  await page.unrouteAll()
  const again = await ran(page, 'create_note')
  assert.notEqual(again.headers['idempotency-key'], headers['idempotency-key'])
  assert.deepEqual(wrong, [])
  await restore()
  await close()
})

test('what is unknown is run again under the same key, also after a reload, and sent once', async () => {
  const { page, wrong, close } = await open('/actions')
  const input = examples['reply_to_conversation']?.(of) ?? {}
  const link = `${server.url}/studio/actions/reply_to_conversation?input=${encodeURIComponent(JSON.stringify(input))}`
  await page.goto(link)
  await page.getByRole('button', { name: 'Run and send' }).waitFor()
  await page.route('**/actions/reply_to_conversation*', async (route) => {
    await route.fetch() // it arrives, and its answer is lost
    await route.abort()
  })
  const first = page.waitForRequest((request) => request.url().includes('reply_to_conversation?explain'))
  await page.keyboard.press('Control+Enter')
  const key = (await first).headers()['idempotency-key']
  await page.getByText('Whether the call has reached it is unknown').waitFor()
  await page.unrouteAll()
  await page.reload()
  await page.getByRole('button', { name: 'Run again' }).waitFor()
  const { headers, body } = await ran(page, 'reply_to_conversation')
  assert.deepEqual([headers['idempotency-key'], body.outcome], [key, 'success'])
  assert.match(await shown(page), /Already sent once under this key/)
  const { conversation_parts } = await server.intercom<{
    conversation_parts: { conversation_parts: { body: string | null }[] }
  }>('GET', `/conversations/${of.conversation}`)
  const sent = conversation_parts.conversation_parts.filter(({ body }) =>
    body?.includes(String(input['body'])),
  )
  assert.equal(sent.length, 1)
  await page.getByRole('button', { name: 'Run and send' }).waitFor()
  assert.deepEqual(
    wrong.filter((one) => !/ERR_FAILED/.test(one)),
    [],
  )
  await restore()
  await close()
})

test('an address carries the input, over reload and back', async () => {
  const input = { query_field: 'role', query_value: 'user', per_page: 3 }
  const { page, wrong, close } = await open(
    `/actions/search_contacts?input=${encodeURIComponent(JSON.stringify(input))}`,
  )
  await eventually(() => page.getByLabel('per_page').inputValue(), '3')
  await page.getByLabel('per_page').fill('2')
  await page.waitForURL(/per_page%22%3A2%7D/)
  await page.reload()
  await page.getByLabel('per_page').waitFor()
  assert.equal(await page.getByLabel('per_page').inputValue(), '2')
  const { sent } = await ran(page, 'search_contacts')
  assert.deepEqual(sent, { ...input, per_page: 2 })
  await page.getByRole('link', { name: 'List tags' }).click()
  await page.getByLabel('name_contains').waitFor()
  await page.goBack()
  await eventually(() => page.getByLabel('per_page').inputValue(), '2')
  await page.goto(`${server.url}/studio/actions/get_contact?input=${encodeURIComponent('{"contact":1}')}`)
  await page.getByText('has parameters that the action does not take: contact').waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

test('ids are found by a name and taken with the keyboard', async () => {
  const { page, wrong, close } = await open('/actions/add_tag_to_contact')
  const { data: contacts } = await server.intercom<{ data: { id: string; name: string | null }[] }>(
    'GET',
    '/contacts',
  )
  const contact = contacts.find(({ name }) => name !== null)
  await page.getByLabel('contact_id').fill(contact?.name?.split(' ')[0] ?? '')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await until(async () => assert.match(await page.getByLabel('contact_id').inputValue(), /^[0-9a-f]{24}$/))
  assert.deepEqual(wrong, [])
  await close()
})

test('the keyboard is enough: list, form, run, tabs and the list of keys', async () => {
  const { page, wrong, close } = await open('/desk')
  await chord(page, 'g', 'a')
  await page.getByRole('searchbox', { name: 'Filter actions' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('get contact')
  await page.keyboard.press('Enter')
  await until(async () => assert.match(await focused(page), /^Get contact/))
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await page.getByLabel('contact_id').waitFor()
  await tabTo(page, 'contact_id')
  await page.keyboard.insertText(of.contact)
  await ran(page, 'get_contact')
  assert.match(await shown(page), /Read\./)
  await tabTo(page, 'For a model')
  await page.keyboard.press('Enter')
  await page.locator('pre.compact').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Dry run').waitFor()
  await page.keyboard.press('Escape')
  assert.deepEqual(wrong, [])
  await close()
})

test('what customers wrote is text everywhere: no alert, no request', async () => {
  const texts = Object.values(hostile)
  const { contact } = of
  await server.intercom('PUT', `/contacts/${contact}`, { name: texts[0], custom_attributes: {} })
  const made = await server.intercom<{ conversation_id: string }>('POST', '/conversations', {
    from: { type: 'user', id: contact },
    body: texts.join('\n'),
  })
  for (const body of texts)
    await server.intercom('POST', `/conversations/${made.conversation_id}/reply`, {
      message_type: 'comment',
      type: 'user',
      intercom_user_id: contact,
      body,
    })
  const { page, wrong, close } = await open(
    `/actions/get_conversation?input=${encodeURIComponent(JSON.stringify({ conversation_id: made.conversation_id }))}`,
  )
  await page.getByLabel('conversation_id').waitFor()
  await ran(page, 'get_conversation')
  for (const tab of ['Answer', 'For a model', 'Requests', 'Trace', 'Code', 'Contract']) {
    await page.getByRole('button', { name: tab, exact: true }).click()
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true
    })
  }
  await page.getByRole('link', { name: 'Create note' }).click()
  await page.getByLabel('contact_id').fill('script')
  await page.getByRole('option').first().waitFor()
  for (const text of texts) await page.getByLabel('body').fill(text)
  await page.getByLabel('contact_id').fill(contact)
  await page.keyboard.press('Control+Shift+Enter')
  await page.getByText('nothing was written').waitFor()
  assert.deepEqual(wrong, [])
  await restore()
  await close()
})

test('a call that needs a person is held: its form leads to the approval and keeps its key', async () => {
  const own = await studio(['--sends', 'confirm'])
  try {
    const { of } = await prepared(own)
    const { page, wrong } = await visitorsOf(browser, own)('/actions')
    const input = examples['reply_to_conversation']?.(of) ?? {}
    await page.goto(
      `${own.url}/studio/actions/reply_to_conversation?input=${encodeURIComponent(JSON.stringify(input))}`,
    )
    await page.getByRole('button', { name: 'Ask for approval' }).waitFor()
    const dry = await ran(page, 'reply_to_conversation', 'Control+Shift+Enter')
    assert.equal(dry.body.outcome, 'success')
    const first = await ran(page, 'reply_to_conversation')
    assert.equal(first.status, 202)
    assert.match(await shown(page), /a person has to approve it/)
    const link = page.getByRole('link', { name: 'See it in Sends' })
    assert.match((await link.getAttribute('href')) ?? '', /^\/studio\/sends\/approvals\/apr_/)
    const again = await ran(page, 'reply_to_conversation')
    assert.equal(again.headers['idempotency-key'], first.headers['idempotency-key'])
    assert.deepEqual(wrong, [])
  } finally {
    await own.stop()
  }
})

test('everything is readable: both themes, three widths', async () => {
  await looksRight(open, '/actions')
  const link = `/actions/reply_to_conversation?input=${encodeURIComponent(JSON.stringify({ reply_type: 'admin' }))}`
  await looksRight(open, link, async (page) => {
    await page.getByRole('button', { name: 'Contract', exact: true }).waitFor()
  })
  await looksRight(open, '/actions/list_tags', async (page) => {
    await page.getByRole('button', { name: 'Contract', exact: true }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('.outcome strong').waitFor()
  })
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launched } from '../chromium.ts'
import { eventually, until } from '../eventually.ts'
import { at, chord, looksRight, type Studio, studio, tabTo, visitorsOf } from './support.ts'

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>
before(async () => {
  ;[browser, server] = await Promise.all([launched(), studio()])
  open = visitorsOf(browser, server)
})
after(async () => {
  await browser.close()
  await server.stop()
})

type Contacts = { data: { id: string; name: string }[] }
type Clock = { now: number; offset: number; frozen: boolean }

const names = async () => (await server.intercom<Contacts>('GET', '/contacts?per_page=3')).data
const said = (page: Page, text: string) => page.locator('.said').getByText(text).waitFor()

test('a checkpoint, what an agent changed since and by whom, before and after, and the way back and forth', async () => {
  const { page, wrong, close } = await open('/lab/changes')
  const contact = { name: 'Plain Name', id: '' }
  const nameNow = async () => (await server.intercom<{ name: string }>('GET', `/contacts/${contact.id}`)).name
  const made = { role: 'user', email: 'plain@example.com', name: contact.name }
  contact.id = (await server.intercom<{ id: string }>('POST', '/contacts', made)).id
  await page.getByLabel('Name this moment').fill('before the agent')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing has changed since this moment.').waitFor()
  await server.intercom('PUT', `/contacts/${contact.id}`, {
    name: 'Somebody Else',
    custom_attributes: { plan: 'gold' },
  })
  await page.getByRole('option', { name: /Contact updated/ }).click()
  const change = page.getByRole('region', { name: 'The change' })
  await change.getByText('PUT /contacts/{id}').waitFor()
  const admin = (await server.intercom<{ name: string }>('GET', '/me')).name
  await until(async () => {
    const shown = (await change.textContent()) ?? ''
    for (const text of [contact.name, 'Somebody Else', 'gold', contact.id, admin])
      assert.ok(shown.includes(text), text)
  })
  await page.getByRole('button', { name: 'Rewind to before the agent' }).click()
  await page.getByText('One change is taken back.', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Rewind', exact: true }).last().click()
  await said(page, 'The data is that of “before the agent”.')
  assert.equal(await nameNow(), contact.name)
  await page.getByText('Nothing has changed since this moment.').waitFor()
  await page.getByRole('button', { name: 'Undo the rewind' }).click()
  await page.getByRole('option', { name: /Contact updated/ }).waitFor()
  assert.equal(await nameNow(), 'Somebody Else')
  assert.deepEqual(wrong, [])
  await close()
})

test('what was written is shown as text, whatever it says', async () => {
  const { page, wrong, close } = await open('/lab/changes')
  const name = '<img src=https://evil.example/x onerror=alert(1)>\u202e'
  await server.intercom('POST', '/contacts', { role: 'user', email: 'hostile@example.com', name })
  await page
    .getByRole('option', { name: /Contact created/ })
    .filter({ hasText: 'U+202E' })
    .click()
  await page.getByRole('region', { name: 'The change' }).getByText('U+202E').waitFor()
  assert.equal(await page.locator('main img').count(), 0)
  assert.deepEqual(wrong, [])
  await close()
})

test('a line of a change takes tags out of HTML bodies, and out of nothing else', async () => {
  const { page, wrong, close } = await open('/lab/changes')
  const { id } = await server.intercom<{ id: string }>('POST', '/contacts', {
    email: 'line@example.com',
    name: '<b>',
  })
  const line = (entity: string, says: string) =>
    page.getByRole('option', { name: entity }).filter({ has: page.getByText(says, { exact: true }) })
  await line('Contact created', '<b>').waitFor()
  await server.intercom('PUT', `/contacts/${id}`, { name: '1 < 2 &amp;lt; <i>3</i>' })
  await line('Contact updated', 'name: 1 < 2 &lt; <i>3</i>').waitFor()
  await server.intercom('POST', '/tags', { name: '&lt;u&gt; <u>' })
  await line('Tag created', '&lt;u&gt; <u>').waitFor()
  const body = '<p>Fish &amp; <b>chips</b>, 2 &lt; 3</p>'
  await server.intercom('POST', `/contacts/${id}/notes`, { body })
  await line('Note created', 'Fish & chips , 2 < 3').waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

test('many writes at once are each there once', async () => {
  const { page, wrong, close } = await open('/lab/changes')
  await page.getByLabel('Name this moment').fill('before the flood')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing has changed since this moment.').waitFor()
  const writes = Array.from({ length: 400 }, (_, index) => index)
  const work = async () => {
    for (let index = writes.pop(); index !== undefined; index = writes.pop())
      await server.intercom('POST', '/tags', { name: `tag ${index}` })
  }
  await Promise.all(Array.from({ length: 20 }, work))
  await page.locator('.pane-head .count').getByText('400', { exact: true }).waitFor()
  const { changes } = await server.control<{ changes: unknown[] }>(
    'GET',
    '/changes?checkpoint=before%20the%20flood',
  )
  assert.equal(changes.length, 400)
  assert.ok((await page.locator('.list-row').count()) < 60)
  assert.deepEqual(wrong, [])
  await close()
})

test('a fault is made from its form, counts what it is injected into, and is removed', async () => {
  const { page, wrong, close } = await open('/lab/faults')
  await page.getByLabel('Done, then 502').check()
  await page.getByLabel('Which requests').fill('POST /tags')
  await page.getByLabel('At most, times').fill('1')
  await page.getByRole('button', { name: 'Add the rule' }).click()
  await page.getByText('0 of 0 requests').waitFor()
  await assert.rejects(server.intercom('POST', '/tags', { name: 'struck' }), /502/)
  await page.getByText('1 of 1 requests').waitFor()
  await page.getByLabel('Which requests').fill('NOT A ROUTE')
  await page.getByRole('button', { name: 'Add the rule' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('button', { name: /^Remove rule/ }).click()
  await page.getByText('None: Intercom answers as it should.', { exact: false }).waitFor()
  assert.deepEqual((await server.control<{ faults: unknown[] }>('GET', '/faults')).faults, [])
  // the browser itself reports the refused rule
  assert.deepEqual(
    wrong.filter((one) => !one.includes('400')),
    [],
  )
  await close()
})

test('every kind of fault can be added as its form proposes it', async () => {
  const { page, wrong, close } = await open('/lab/faults')
  const kinds = await page
    .locator('input[name="kind"]')
    .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  await page.getByLabel('Which requests').fill('DELETE /tags/{id}') // stays with another kind
  for (const kind of kinds) {
    await page.locator(`input[value="${kind}"]`).check()
    await page.getByRole('button', { name: 'Add the rule' }).click()
    await page.getByText(`${kind} · DELETE /tags/{id}`).waitFor()
  }
  const { faults } = await server.control<{ faults: { rule: { kind: string } }[] }>('GET', '/faults')
  assert.deepEqual(
    faults.map(({ rule }) => rule.kind),
    kinds,
  )
  await page.getByRole('button', { name: 'Remove all' }).click()
  await page.getByText('None: Intercom answers as it should.', { exact: false }).waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

test('what is asked for while something else is under way is done too, and what goes wrong is told wherever one is', async () => {
  const { page, wrong, close } = await open('/lab/faults')
  for (const route of ['GET /tags', 'GET /admins'])
    await server.control('POST', '/faults', { kind: 'status', status: 503, route })
  const gate = Promise.withResolvers<void>()
  await page.route('**/studio/api/workspace/**', async (route) => {
    if (route.request().method() !== 'GET') await gate.promise
    await route.fallback()
  })
  const remove = page.getByRole('button', { name: /^Remove rule/ })
  await remove.nth(1).waitFor()
  await remove.nth(0).click()
  await remove.nth(1).click()
  await page.getByText(/^Under way: Removing rule \d+, Removing rule \d+\.$/).waitFor()
  gate.resolve()
  await page.getByText('None: Intercom answers as it should.', { exact: false }).waitFor()
  await page.getByRole('link', { name: 'Limits' }).click()
  const [whitespace, entities] = [page.getByLabel('Blanks collapsed'), page.getByLabel('Quotes and letters')]
  await whitespace.check()
  await entities.check()
  await eventually(() => server.control('GET', '/rewrite'), { kinds: ['whitespace', 'entities'] })
  const late = Promise.withResolvers<void>()
  await page.route('**/studio/api/workspace/rewrite', async (route) => {
    if (route.request().method() === 'GET') return await route.fallback()
    await late.promise
    await route.fulfill({ status: 503, json: { error: 'Not now.' } })
  })
  await whitespace.click()
  await page.getByText('Under way').waitFor()
  await page.getByRole('link', { name: 'Data' }).click()
  late.resolve()
  await page.getByRole('alert').getByText('Setting how bodies are rewritten: Not now.').waitFor()
  await page.getByRole('button', { name: 'Hide' }).click()
  await page.getByRole('link', { name: 'Limits' }).click()
  await whitespace.click()
  await page.getByRole('alert').getByText('Not now.').waitFor()
  assert.ok(await whitespace.isChecked(), 'as it is')
  await server.control('PUT', '/rewrite', { kinds: [] })
  // the browser itself reports the refused writes
  assert.deepEqual(
    wrong.filter((one) => !one.includes('503')),
    [],
  )
  await close()
})

test('the clock stops, jumps a day, and comes back; the bar says that it is not the machine’s', async () => {
  const { page, wrong, close } = await open('/lab/clock')
  await page.getByRole('button', { name: 'Stop it' }).click()
  await page.getByRole('link', { name: 'Clock stopped' }).waitFor()
  const before = await server.control<Clock>('GET', '/clock')
  await page.getByRole('button', { name: 'Forward 1 day' }).click()
  await said(page, 'The clock has moved forward by 1 day.')
  const moved = await server.control<Clock>('GET', '/clock')
  assert.deepEqual([moved.frozen, moved.now - before.now], [true, 86_400])
  await page.getByRole('button', { name: 'Let it run' }).click()
  await page.getByRole('link', { name: 'Clock moved' }).waitFor()
  await page.getByRole('button', { name: 'Back to the machine’s time' }).click()
  await page.getByRole('link', { name: 'Clock moved' }).waitFor({ state: 'detached' })
  const { offset, frozen } = await server.control<Clock>('GET', '/clock')
  assert.deepEqual([offset, frozen], [0, false])
  await page.getByLabel('Seconds late').fill('5')
  await page.keyboard.press('Enter')
  await said(page, 'Searches are 5 s late.')
  assert.deepEqual(await server.control('GET', '/search_lag'), { seconds: 5 })
  await page.getByRole('button', { name: 'No lag' }).click()
  await said(page, 'Searches see everything at once.')
  assert.deepEqual(wrong, [])
  await close()
})

test('limits and rewriting are set and restored', async () => {
  type Limits = { app: number | false; foreign: unknown }
  const { page, wrong, close } = await open('/lab/limits')
  await page.getByLabel('For one app').fill('500')
  await page.getByLabel('Used by somebody else, %').fill('25')
  await page.getByRole('button', { name: 'Set the limits' }).click()
  await page.getByText('Shared with somebody').waitFor()
  const set = await server.control<Limits>('GET', '/rate_limit')
  assert.deepEqual([set.app, set.foreign], [500, { share: 0.25, seed: 0, app: 'local' }])
  // What is typed before the answer is there stays, beside what was set.
  const gate = Promise.withResolvers<void>()
  await page.route('**/workspace/rate_limit', async (route) => {
    await gate.promise
    await route.continue()
  })
  await page.getByRole('button', { name: 'Restore the usual ones' }).click()
  await page.getByLabel('For the workspace').fill('7')
  gate.resolve()
  await page.getByText('Shared with somebody').waitFor({ state: 'detached' })
  const field = (label: string) => page.getByLabel(label).inputValue()
  assert.deepEqual([await field('For one app'), await field('For the workspace')], ['1667', '7'])
  assert.equal((await server.control<Limits>('GET', '/rate_limit')).app, 1667)
  const typography = page.getByLabel('Typographic quotes', { exact: false })
  await typography.check()
  await eventually(() => server.control('GET', '/rewrite'), { kinds: ['typography'] })
  await typography.uncheck()
  await eventually(() => server.control('GET', '/rewrite'), { kinds: [] })
  assert.deepEqual(wrong, [])
  await close()
})

test('a fixture is pasted, its mistakes are told with their place, and the state is written as one; nothing is replaced unasked', async () => {
  const { page, wrong, close } = await open('/lab/data')
  const before = (await names()).map(({ name }) => name)
  const fixture = page.getByLabel('Fixture, YAML or JSON')
  await fixture.fill('contacts:\n  - { emial: mia@example.com }')
  await page.getByRole('button', { name: 'Load it…' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Load it…' }).click()
  await page.getByRole('button', { name: 'Replace all data' }).click()
  await page.getByRole('alert').getByText('did you mean "email"', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  assert.deepEqual(
    (await names()).map(({ name }) => name),
    before,
  )
  await page.getByLabel('Name', { exact: true }).fill('the demo')
  await page.getByRole('button', { name: 'Take a snapshot' }).click()
  await said(page, 'The snapshot “the demo” is taken.')
  await fixture.fill('contacts:\n  - { key: mia, email: mia@example.com, name: Mia Santos }')
  await page.getByRole('button', { name: 'Load it…' }).click()
  await page.getByRole('button', { name: 'Replace all data' }).click()
  await said(page, 'All data is replaced.')
  assert.deepEqual(
    (await names()).map(({ name }) => name),
    ['Mia Santos'],
  )
  await page.getByRole('button', { name: 'Write the fixture' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as a file' }).click()
  const stream = await (await download).createReadStream()
  let text = ''
  for await (const chunk of stream) text += chunk
  assert.equal(JSON.parse(text).contacts[0].email, 'mia@example.com')
  await page.getByRole('button', { name: 'Restore the demo' }).click()
  await said(page, 'The data is that of “the demo”.')
  assert.deepEqual(
    (await names()).map(({ name }) => name),
    before,
  )
  // the browser itself reports the refused fixture
  assert.deepEqual(
    wrong.filter((one) => !one.includes('400')),
    [],
  )
  await close()
})

test('the keyboard alone names a moment, finds a change, rewinds, and undoes it', async () => {
  const { page, wrong, close } = await open('/')
  await chord(page, 'g', 'l')
  await at(page, '/lab')
  await page.getByLabel('Name this moment').waitFor()
  await tabTo(page, 'Name this moment')
  await page.keyboard.type('by keys')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing has changed since this moment.').waitFor()
  await server.intercom('POST', '/contacts', { role: 'user', email: 'keys@example.com', name: 'Keys Only' })
  await page.getByRole('option', { name: /Contact created/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'The change' }).getByText('Keys Only').waitFor()
  await tabTo(page, 'Rewind to by keys')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Rewind to “by keys”' }).waitFor()
  await tabTo(page, 'Rewind')
  await page.keyboard.press('Enter')
  await said(page, 'The data is that of “by keys”.')
  await tabTo(page, 'Undo the rewind')
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: /Contact created/ }).waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

for (const [tab, heading] of [
  ['changes', 'Checkpoints'],
  ['faults', 'Break something'],
  ['data', 'Start again'],
] as const) {
  test(`${tab} looks right in both themes at every width`, async () => {
    await looksRight(open, `/lab/${tab}`, (page) => page.getByRole('heading', { name: heading }).waitFor())
  })
}

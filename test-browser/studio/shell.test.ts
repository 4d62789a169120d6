import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launched } from '../chromium.ts'
import { eventually } from '../eventually.ts'
import { accessibilityProblems, overflow, watchedPage } from '../watched.ts'
import { apiKey, at, chord, focused, ready, type Studio, studio, tabTo, visitorsOf } from './support.ts'

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

const view = (page: Page) => page.locator('main').getAttribute('data-view')

test('the link opens it and leaves the address, a used one does not, and whoever has used it goes on', async () => {
  const { page, wrong, close } = await open('/')
  await at(page, '/desk')
  // The same link again, where somebody is signed in.
  await page.goto(server.link)
  await ready(page)
  assert.ok(!page.url().includes('code='))
  await close()
  const stranger = await watchedPage(browser, [server.url])
  await stranger.page.goto(server.link)
  await stranger.page.getByText('This link was used already, or is too old.', { exact: false }).waitFor()
  assert.deepEqual(
    [...wrong, ...stranger.wrong].filter((one) => !one.includes('401')),
    [],
  )
  await stranger.close()
})

test('a wrong key does not sign in, a right one does and stays where the address leads; the keyboard is enough', async () => {
  const { page, wrong, close } = await watchedPage(browser, [server.url])
  await page.goto(`${server.url}/studio/lab/limits`)
  await page.getByLabel('API key, or operator’s key').waitFor()
  await tabTo(page, 'API key, or operator’s key or access token')
  await page.keyboard.type('not-the-key-of-anybody-in-here')
  await page.keyboard.press('Enter')
  await page.getByText('This is neither an API key', { exact: false }).waitFor()
  await page.keyboard.type(apiKey)
  await page.keyboard.press('Enter')
  await ready(page)
  await at(page, '/lab/limits')
  await page.getByRole('heading', { name: 'Rate limits' }).waitFor()
  // the browser itself reports the refused sign-in
  assert.deepEqual(
    wrong.filter((one) => !one.includes('401')),
    [],
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('API key, or operator’s key').waitFor()
  await close()
})

test('no violation of WCAG 2.2 AA at the door', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, close } = await watchedPage(browser, [server.url], { colorScheme })
    await page.goto(`${server.url}/studio/`)
    await page.getByLabel('API key, or operator’s key').waitFor()
    assert.deepEqual(await accessibilityProblems(page), [])
    await close()
  }
})

test('every view has an address: by links, by keys, back, forward and anew', async () => {
  const { page, wrong, close } = await open('/')
  const walk: [key: string, name: string][] = [
    ['a', 'actions'],
    ['s', 'sends'],
    ['t', 'traffic'],
    ['l', 'lab'],
    ['d', 'desk'],
  ]
  for (const [key, name] of walk) {
    await chord(page, 'g', key)
    await at(page, `/${name}`)
    await eventually(() => view(page), name)
    await eventually(async () => (await page.title()).toLowerCase(), `${name} · studio`)
    await eventually(() => page.evaluate(() => document.activeElement?.id), 'main')
  }
  await page.getByRole('link', { name: 'Lab' }).click()
  await page.getByRole('link', { name: 'Faults' }).click()
  await at(page, '/lab/faults')
  await page.goBack()
  await page.goBack()
  await eventually(() => view(page), 'desk')
  await page.goForward()
  await page.goForward()
  await page.reload()
  await page.getByRole('heading', { name: 'Break something' }).waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

test('? lists the keys that hold here; what is typed into a field is no key', async () => {
  const { page, wrong, close } = await open('/lab/clock')
  await page.getByLabel('Seconds late').focus()
  await page.keyboard.press('?')
  assert.equal(await page.getByRole('dialog').count(), 0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await keys.getByText('These keys').waitFor()
  assert.ok((await keys.getByRole('definition').allTextContents()).includes('Faults'))
  assert.deepEqual(await accessibilityProblems(page), [])
  await chord(page, 'g', 'd')
  assert.equal(await view(page), 'lab')
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'detached' })
  await page.keyboard.press('2')
  await page.waitForURL('**/lab/faults')
  assert.deepEqual(wrong, [])
  await close()
})

test('the theme is that of the system until somebody chooses another, which stays', async () => {
  const { page, close } = await open('/lab/clock', { colorScheme: 'dark' })
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dark = await ground()
  await tabTo(page, 'Theme: as the system')
  await page.keyboard.press('Enter')
  await eventually(() => focused(page), 'Theme: light')
  const light = await ground()
  assert.notEqual(light, dark)
  await page.reload()
  await ready(page)
  await eventually(ground, light)
  await page.getByRole('button', { name: 'Theme: light' }).click()
  await eventually(ground, dark)
  await close()
})

test('an address of no view leads to one, and of a view that is not there to the others', async () => {
  const { page, close } = await open('/nothing/of/this')
  await page.waitForURL('**/studio/desk')
  await close()
})

test('at 200 % zoom and at 320 pixels nothing is cut off', async () => {
  for (const width of [640, 320]) {
    const { page, close } = await open('/lab/data', { viewport: { width, height: 450 } })
    for (const [name, heading] of [
      ['Changes', 'Checkpoints'],
      ['Faults', 'Break something'],
      ['Clock', 'Search lag'],
      ['Limits', 'Rate limits'],
      ['Data', 'Start again'],
    ] as const) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { name: heading }).waitFor()
      assert.ok((await overflow(page)) <= 0, `${name} at ${width} px`)
    }
    await close()
  }
})

test('what one tab does the other shows, and a hidden one catches up', async () => {
  const [one, two] = [await open('/lab/changes'), await open('/lab/changes')]
  for (let index = 0; index < 3; index += 1)
    await server.intercom('POST', '/contacts', { role: 'user', email: `two-tabs-${index}@example.com` })
  for (const { page, wrong } of [one, two]) {
    await page
      .getByRole('option', { name: /Contact created/ })
      .nth(2)
      .waitFor()
    assert.deepEqual(wrong, [])
  }
  await one.close()
  await two.close()
})

test('a server that is killed and started again is found again: nothing is lost or shown twice, and what was typed stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-studio-data-'))
  const flags = ['--data', join(folder, 'data.db')]
  const first = await studio(flags)
  const { page, wrong, close } = await visitorsOf(browser, first)('/lab/changes')
  const rows = page.getByRole('option', { name: /Contact created/ })
  await first.intercom('POST', '/contacts', { role: 'user', email: 'before@example.com' })
  await rows.waitFor()
  await page.getByLabel('Name this moment').fill('half a name')
  await first.kill()
  await page.getByText('Connecting again…').waitFor()
  const second = await studio(flags, { port: first.port })
  try {
    await second.intercom('POST', '/contacts', { role: 'user', email: 'between@example.com' })
    const ended = page.getByRole('dialog', { name: 'Your session has ended' })
    await ended.waitFor()
    // The new link, in another tab of this browser.
    const other = await page.context().newPage()
    await other.goto(second.link)
    await ready(other)
    await ended.waitFor({ state: 'detached' })
    await second.intercom('POST', '/contacts', { role: 'user', email: 'after@example.com' })
    await rows.nth(2).waitFor()
    assert.equal(await rows.count(), 3)
    await page.getByText('Connecting again…').waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Name this moment').inputValue(), 'half a name')
    assert.deepEqual(
      wrong.filter((one) => !/401|ERR_|502/.test(one)),
      [],
    )
  } finally {
    await close()
    await second.stop()
    rmSync(folder, { recursive: true })
  }
})

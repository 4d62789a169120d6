import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Preview } from '../src/core/preview.ts'
import { ask, bearer, desk, keys } from '../test/support/approvals-desk.ts'
import { filledWith, reply } from './approvals.ts'
import { launched } from './chromium.ts'
import { hostile } from './hostile.ts'
import { accessibilityProblems, overflow, watchedPage } from './watched.ts'

let browser: Browser
before(async () => {
  browser = await launched()
})
after(() => browser.close())

const held = (own: { input?: object; preview?: unknown } = {}) => ({
  input: own.input ?? (reply.input as object),
  preview: (own.preview ?? reply.preview) as Preview,
})

async function signedIn(page: Page, url: string, path = '/approvals'): Promise<void> {
  await page.goto(`${url}${path}`)
  await page.getByLabel('Operator’s key').fill(keys.ada)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Approvals' }).waitFor()
}

test('an operator signs in, sees what waits, and approves it as changed, by keyboard alone', async (t) => {
  const { url, hold, store } = await desk(t)
  const { id } = await hold(held())
  const { page, wrong, close } = await watchedPage(browser, [url])
  await page.goto(`${url}/approvals`)
  await page.getByLabel('Operator’s key').waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.keyboard.type(keys.ada)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /Ada Okafor.*Reply to conversation/ }).waitFor()
  assert.equal(await page.title(), '(1) Approvals')
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByLabel('Which approvals').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Waiting for a decision').waitFor()
  assert.equal(new URL(page.url()).pathname, `/approvals/${id}`)
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'Edit' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('<p>Dear Ada, a new wheel is on its way.</p>')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Approved, not carried out yet').waitFor()
  const { state, decided_by, road, edited } = (await store.get(id)) ?? {}
  assert.deepEqual([state, decided_by, road], ['approved', 'ada', 'page'])
  assert.match(JSON.stringify(edited), /a new wheel is on its way/)
  assert.deepEqual(wrong, [])
  await close()
})

test('what comes later appears by itself, and a decision of somebody else is shown', async (t) => {
  const { url, hold } = await desk(t)
  const { page, wrong, close } = await watchedPage(browser, [url])
  await signedIn(page, url)
  await page.getByText('Nothing waits for you.').waitFor()
  const { id } = await hold(held())
  await page.getByRole('link', { name: /Ada Okafor/ }).click()
  await page.getByRole('button', { name: 'Approve and send' }).waitFor()
  await ask(url, `POST /approvals/${id}/decision`, bearer(keys.night), {
    decision: 'decline',
    reason: 'Refund first',
  })
  await page.getByText('Declined: nothing was sent').waitFor()
  await page.getByText('Refund first').waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

test('of two who decide at once, one is told what holds', async (t) => {
  const { url, hold } = await desk(t)
  const { id } = await hold(held())
  const { page, wrong, close } = await watchedPage(browser, [url])
  await signedIn(page, url, `/approvals/${id}`)
  const approve = page.getByRole('button', { name: 'Approve and send' })
  await approve.waitFor()
  await page.route('**/decision', async (route) => {
    await ask(url, `POST /approvals/${id}/decision`, bearer(keys.night), { decision: 'decline' })
    await route.continue()
  })
  await approve.click()
  await page.getByText('Declined: nothing was sent').waitFor()
  assert.deepEqual(
    wrong.filter((one) => !one.includes('409')),
    [],
  )
  await close()
})

test('a wrong key is refused in words, a deep link opens after the sign-in, and signing out ends it', async (t) => {
  const { url, hold } = await desk(t)
  const { id } = await hold(held())
  const { page, close } = await watchedPage(browser, [url])
  await page.goto(`${url}/approvals/${id}`)
  await page.getByLabel('Operator’s key').fill(keys.agent)
  await page.keyboard.press('Enter')
  await page.getByText('This is not the key of an operator').waitFor()
  await page.getByLabel('Operator’s key').fill(keys.ada)
  await page.keyboard.press('Enter')
  await page.getByText('Waiting for a decision').waitFor()
  await page.reload()
  await page.getByText('Waiting for a decision').waitFor()
  const stored = await page.context().storageState()
  assert.ok(!JSON.stringify(stored).includes(keys.ada), 'the key is kept nowhere')
  assert.deepEqual(
    stored.cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite]),
    [[true, 'Strict']],
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Operator’s key').waitFor()
  await page.reload()
  await page.getByLabel('Operator’s key').waitFor()
  await close()
})

test('hostile text in the list and in an approval does nothing', async (t) => {
  const { url, hold } = await desk(t)
  for (const whole of Object.values(hostile)) {
    const text = whole.slice(0, 2000)
    const { input, preview } = filledWith(text)
    await hold({ ...held({ input: input as object, preview }), asked_by: text })
  }
  const { page, wrong, close } = await watchedPage(browser, [url])
  await signedIn(page, url)
  const links = page.locator('ol.rows a')
  await links.first().waitFor()
  const count = await links.count()
  assert.ok(count > 30)
  for (let at = 0; at < count; at += 1) {
    await links.nth(at).click()
    await page.locator('article').waitFor()
    assert.equal(
      await page.locator('img, iframe, svg, style, form, base, object, video, a[href*="evil"]').count(),
      0,
    )
  }
  assert.deepEqual(wrong, [])
  await close()
})

test('a narrow screen shows one thing at a time, and nothing is cut off', async (t) => {
  const { url, hold } = await desk(t)
  await hold(held())
  const { page, wrong, close } = await watchedPage(browser, [url], {
    viewport: { width: 360, height: 700 },
    colorScheme: 'dark',
  })
  await signedIn(page, url)
  const link = page.getByRole('link', { name: /Ada Okafor/ })
  await link.waitFor()
  assert.deepEqual([await overflow(page), await page.locator('.detail').isVisible()], [0, false])
  assert.deepEqual(await accessibilityProblems(page), [])
  await link.click()
  await page.getByText('Waiting for a decision').waitFor()
  assert.deepEqual([await overflow(page), await link.isVisible()], [0, false])
  await page.getByRole('link', { name: 'All approvals' }).click()
  await link.waitFor()
  assert.deepEqual(wrong, [])
  await close()
})

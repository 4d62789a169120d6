import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { filledWith } from './approvals.ts'
import { launched } from './chromium.ts'
import { desk, operatorKey } from './desk.ts'
import { until } from './eventually.ts'
import { hostile } from './hostile.ts'
import { accessibilityProblems, overflow, watchedPage } from './watched.ts'

let browser: Browser
let server: Awaited<ReturnType<typeof desk>>
before(async () => {
  ;[browser, server] = await Promise.all([launched(), desk()])
})
after(async () => {
  await browser.close()
  await server.stop()
})

/** A page whose operator has signed in, at a path. */
async function signedIn(path: string, options: BrowserContextOptions = {}) {
  const watched = await watchedPage(browser, [server.url], {
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  const { page } = watched
  await page.goto(`${server.url}${path}`)
  await page.getByLabel('Operator’s key').fill(operatorKey)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  return watched
}

const state = (page: Page) => page.locator('.state')

test('a wrong key does not sign in, and the link of an approval leads to it after the right one', async () => {
  const at = await server.hold('Look at me first')
  const { page, wrong, close } = await watchedPage(browser, [server.url])
  await page.goto(`${server.url}${at}`)
  const key = page.getByLabel('Operator’s key')
  await key.fill('not-the-key-of-anybody-in-here')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the key of an operator,', { exact: false }).waitFor()
  await key.fill(operatorKey)
  await page.keyboard.press('Enter')
  await page.locator('.letter', { hasText: 'Look at me first' }).waitFor()
  assert.equal(new URL(page.url()).pathname, at)
  // the browser itself reports the refused sign-in
  assert.deepEqual(
    wrong.filter((one) => !one.includes('401')),
    [],
  )
  await close()
})

test('a person changes the text and approves: it is sent once, as they changed it', async () => {
  const at = await server.hold('Your refund takes three weeks')
  const { page, wrong, close } = await signedIn(at)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('The message, as it will be sent').fill('Your refund takes three days')
  await page.getByRole('button', { name: 'Approve as changed' }).click()
  await state(page).getByText('Approved and sent').waitFor()
  const said = await server.said()
  assert.deepEqual([said.split('three days').length - 1, said.includes('three weeks')], [1, false])
  assert.match(String((await server.reply('Your refund takes three weeks')).success), /true/)
  assert.deepEqual(wrong, [])
  await close()
})

test('a person declines with a reason: nothing is sent, and the caller learns it', async () => {
  const at = await server.hold('You are wrong')
  const { page, wrong, close } = await signedIn(at)
  await page.getByRole('button', { name: 'Decline' }).click()
  await page.getByRole('textbox').fill('Be kind')
  await page.getByRole('button', { name: 'Decline' }).click()
  await state(page).getByText('Declined: nothing was sent').waitFor()
  const { success, error } = await server.reply('You are wrong')
  assert.equal(success, false)
  assert.match(String(error), /not_confirmed.*Be kind/s)
  assert.ok(!(await server.said()).includes('You are wrong'))
  assert.deepEqual(wrong, [])
  await close()
})

test('of two people one decides, and the other is shown what, and what they were writing', async () => {
  const at = await server.hold('Both of you see this')
  const [one, two] = [await signedIn(at), await signedIn(at)]
  await two.page.getByRole('button', { name: 'Edit' }).click()
  await two.page.getByRole('textbox').fill('My better words')
  await one.page.getByRole('button', { name: 'Approve and send' }).click()
  await state(one.page).getByText('Approved and sent').waitFor()
  await state(two.page).getByText('Approved and sent').waitFor()
  await two.page.getByText('What you were writing was not used: My better words').waitFor()
  const said = await server.said()
  assert.deepEqual([said.includes('Both of you see this'), said.includes('My better words')], [true, false])
  assert.deepEqual([one.wrong, two.wrong], [[], []])
  await one.close()
  await two.close()
})

test('what begins to wait appears by itself, and leaves the list when it is decided', async () => {
  const { page, wrong, close } = await signedIn('/approvals')
  await server.hold('Here I come')
  await page.getByRole('link', { name: 'Here I come' }).click()
  await page.getByRole('button', { name: 'Approve and send' }).click()
  await state(page).getByText('Approved and sent').waitFor()
  await page.getByRole('link', { name: 'Here I come' }).waitFor({ state: 'detached' })
  assert.deepEqual(wrong, [])
  await close()
})

test('what takes 200 ms is said and no sooner, what was not decided can be decided again, and a server that is gone is told', async () => {
  const at = await server.hold('Slowly')
  const { page, wrong, close } = await signedIn(at)
  await page.clock.install()
  await page.reload()
  const approve = page.getByRole('button', { name: 'Approve and send' })
  await approve.waitFor()
  await page.clock.pauseAt(Date.now() + 60_000)
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  await page.route('**/decision', async (route) => {
    await ended
    await route.fulfill({ status: 503, json: { error: 'Not now.' } })
  })
  await approve.click()
  const patience = page.getByText('Passing it on…')
  await page.clock.runFor(190)
  assert.equal(await patience.count(), 0)
  await page.clock.runFor(20)
  await patience.waitFor()
  end()
  await page.getByRole('alert').getByText('Not now.').waitFor()
  assert.equal(await patience.count(), 0)
  await page.unroute('**/decision')
  await page.route('**/approvals?*', (route) => route.abort())
  const told = page.getByText('The server cannot be reached. What you see may be out of date.')
  await until(async () => {
    await page.clock.runFor(5000)
    assert.ok(await told.isVisible())
  })
  await approve.click()
  await state(page).getByText('Approved and sent').waitFor()
  // the browser itself reports what this test has refused
  assert.deepEqual(
    wrong.filter((one) => !/503|ERR_FAILED/.test(one)),
    [],
  )
  await close()
})

test('a decision that fails after one has gone on to another approval is told, and touches neither', async () => {
  const [first, second] = [await server.hold('The first of two'), await server.hold('The second of two')]
  const { page, close } = await signedIn(first)
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  await page.route('**/decision', async (route) => {
    await ended
    await route.fulfill({ status: 503, json: { error: 'Not now.' } })
  })
  await page.getByRole('button', { name: 'Approve and send' }).click()
  await page.locator(`.rows a[href="${second}"]`).click()
  await page.locator('.letter', { hasText: 'The second of two' }).waitFor()
  end()
  const told = page
    .getByRole('alert')
    .filter({ hasText: 'An approval that you have left is not decided: Not now.' })
  await told.waitFor()
  await state(page).getByText('Waiting for a decision').waitFor()
  await page.unroute('**/decision')
  await told.getByRole('link').click()
  await page.locator('.letter', { hasText: 'The first of two' }).waitFor()
  await told.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Approve and send' }).click()
  await state(page).getByText('Approved and sent').waitFor()
  assert.ok(!(await server.said()).includes('The second of two'))
  await close()
})

test('the keyboard alone signs in, finds, changes, and approves', async () => {
  const at = await server.hold('Keys only')
  const { page, wrong, close } = await watchedPage(browser, [server.url], {
    viewport: { width: 1280, height: 900 },
  })
  await page.goto(`${server.url}${at}`)
  await page.getByLabel('Operator’s key').waitFor()
  await page.keyboard.type(operatorKey)
  await page.keyboard.press('Enter')
  await state(page).waitFor()
  await tabTo(page, 'Edit')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  assert.equal(await focused(page), 'Edit')
  await page.keyboard.press('Enter')
  await page.keyboard.press('End')
  await page.keyboard.type(', and nothing else')
  await tabTo(page, 'Approve as changed')
  await page.keyboard.press('Enter')
  await state(page).getByText('Approved and sent').waitFor()
  assert.equal(await focused(page), 'Approved and sent')
  assert.match(await server.said(), /Keys only, and nothing else/)
  assert.deepEqual(wrong, [])
  await close()
})

test('nothing that was written runs, loads or leads anywhere on the page, in the list neither', async () => {
  const { page, wrong, close } = await signedIn('/approvals')
  for (const what of ['all markup at once', 'bidi overrides', 'blanks that push away']) {
    const approval = filledWith(String(hostile[what]).slice(0, 3000))
    const path = `/approvals/${approval.id}`
    await page.route(`**${path}`, (route) =>
      route.request().resourceType() === 'document' ? route.continue() : route.fulfill({ json: approval }),
    )
    await page.route('**/approvals?*', (route) =>
      route.fulfill({ json: { approvals: [approval], next: null, waiting: 1 } }),
    )
    await page.goto(`${server.url}${path}`)
    await state(page).waitFor()
    await page.locator('.rows a').waitFor()
    for (const one of await page.locator('summary').all()) await one.click()
    const strangers = await page.evaluate(() =>
      [...document.querySelectorAll('img, svg, iframe, object, video, form, input, base, body style, a')]
        .filter((one) => !(one instanceof HTMLAnchorElement && one.pathname.startsWith('/approvals')))
        .map(({ outerHTML }) => outerHTML.slice(0, 100)),
    )
    assert.deepEqual(strangers, [])
    assert.ok((await overflow(page)) <= 0)
  }
  assert.deepEqual(wrong, [])
  await close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: no violation of WCAG 2.2 AA at the door, in the list, or while deciding`, async () => {
    const at = await server.hold(`<p>Looked at in ${colorScheme}</p>`)
    const { page, close: closeDoor } = await watchedPage(browser, [server.url], { colorScheme })
    await page.goto(`${server.url}/approvals`)
    await page.getByLabel('Operator’s key').waitFor()
    assert.deepEqual(await accessibilityProblems(page), [])
    await closeDoor()
    const { page: inside, close } = await signedIn('/approvals', { colorScheme })
    await inside.getByRole('link', { name: `Looked at in ${colorScheme}` }).waitFor()
    assert.deepEqual(await accessibilityProblems(inside), [])
    await inside.goto(`${server.url}${at}`)
    for (const name of [null, 'Edit', 'Decline']) {
      await state(inside).waitFor()
      if (name !== null) await inside.getByRole('button', { name }).click()
      assert.deepEqual(await accessibilityProblems(inside), [])
      if (name !== null) await inside.keyboard.press('Escape')
    }
    await close()
  })
}

test('from 320 to 1280 pixels nothing is cut off, and a narrow page shows one thing at a time', async () => {
  const at = await server.hold(`Wide ${'w'.repeat(300)}`)
  for (const width of [320, 390, 640, 1280]) {
    const { page, close } = await signedIn(at, { viewport: { width, height: 800 } })
    await state(page).waitFor()
    assert.equal(await overflow(page), 0, `${width} px`)
    if (width < 700) await page.getByRole('link', { name: 'All approvals' }).click()
    await page.getByRole('link', { name: 'Wide' }).first().waitFor()
    assert.equal(await overflow(page), 0, `${width} px: the list`)
    await close()
  }
})

async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => document.activeElement?.textContent ?? '')
}

/** Presses Tab until an element with this text has the focus, whose outline then shows. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === text) break
  }
  assert.equal(await focused(page), text)
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
  )
  assert.equal(outline, 'solid')
}

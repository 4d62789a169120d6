import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Frame } from 'playwright-core'
import type { Approval } from '../src/composer/approval.ts'
import { deletion, filledWith, now, reply } from './approvals.ts'
import { launched } from './chromium.ts'
import { eventually } from './eventually.ts'
import { hostOf, hostSaw, shownAgain, shownApp, url } from './host/shown.ts'
import { hostile } from './hostile.ts'
import { accessibilityProblems, overflow, watchedPage } from './watched.ts'

let browser: Browser
before(async () => {
  browser = await launched()
})
after(() => browser.close())

test('a held call is shown, and its button opens the page where a person decides', async () => {
  const host = await hostOf(() => reply)
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url)
  const text = await app.locator('article').textContent()
  for (const part of [
    'Waiting for a decision',
    'Ada Okafor',
    'ada@okafor.example',
    'Priya Raman',
    'Bent wheel on arrival',
    'Any news?',
    'I am sorry about the bent wheel',
    'return-label-215468.pdf',
    'support-agent',
    '66f2b7 (lead)',
  ])
    assert.ok(text?.includes(part), part)
  await app.getByRole('button', { name: 'Review and decide' }).click()
  await eventually(async () => (await hostSaw(page)).opened, [url])
  await eventually(async () => {
    const inner = await app.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height))
    return (await hostSaw(page)).sizes.at(-1)?.height === inner
  }, true)
  assert.equal(host.asked.decide_approval.length, 0)
  assert.deepEqual(wrong, [])
  await close()
  await host.close()
})

test('the state is live where the host lets an app read, and the model is told without a customer’s words', async () => {
  let approval: Approval = reply
  const host = await hostOf(() => approval)
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url)
  approval = { ...reply, state: 'declined', decided_at: Date.now(), road: 'page', reason: 'Refund first' }
  await app.getByText('Declined: nothing was sent').waitFor()
  await app.getByText('Refund first').waitFor()
  assert.equal(await app.getByRole('button').count(), 0)
  assert.deepEqual(new Set(host.asked.read), new Set([`intercom://approvals/${reply.id}`]))
  await eventually(async () => (await hostSaw(page)).context.length, 1)
  const { context } = await hostSaw(page)
  assert.doesNotMatch(JSON.stringify(context), /Ada|wheel|Refund/)
  assert.deepEqual(wrong, [])
  await close()
  await host.close()
})

test('where the host opens no links and reads nothing, the app says where to decide and asks for neither', async () => {
  const host = await hostOf(() => reply)
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url, {})
  await app.getByText(`Open this page to decide: ${url}`).waitFor()
  assert.equal(await app.getByRole('button').count(), 0)
  assert.deepEqual([host.asked.read, wrong], [[], []])
  await close()
  await host.close()
})

test('the app decides only with a seal, of the text that was sealed', async () => {
  const done: Approval = {
    ...reply,
    state: 'done',
    decided_at: Date.now(),
    road: 'app',
    outcome: { output: { success: true, error: null }, failure: null },
  }
  const host = await hostOf((isDecided) => (isDecided ? done : reply), { seal: 'a-seal' })
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url)
  assert.equal(await app.getByRole('button', { name: 'Edit' }).count(), 0)
  await app.getByRole('button', { name: 'Approve and send' }).click()
  await app.getByText('Approved and sent').waitFor()
  assert.deepEqual(host.asked.decide_approval, [
    { decision: 'approve', approval_id: reply.id, seal: 'a-seal' },
  ])
  assert.deepEqual(wrong, [])
  await close()
  await host.close()
})

test('a host keeps from the app what is for the model, and from the model what is for the app', async () => {
  const host = await hostOf(() => reply)
  const { page, close } = await watchedPage(browser, host.origins)
  await page.goto(host.url)
  const refused = async (name: string, from: string) =>
    await page.evaluate(
      async ([name, from]) =>
        (await fetch('/call', { method: 'POST', body: JSON.stringify({ name, from }) })).status,
      [name, from],
    )
  assert.deepEqual(
    [
      await refused('decide_approval', 'model'),
      await refused('list_tags', 'app'),
      host.asked.decide_approval.length,
    ],
    [502, 502, 0],
  )
  await close()
  await host.close()
})

test('nothing that a customer or a model wrote runs, loads, leads anywhere or draws anything', async () => {
  let approval = reply
  const host = await hostOf(() => approval, { seal: 'a-seal' })
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url)
  for (const [what, text] of Object.entries(hostile)) {
    approval = filledWith(text.slice(0, 3000))
    await shownAgain(page, app)
    await opened(app)
    const drawn = await app.evaluate(() => {
      const allowed =
        'HTML HEAD META TITLE STYLE BODY SCRIPT MAIN ARTICLE HEADER SECTION DIV P H1 H2 DL DT DD OL UL LI SPAN STRONG B BDI TIME DETAILS SUMMARY BUTTON'.split(
          ' ',
        )
      const all = [...document.querySelectorAll('*')]
      return {
        strangers: all
          .filter(({ tagName }) => !allowed.includes(tagName))
          .map(({ outerHTML }) => outerHTML.slice(0, 100)),
        scripts: document.scripts.length,
        buttons: all.filter(({ tagName }) => tagName === 'BUTTON').map(({ textContent }) => textContent),
        handlers: all.filter((one) =>
          one
            .getAttributeNames()
            .some((name) => name.startsWith('on') || name === 'style' || name === 'href'),
        ).length,
        theme: document.documentElement.getAttributeNames().join(),
      }
    })
    assert.deepEqual(
      { ...drawn, what },
      {
        strangers: [],
        scripts: 1,
        buttons: ['Approve and send', 'Decline', 'Change it on the approval page'],
        handlers: 0,
        theme: 'lang',
        what,
      },
    )
    assert.ok((await overflow(app)) <= 0, `${what} is wider than the page`)
    assert.deepEqual(wrong, [], what)
  }
  await close()
  await host.close()
})

test('a message of many characters is shown whole', async () => {
  const text = 'please '.repeat(14_000).trim()
  const { preview } = reply
  const host = await hostOf(() => ({ ...reply, preview: preview && { ...preview, text, shown: null } }))
  const { page, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url)
  assert.equal(await app.locator('.letter').textContent(), text)
  await close()
  await host.close()
})

for (const theme of ['light', 'dark'] as const) {
  test(`${theme}: no violation of WCAG 2.2 AA, whatever the state`, async () => {
    let approval: Approval = { ...reply, id: 'apr_first' }
    const host = await hostOf(() => approval)
    const { page, wrong, close } = await watchedPage(browser, host.origins, { colorScheme: theme })
    const app = await shownApp(page, host.url, undefined, { theme })
    const failed = {
      output: { success: false, error: 'reply_to_conversation: 404 not_found' },
      failure: { outcome: 'rejected', hint: null },
    }
    for (const one of [
      reply,
      deletion,
      { ...reply, state: 'lapsed' },
      { ...reply, state: 'declined', decided_at: now, decided_by: 'Mia', reason: 'Refund first' },
      { ...reply, state: 'done', decided_at: now, edited: { body: 'Hello' }, outcome: failed },
    ] satisfies Approval[]) {
      approval = one
      await shownAgain(page, app)
      await opened(app)
      assert.deepEqual(await accessibilityProblems(app), [])
    }
    assert.deepEqual(wrong, [])
    await close()
    await host.close()
  })
}

test('the host’s theme comes first', async () => {
  const host = await hostOf(() => reply)
  const { page, close } = await watchedPage(browser, host.origins)
  const variables = { '--color-text-primary': 'rgb(1, 2, 3)', '--font-sans': 'monospace' }
  const app = await shownApp(page, host.url, {}, { theme: 'dark', styles: { variables } })
  const drawn = () =>
    app.evaluate(() => {
      const { color, fontFamily, colorScheme } = getComputedStyle(document.body)
      return [color, fontFamily, colorScheme]
    })
  assert.deepEqual(await drawn(), ['rgb(1, 2, 3)', 'monospace', 'dark'])
  await page.evaluate(() => window.app.sendHostContextChange({ theme: 'light' }))
  await app.waitForFunction(() => getComputedStyle(document.body).colorScheme === 'light')
  await close()
  await host.close()
})

test('the keyboard alone reaches everything, and what has the focus is seen', async () => {
  const host = await hostOf(() => reply)
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  const app = await shownApp(page, host.url)
  const walk: string[] = []
  for (let step = 0; step < 3; step += 1) {
    await page.keyboard.press('Tab')
    const [text, outline] = await app.evaluate(() => {
      const at = document.activeElement
      return [at?.textContent ?? '', at === null ? '' : getComputedStyle(at).outlineStyle]
    })
    assert.equal(outline, 'solid')
    walk.push(String(text))
  }
  assert.deepEqual(walk, [
    'As it is sent',
    'Review and decide',
    'Everything the caller asked for, in its own words',
  ])
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await eventually(async () => (await hostSaw(page)).opened, [url])
  assert.deepEqual(wrong, [])
  await close()
  await host.close()
})

test('from 320 to 1280 pixels, and at twice the size, nothing is cut off', async () => {
  const host = await hostOf(() => filledWith('word '.repeat(80)), { seal: 'a-seal' })
  for (const width of [320, 390, 640, 1280]) {
    const { page, close } = await watchedPage(browser, host.origins, { viewport: { width, height: 800 } })
    const app = await shownApp(page, host.url)
    assert.equal(await overflow(app), 0, `${width} px`)
    assert.equal(await overflow(page), 0, `${width} px: the host`)
    await close()
  }
  await host.close()
})

/** What is folded away is tested too. */
async function opened(app: Frame): Promise<void> {
  await app.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })
}

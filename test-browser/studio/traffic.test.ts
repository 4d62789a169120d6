import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launched } from '../chromium.ts'
import { until } from '../eventually.ts'
import { hostile } from '../hostile.ts'
import { at, focused, looksRight, type Studio, studio, tabTo, visitorsOf } from './support.ts'

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>
let receiver: Server
/** What came in, and how the receiver answers. */
const received: { id: string | null; topic: string; delivery_attempts: number }[] = []
let answering = 200

before(async () => {
  receiver = createServer(async (request, response) => {
    received.push(JSON.parse(Buffer.concat(await request.toArray()).toString()))
    response.writeHead(answering).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  process.env['INTERCOM_CLIENT_SECRET'] = 'a-secret-of-the-browser-tests'
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  server = await studio(['--seed', '30', '--webhook', url])
  browser = await launched()
  open = visitorsOf(browser, server)
})
after(async () => {
  await browser?.close()
  await server?.stop()
  receiver?.close()
})

const rows = (page: Page, name = 'Requests') => page.getByRole('listbox', { name }).getByRole('option')
const detail = (page: Page, name = 'Request') => page.getByRole('region', { name, exact: true })

async function opened(t: TestContext, path: string) {
  const watched = await open(path)
  t.after(async () => {
    assert.deepEqual(watched.wrong, [])
    await watched.close()
  })
  return watched.page
}

test('a day of traffic: requests appear as they come, with the faults that were injected, and each opens whole', async (t) => {
  const page = await opened(t, '/traffic')
  await server.intercom('GET', '/tags')
  await rows(page).filter({ hasText: '/tags' }).first().waitFor()
  await server.control('POST', '/faults', { kind: 'status', status: 503, route: 'GET /admins', count: 1 })
  await server.intercom('GET', '/admins').catch(() => {})
  const struck = rows(page).filter({ hasText: '/admins' }).filter({ hasText: '503' }).first()
  await struck.filter({ hasText: 'status' }).waitFor() // it names the fault
  await struck.click()
  await detail(page).getByRole('heading', { name: 'GET /admins' }).waitFor()
  await page.waitForURL(/\/traffic\/requests\/\d+$/)
  await page.reload()
  await detail(page).getByRole('heading', { name: 'GET /admins' }).waitFor()

  await page.getByRole('button', { name: 'Failed' }).click()
  await struck.waitFor()
  await rows(page).filter({ hasText: '/tags' }).first().waitFor({ state: 'detached' })
  await page.getByRole('searchbox', { name: 'Filter requests' }).fill('nothing like it')
  await page.getByText('No request matches the filter.').waitFor()
  await page.waitForURL(/q=nothing/)

  const email = 'written@example.com'
  await server.intercom('POST', '/contacts', { role: 'user', email })
  await page.goto(`${server.url}/studio/traffic?only=writes`)
  await rows(page).filter({ hasText: '/contacts' }).first().click()
  await detail(page).getByText(email).waitFor()
  await detail(page).getByText('Took', { exact: true }).waitFor()
})

test('nothing is called empty, or gone, before it was read, nor where it cannot be read', async () => {
  const { page, wrong, close } = await open('/lab/data')
  const before = Promise.withResolvers<void>()
  let answers = true
  await page.route(/workspace\/(requests|deliveries)/, async (route) => {
    if (route.request().headers()['accept'] === 'text/event-stream') return await route.continue()
    await before.promise
    await (answers ? route.continue() : route.fulfill({ status: 503, json: { error: 'Not now.' } }))
  })
  const shown = () => page.locator('.empty').allTextContents()
  const places = ['/traffic/requests/9999', '/traffic/latency', '/traffic/webhooks/9999']
  for (const path of places) {
    await page.goto(`${server.url}/studio${path}`)
    await page.getByText('Reading…').waitFor()
    assert.deepEqual(await shown(), [], path)
  }
  answers = false
  before.resolve()
  for (const path of places) {
    await page.goto(`${server.url}/studio${path}`)
    await page.getByText('Not now.').waitFor()
    assert.deepEqual(await shown(), [], path)
  }
  answers = true
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('This delivery is not kept any more.').waitFor()
  assert.deepEqual(
    wrong.filter((one) => !one.includes('503')),
    [],
  )
  await close()
})

test('requests in bursts are all there, once each, and a break loses none', async (t) => {
  const page = await opened(t, '/traffic?q=burst')
  const burst = async (from: number, count: number) => {
    for (let at = from; at < from + count; at += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => server.intercom('GET', `/tags?burst=${at + index}`)),
      )
  }
  await server.control('PUT', '/rate_limit', { app: false })
  // A break before anything was heard, and one after.
  await page.context().setOffline(true)
  await burst(0, 50)
  await page.context().setOffline(false)
  await burst(50, 350)
  await page.context().setOffline(true)
  await burst(400, 100)
  await page.context().setOffline(false)
  await burst(500, 100)
  const list = page.getByRole('listbox', { name: 'Requests' })
  await list.getByRole('option').first().waitFor()
  await page.waitForFunction(
    () => document.querySelector('[role=option]')?.getAttribute('aria-setsize') === '600',
  )
})

test('the windows of the rate limit show what is allowed, used, taken by others and refused', async (t) => {
  await server.control('PUT', '/rate_limit', { app: 5, foreign: { share: 0.2 } })
  t.after(() => server.control('DELETE', '/rate_limit'))
  // A window may end among the first of them.
  let refused = false
  for (let tries = 0; tries < 100 && !refused; tries += 1)
    await server.intercom('GET', '/tags').catch(() => (refused = true))
  assert.ok(refused)
  const page = await opened(t, '/traffic/limits')
  const chart = page.getByRole('img')
  await until(async () => {
    const says = String(await chart.getAttribute('aria-label'))
    assert.match(says, /the limit is 5\.$/)
    assert.ok(Number(/(\d+) refused/.exec(says)?.[1]) >= 1, says)
  })
  await page.locator('rect.traffic-refused').first().waitFor({ state: 'attached' })
  await page.getByRole('row').nth(1).waitFor()
})

test('the latency of each route leads to its requests', async (t) => {
  await server.intercom('GET', '/tags')
  const page = await opened(t, '/traffic/latency')
  await page.getByRole('link', { name: 'GET /tags', exact: true }).click()
  await until(async () => assert.match(String(await rows(page).first().textContent()), /\/tags/))
})

test('webhooks show what came of them and their payload, and are sent again', async (t) => {
  answering = 500
  const { id } = await server.intercom<{ id: string }>('POST', '/contacts', {
    ...{ role: 'user', email: 'hook@example.com', name: hostile[0] ?? '' },
  })
  const page = await opened(t, '/traffic/webhooks')
  const failed = rows(page, 'Deliveries').filter({ hasText: 'contact.user.created' }).first()
  await failed.getByText('Failed, will retry').waitFor()
  await failed.click()
  await detail(page, 'Delivery').getByText(id).first().waitFor()
  answering = 200
  const first = received.findLast(({ topic }) => topic === 'contact.user.created')
  await detail(page, 'Delivery').getByRole('button', { name: 'Send again' }).click()
  await rows(page, 'Deliveries')
    .filter({ hasText: 'Delivered' })
    .filter({ hasText: 'attempt' })
    .first()
    .waitFor()
  const again = received.at(-1)
  assert.deepEqual([again?.id, again?.delivery_attempts], [first?.id, 2])
})

test('the keyboard alone does it all', async (t) => {
  await server.intercom('GET', '/tags')
  const page = await opened(t, '/traffic')
  await rows(page).first().waitFor()
  await page.keyboard.press('/')
  assert.equal(await focused(page), 'Filter requests')
  await page.keyboard.type('tags')
  await page.waitForURL(/q=tags/)
  await tabTo(page, 'Requests')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await detail(page)
    .getByRole('heading', { name: /\/tags/ })
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Choose a request to see it whole.').waitFor()
  for (const [key, path] of [
    ['2', 'limits'],
    ['3', 'latency'],
    ['4', 'webhooks'],
  ] as const) {
    await page.keyboard.press(key)
    await at(page, `/traffic/${path}`)
  }
})

test('requests and webhooks are accessible and fit in both themes at every width', async () => {
  const newest = async () => {
    const { requests } = await server.control<{ requests: { number: number }[] }>('GET', '/requests')
    return requests[0]?.number
  }
  await looksRight(open, `/traffic/requests/${await newest()}`, (page) => detail(page).waitFor())
  await looksRight(open, '/traffic/webhooks', (page) => rows(page, 'Deliveries').first().waitFor())
})

test('so are the windows and the latency', async () => {
  await looksRight(open, '/traffic/limits', (page) => page.getByRole('img').waitFor())
  await looksRight(open, '/traffic/latency', (page) => page.getByRole('table').waitFor())
})

// Attacks on the studio's door from pages that are not its own, and the way in that it has.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launched } from '../chromium.ts'
import { watchedPage } from '../watched.ts'
import { apiKey, ready, type Studio, studio } from './support.ts'

let browser: Browser
let server: Studio
/** A page of another program on this machine: the same host, another port. */
let stranger: Server
let strangerUrl: string
const cookies: string[] = []

before(async () => {
  server = await studio(['--seed', '5'])
  browser = await launched()
  stranger = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '')
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Stranger</title>')
  }).listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
})
after(async () => {
  await browser?.close()
  await server?.stop()
  stranger?.close()
})

test('the link opens one browser, once; its code stays nowhere; a second browser needs a key', async () => {
  const { page, wrong, close } = await watchedPage(browser, [server.url])
  await page.goto(server.link)
  await ready(page)
  assert.ok(!page.url().includes('code'), 'not in the address')
  const code = server.link.split('#code=')[1] ?? ''
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  )
  assert.ok(!kept.includes(code) && !kept.includes('modulex_intercom_studio='), kept)
  await page.goBack().catch(() => {})
  assert.ok(!page.url().includes(code), 'not in the history')
  await page.goto(`${server.url}/studio/traffic`)
  await ready(page)

  const other = await watchedPage(browser, [server.url])
  await other.page.goto(server.link)
  await other.page.getByText('This link was used already').waitFor()
  await other.page.getByLabel('API key, or operator’s key').fill(apiKey)
  await other.page.getByRole('button', { name: 'Sign in' }).click()
  await ready(other.page)
  assert.deepEqual(wrong, [])
  assert.ok(
    other.wrong.every((one) => /401/.test(one)),
    other.wrong.join(),
  )

  // Another port of this host gets the cookie, and can do nothing with it.
  cookies.length = 0
  await page.goto(strangerUrl)
  const tried = await page.evaluate(async (url) => {
    const ask = async (path: string, init: RequestInit) => {
      try {
        const { status, type } = await fetch(`${url}${path}`, { credentials: 'include', ...init })
        return `${type} ${status}`
      } catch {
        return 'refused'
      }
    }
    return [
      await ask('/studio/api/session', {}),
      await ask('/studio/api/workspace/clock', { mode: 'no-cors' }),
      await ask('/studio/api/workspace/reset', { method: 'POST', mode: 'no-cors', body: '{}' }),
      await ask('/studio/api/workspace/reset', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Studio-Token': 'x' },
        body: '{}',
      }),
      await ask('/studio/api/session', { method: 'DELETE', mode: 'no-cors' }),
    ]
  }, server.url)
  assert.ok(
    tried.every((one) => one === 'refused' || one === 'opaque 0'),
    tried.join(),
  )
  const before = await server.control<{ requests: object[] }>('GET', '/requests')
  assert.ok(before.requests.length > 0, 'nothing was reset')
  // A form goes there as a page of its own would, without the token.
  await page.setContent(
    `<form method="post" action="${server.url}/studio/api/workspace/reset"><button>Go</button></form>`,
  )
  await page.getByRole('button').click()
  await page.getByText('wrong_origin').waitFor()
  await page.goto(`${server.url}/studio/lab`)
  await ready(page)
  await other.close()
  await close()
})

test('nothing frames it, and a rebound name gets nothing', async () => {
  const { page, close } = await watchedPage(browser, [server.url, strangerUrl])
  await page.goto(strangerUrl)
  const answered = page.waitForResponse(`${server.url}/studio/`)
  await page.setContent(`<iframe src="${server.url}/studio/"></iframe>`) // and until it is loaded, or refused
  assert.equal((await answered).status(), 200)
  const [, framed] = page.frames()
  assert.notEqual(await framed?.title(), 'Studio', 'it shows nothing')
  await close()
  const rebound = await browser.newContext()
  const one = await rebound.newPage()
  const answer = await one
    .goto(`${server.url.replace('127.0.0.1', 'localtest.localhost')}/studio/`)
    .catch(() => null)
  if (answer !== null) assert.equal(answer.status(), 403)
  await rebound.close()
})

import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launched } from './chromium.ts'
import { desk, operatorKey } from './desk.ts'
import { eventually } from './eventually.ts'
import { servedHost } from './host/serve.ts'
import { hostSaw, shownApp } from './host/shown.ts'
import { watchedPage } from './watched.ts'

// The real server behind the host, from the model's call to what the customer gets.
let browser: Browser
before(async () => {
  browser = await launched()
})
after(() => browser.close())

async function chat(t: TestContext, flags: string[] = []) {
  const server = await desk(flags)
  const client = await server.client()
  const host = await servedHost({
    listTools: () => client.listTools(),
    callTool: (params) => client.callTool(params),
    readResource: (params) => client.readResource(params),
  })
  const { page, wrong, close } = await watchedPage(browser, host.origins)
  t.after(async () => {
    await close()
    await host.close()
    await client.close()
    await server.stop()
  })
  const times = async (text: string) => (await server.said()).split(text).length - 1
  return { server, host, page, wrong, times }
}

test('the app opens the page, a person decides there, and the app shows what came of it', async (t) => {
  const { server, host, page, wrong, times } = await chat(t)
  const app = await shownApp(page, host.url, undefined, {}, server.call('Decided on the page'))
  await app.getByRole('button', { name: 'Review and decide' }).click()
  await eventually(async () => (await hostSaw(page)).opened.length, 1)
  const [link = ''] = (await hostSaw(page)).opened
  assert.ok(link.startsWith(`${server.url}/approvals/apr_`))
  assert.equal(await times('Decided on the page'), 0)
  const { page: desk, close } = await watchedPage(browser, [server.url])
  await desk.goto(link)
  await desk.getByLabel('Operator’s key').fill(operatorKey)
  await desk.keyboard.press('Enter')
  await desk.getByRole('button', { name: 'Approve and send' }).click()
  await app.getByText('Approved and sent').waitFor()
  assert.equal(await times('Decided on the page'), 1)
  assert.deepEqual(wrong, [])
  await close()
})

test('where the operator trusts the host, a person decides in the app', async (t) => {
  const { server, host, page, wrong, times } = await chat(t, ['--confirm-by', 'app'])
  const app = await shownApp(page, host.url, undefined, {}, server.call('Decided in the app'))
  assert.equal(await times('Decided in the app'), 0)
  await app.getByRole('button', { name: 'Approve and send' }).click()
  await app.getByText('Approved and sent').waitFor()
  assert.equal(await times('Decided in the app'), 1)
  assert.deepEqual(wrong, [])
})

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { bin } from '../../test-hosts/served.ts'
import { launched } from '../chromium.ts'
import { hostile } from '../hostile.ts'
import { looksRight, visitorsOf } from './support.ts'

const secret = 'a-client-secret-of-the-browser-tests'
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-received-'))
let answering = 500
const target = createServer((request, response) => {
  request.resume()
  response.writeHead(answering).end()
})
let browser: Browser
let child: ChildProcess
let url: string
let open: ReturnType<typeof visitorsOf>

before(async () => {
  await once(target.listen(0, '127.0.0.1'), 'listening')
  const { port } = target.address() as AddressInfo
  const receiving = ['--webhooks', join(folder, 'webhooks.db'), '--forward', `http://127.0.0.1:${port}/`]
  child = spawn(process.execPath, [bin, 'serve', '--local', '--studio', '--port', '0', ...receiving], {
    env: { ...process.env, INTERCOM_CLIENT_SECRET: secret, XDG_STATE_HOME: folder },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 300_000,
  })
  assert.ok(child.stdout)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const printed = JSON.parse(line) as { url: string; studio: string }
  url = printed.url
  browser = await launched()
  open = visitorsOf(browser, { url, link: printed.studio })
})
after(async () => {
  await browser?.close()
  child?.kill()
  if (child?.exitCode === null) await once(child, 'exit')
  target.close()
  rmSync(folder, { recursive: true, force: true })
})

async function deliver(id: string, topic: string, key = secret): Promise<number> {
  const item = { type: 'contact', id, name: Object.values(hostile).join(' ') }
  const created_at = Math.floor(Date.now() / 1000)
  const data = { type: 'notification_event_data', item }
  const body = JSON.stringify({ type: 'notification_event', id: `notif_${id}`, topic, created_at, data })
  const signature = `sha1=${createHmac('sha1', key).update(body).digest('hex')}`
  return (await fetch(`${url}/webhooks`, { method: 'POST', headers: { 'x-hub-signature': signature }, body }))
    .status
}

test('what the server receives shows with what became of it, and its payload as text', async () => {
  const { page, wrong, close } = await open('/traffic/received')
  await page.getByText('Nothing has come yet.').waitFor()
  const row = (topic: string) =>
    page.getByRole('listbox', { name: 'Notifications' }).getByRole('option').filter({ hasText: topic })
  const detail = page.getByRole('region', { name: 'Notification', exact: true })
  assert.equal(await deliver('first', 'contact.user.created'), 200)
  await row('contact.user.created').getByText('Failed, will retry').waitFor()
  await row('contact.user.created').click()
  await detail.getByText('the forward URL answered 500').waitFor()
  await detail.getByText('Verified').waitFor()
  await detail.getByText('notif_first').first().waitFor()
  answering = 200
  await row('contact.user.created').getByText('Handled').waitFor()
  assert.equal(await deliver('forged', 'contact.user.deleted', 'another'), 401)
  await row('Answered 401').getByText('Refused').waitFor()
  await row('Answered 401').click()
  await detail.getByText('What nobody has vouched for is not kept.').waitFor()
  assert.equal(await page.locator('main img, main iframe, main script').count(), 0)
  assert.deepEqual(wrong, [])
  await close()
  await looksRight(open, '/traffic/received', (own) =>
    own.getByRole('listbox', { name: 'Notifications' }).getByText('Handled').waitFor(),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Preview } from '../src/core/preview.ts'
import { desk, keys } from '../test/support/approvals-desk.ts'
import { reply } from './approvals.ts'
import { launched } from './chromium.ts'
import { watchedPage } from './watched.ts'

test('a session outlives the page, keeps the key nowhere, and ends when its operator signs out', async (t) => {
  const { url, hold } = await desk(t)
  const { id } = await hold({ input: reply.input as object, preview: reply.preview as Preview })
  const browser = await launched()
  t.after(() => browser.close())
  const { page, wrong } = await watchedPage(browser, [url])
  await page.goto(`${url}/approvals/${id}`)
  await page.getByLabel('Operator’s key').fill(keys.ada)
  await page.keyboard.press('Enter')
  await page.getByText('Waiting for a decision').waitFor()
  await page.reload()
  await page.getByText('Waiting for a decision').waitFor()
  const stored = await page.context().storageState()
  assert.ok(!JSON.stringify(stored).includes(keys.ada))
  assert.deepEqual(
    stored.cookies.map(({ httpOnly, sameSite, path }) => [httpOnly, sameSite, path]),
    [[true, 'Strict', '/approvals']],
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Operator’s key').waitFor()
  await page.reload()
  await page.getByLabel('Operator’s key').waitFor()
  assert.deepEqual(wrong, [])
})

// Makes docs/images/approval-*.png: the approvals page, light and dark, and the app on a narrow host.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions } from 'playwright-core'
import { deletion, now, reply } from './approvals.ts'
import { launched } from './chromium.ts'
import { desk, operatorKey } from './desk.ts'
import { hostOf, shownApp } from './host/shown.ts'
import { watchedPage } from './watched.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })
const browser = await launched()
const host = await hostOf(() => reply)
const server = await desk()
const origins = [...host.origins, server.url]

async function opened(width: number, options: BrowserContextOptions) {
  const watched = await watchedPage(browser, origins, {
    viewport: { width, height: 700 },
    reducedMotion: 'reduce',
    ...options,
  })
  await watched.page.clock.setFixedTime(now)
  return {
    ...watched,
    /** As high as what it shows: what is out of sight is not painted. */
    async take(name: string) {
      for (let time = 0; time < 2; time += 1) {
        const height = await watched.page.evaluate(() => document.documentElement.scrollHeight)
        await watched.page.setViewportSize({ width, height })
        await watched.page.waitForTimeout(300)
      }
      await watched.page.screenshot({ path: `${folder}/approval-${name}.png`, fullPage: true })
      await watched.close()
    },
  }
}

const { page: chat, take: taken } = await opened(360, { colorScheme: 'light' })
await shownApp(chat, host.url, undefined, { theme: 'light' })
await taken('app-narrow')

const others = [
  { ...deletion, caller: 'night-cleaner', created_at: now - 31 * 60_000 },
  {
    ...reply,
    id: 'apr_other56789abcdefghijkl',
    caller: 'onboarding-flow',
    created_at: now - 52 * 60_000,
    preview: reply.preview && {
      ...reply.preview,
      to: [
        {
          type: 'contact',
          id: '66f3',
          name: 'Tomás Rivera',
          email: null,
          role: 'lead',
          company: null,
          warnings: [],
        },
      ],
      shown: 'Welcome, Tomás! Your trial runs until 11 December. Shall I show you how couriers share a bike?',
    },
  },
]
for (const colorScheme of ['light', 'dark'] as const) {
  const { page, take } = await opened(1100, { colorScheme })
  await page.route('**/approvals?*', (route) =>
    route.fulfill({ json: { approvals: [reply, ...others], next: null, waiting: 3 } }),
  )
  await page.route(`**/approvals/${reply.id}`, (route) =>
    route.request().resourceType() === 'document' ? route.continue() : route.fulfill({ json: reply }),
  )
  await page.goto(`${server.url}/approvals/${reply.id}`)
  await page.getByLabel('Operator’s key').fill(operatorKey)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Approve and send' }).waitFor()
  await page.getByText('Tomás Rivera').waitFor()
  await take(`page-${colorScheme}`)
}
await host.close()
await server.stop()
await browser.close()

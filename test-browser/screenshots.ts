// Makes docs/images/approval-*.png: the composer light, dark and narrow.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { now, reply } from './approvals.ts'
import { launched } from './chromium.ts'
import { hostOf, shownApp } from './host/shown.ts'
import { watchedPage } from './watched.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })
const browser = await launched()
const host = await hostOf(() => reply)

const pictures = [
  { name: 'light', colorScheme: 'light', width: 800 },
  { name: 'dark', colorScheme: 'dark', width: 800 },
  { name: 'narrow', colorScheme: 'light', width: 360 },
] as const

for (const { name, colorScheme, width } of pictures) {
  const { page, close } = await watchedPage(browser, host.origins, {
    colorScheme,
    viewport: { width, height: 700 },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  })
  await page.clock.setFixedTime(now)
  await shownApp(page, host.url, undefined, { theme: colorScheme })
  await page.waitForTimeout(300) // for the height that the app asks for
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height }) // what is out of sight is not painted
  await page.waitForTimeout(300)
  await page.screenshot({ path: `${folder}/approval-app-${name}.png`, fullPage: true })
  await close()
}
await host.close()
await browser.close()

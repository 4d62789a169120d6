import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Frame, Page, Request } from 'playwright-core'
import { patience, until } from './eventually.ts'

/** How many times slower the page's processor is, to find tests that race with it. */
const slowdown = Number(process.env['BROWSER_SLOWDOWN'] ?? 1)
const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8')

/** A page, and what it must not do: ask strangers, alert, complain. */
export async function watchedPage(
  browser: Browser,
  origins: readonly string[],
  options: BrowserContextOptions = {},
) {
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, ...options })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  if (slowdown > 1)
    await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const wrong: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    const isOwn = origins.includes(url.origin) || url.protocol === 'about:'
    if (!isOwn) wrong.push(`asks ${request.url().slice(0, 200)}`)
  })
  page.on('dialog', async (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('console', (message) => {
    // the specification wants just this sandbox
    if (/allow-scripts and allow-same-origin/.test(message.text())) return
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('popup', (popup) => wrong.push(`popup: ${popup.url()}`))
  return { page, wrong, close: () => context.close(), idle: idleOf(page) }
}

/** Until a page has asked for nothing for a third of a second, live lists aside. */
function idleOf(page: Page): () => Promise<void> {
  const asked = new Set<Request>()
  let last = 0
  const over = (request: Request) => {
    last = performance.now()
    asked.delete(request)
  }
  page.on('request', (request) => asked.add(request))
  page.on('requestfinished', over)
  page.on('requestfailed', over)
  page.on('response', (response) => {
    if (response.headers()['content-type']?.startsWith('text/event-stream')) over(response.request())
  })
  return () =>
    until(async () => {
      if (asked.size > 0 || performance.now() - last < 300)
        throw new Error(`asks ${[...asked].map((one) => one.url())}`)
    })
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What axe-core finds against WCAG 2.2 AA, a sentence each. */
export async function accessibilityProblems(frame: Frame | Page): Promise<string[]> {
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(axe)
  return await frame.evaluate(async (runOnly) => {
    // biome-ignore lint/suspicious/noExplicitAny: it came with the script
    const { violations } = await (globalThis as any).axe.run(document, {
      resultTypes: ['violations'], // of the rest it needs no account
      runOnly,
    })
    return violations.map(
      (one: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }) =>
        `${one.id}: ${one.help}: ${one.nodes[0]?.html.slice(0, 200)} ${one.nodes[0]?.failureSummary}`,
    )
  }, rules)
}

/** Pixels by which a page is wider than what a person sees of it. */
export async function overflow(frame: Frame | Page): Promise<number> {
  return await frame.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
}

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core'

const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8')

/** A page, and what it must not do: ask strangers, alert, complain. */
export async function watchedPage(
  browser: Browser,
  origins: readonly string[],
  options: BrowserContextOptions = {},
) {
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, ...options })
  const page = await context.newPage()
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
  return { page, wrong, close: () => context.close() }
}

/** What axe-core finds against WCAG 2.2 AA, a sentence each. */
export async function accessibilityProblems(frame: Frame | Page): Promise<string[]> {
  await frame.evaluate(axe)
  return await frame.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: it came with the script
    const { violations } = await (globalThis as any).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations.map(
      (one: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }) =>
        `${one.id}: ${one.help}: ${one.nodes[0]?.html.slice(0, 200)} ${one.nodes[0]?.failureSummary}`,
    )
  })
}

/** Pixels by which a page is wider than what a person sees of it. */
export async function overflow(frame: Frame | Page): Promise<number> {
  return await frame.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
}

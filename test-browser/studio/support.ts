import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { bin } from '../../test-hosts/served.ts'
import { accessibilityProblems, overflow, watchedPage } from '../watched.ts'

/** The key of the control plane, of the server's REST, and the token of the local Intercom. */
export const adminKey = 'an-admin-key-of-the-browser-tests'
export const apiKey = 'an-api-key-of-the-browser-tests-0123'
export const accessToken = 'a-token-of-the-browser-tests'

export type Studio = Awaited<ReturnType<typeof studio>>

/** `modulex-intercom studio` as a user starts it, with `flags`; `port` of an earlier one to take its place. */
export async function studio(flags: readonly string[] = [], { port = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-studio-test-'))
  const args = ['studio', '--port', String(port), '--token', 'env:STUDIO_TEST_TOKEN', ...flags]
  const child = spawn(process.execPath, [bin, ...args], {
    env: {
      ...process.env,
      MODULEX_INTERCOM_API_KEY: apiKey,
      INTERCOM_WORKSPACE_ADMIN_KEY: adminKey,
      STUDIO_TEST_TOKEN: accessToken,
      XDG_STATE_HOME: folder,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 600_000,
  })
  const printed = JSON.parse(await firstLine(child)) as { url: string; intercom_url: string }
  const link = new URL(printed.url)

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    child.kill(signal)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }

  async function asked<Body>(method: string, url: string, key: string, body?: object): Promise<Body> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(url, { method, headers, ...sent })
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Body
  }

  const local = printed.intercom_url

  return {
    /** Without the code. */
    url: link.origin,
    port: Number(link.port),
    /** Of the local Intercom. */
    intercomUrl: local,
    /** Opens it in one browser, once. */
    link: link.href,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    /** What another client does: Intercom's REST API. */
    intercom: <Body>(method: string, path: string, body?: object) =>
      asked<Body>(method, `${local}${path}`, accessToken, body),
    /** The control plane of the local Intercom. */
    control: <Body>(method: string, path: string, body?: object) =>
      asked<Body>(method, `${local}/_workspace${path}`, adminKey, body),
    /** An action by the server's REST. */
    action: (name: string, input: object) =>
      asked<Record<string, unknown>>('POST', `${link.origin}/actions/${name}`, apiKey, input),
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the studio has no output')
  for await (const line of createInterface(child.stdout)) return line
  throw new Error('the studio ended before it was ready')
}

/** Contexts of a browser that are signed in; the first one uses the link. */
export function visitorsOf(browser: Browser, server: Pick<Studio, 'url' | 'link'>) {
  let state: BrowserContextOptions['storageState'] | undefined
  return async (path: string, options: BrowserContextOptions = {}) => {
    const size = { viewport: { width: 1280, height: 800 } }
    if (state === undefined) {
      const first = await watchedPage(browser, [server.url], size)
      await first.page.goto(server.link)
      await ready(first.page)
      state = await first.page.context().storageState()
      await first.close()
    }
    const watched = await watchedPage(browser, [server.url], { ...size, storageState: state, ...options })
    await watched.page.goto(`${server.url}/studio${path}`)
    await ready(watched.page)
    return watched
  }
}

/** Until somebody is signed in and the view is there. */
export async function ready(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).waitFor()
  await page.locator('main > h1 ~ :not(.busy)').first().waitFor({ state: 'attached' })
}

/** Until the page is at a path below /studio, whatever is in its query. */
export async function at(page: Page, path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === `/studio${path}`)
}

/** Presses one key after the other at once: a page that is slow would take them for two of their own. */
export async function chord(page: Page, first: string, second: string): Promise<void> {
  await Promise.all([page.keyboard.press(first), page.keyboard.press(second)])
}

/** No violation of WCAG 2.2 AA and nothing cut off, in both themes at three widths; `settled`: until what is looked at is there. */
export async function looksRight(
  open: ReturnType<typeof visitorsOf>,
  path: string,
  settled: (page: Page) => Promise<unknown> = async () => {},
): Promise<void> {
  const { page, wrong, close } = await open(path)
  for (const width of [1280, 800, 390]) {
    await page.setViewportSize({ width, height: 800 })
    await settled(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const where = `${path}, ${colorScheme}, ${width} px`
      assert.deepEqual(await accessibilityProblems(page), [], where)
      assert.ok((await overflow(page)) <= 0, `${where}: wider than the page`)
    }
  }
  assert.deepEqual(wrong, [])
  await close()
}

/** The name of what has the focus, or its text. */
export async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const { activeElement: one } = document
    const [label] = one instanceof HTMLInputElement ? (one.labels ?? []) : []
    return (one?.getAttribute('aria-label') ?? label?.textContent ?? one?.textContent ?? '').trim()
  })
}

/** Presses Tab until what is named so has the focus, and sees that this shows. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused(page)) === name) break
    await page.keyboard.press('Tab')
  }
  assert.equal(await focused(page), name)
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
  )
  assert.equal(outline, 'solid', `${name} shows no focus`)
}

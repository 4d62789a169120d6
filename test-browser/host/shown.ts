import type { Frame, Page } from 'playwright-core'
import type { Approval } from '../../src/composer/approval.ts'
import assets from '../../src/composer/assets.json' with { type: 'json' }
import { servedHost } from './serve.ts'

type Json = Record<string, unknown>

export const url = 'http://127.0.0.1:8787/approvals/apr_0123456789abcdefghijkl'
const uri = 'ui://modulex-intercom/approval.html'

/** A host before a server that holds every reply as `approval` says (once the app has decided, too), and what the app asked of it. */
export async function hostOf(approval: (isDecided: boolean) => Approval, more: Json = {}) {
  const asked: { decide_approval: Json[]; read: string[] } = { decide_approval: [], read: [] }
  const now = () => approval(asked.decide_approval.length > 0)
  const told = () => ({ 'modulex-intercom/approval': { ...now(), url, ...more } })
  const host = await servedHost({
    async listTools() {
      return {
        tools: [
          {
            name: 'reply_to_conversation',
            inputSchema: { type: 'object' },
            _meta: { ui: { resourceUri: uri } },
          },
          {
            name: 'decide_approval',
            inputSchema: { type: 'object' },
            _meta: { ui: { visibility: ['app'] } },
          },
          { name: 'list_tags', inputSchema: { type: 'object' }, _meta: { ui: { visibility: ['model'] } } },
        ],
      }
    },
    async callTool({ name, arguments: given }) {
      if (name === 'decide_approval') asked.decide_approval.push(given)
      return { content: [{ type: 'text', text: 'held' }], isError: name !== 'decide_approval', _meta: told() }
    },
    async readResource({ uri: wanted }) {
      if (wanted === uri)
        return { contents: [{ uri, mimeType: 'text/html;profile=mcp-app', text: assets.app }] }
      asked.read.push(wanted)
      return { contents: [{ uri: wanted, mimeType: 'application/json', text: JSON.stringify(now()) }] }
    },
  })
  return { ...host, asked }
}

/** Shows the app of a reply on the page of a host, and answers its frame. */
export async function shownApp(
  page: Page,
  hostUrl: string,
  has: Json = { openLinks: {}, serverTools: {}, serverResources: {}, updateModelContext: { text: {} } },
  context: Json = {},
  call: { name: string; arguments: Json } = { name: 'reply_to_conversation', arguments: { body: 'x' } },
): Promise<Frame> {
  if (page.url() !== `${hostUrl}/`) await page.goto(`${hostUrl}/`)
  await page.evaluate(
    async ([call, has, context]: [{ name: string; arguments: Json }, never, never]) => {
      const shown = await window.show(call.name, call.arguments, has, context)
      ;(window as { shown?: unknown }).shown = shown
    },
    [call, has, context] as [typeof call, never, never],
  )
  const frame = page.frames().find((one) => one.parentFrame()?.parentFrame() === page.mainFrame())
  if (frame === undefined) throw new Error('the app has no frame')
  await frame.locator('article').waitFor()
  return frame
}

/** The same app gets the next result, and draws it. */
export async function shownAgain(page: Page, app: Frame): Promise<void> {
  const before = await app.locator('article').elementHandle()
  await page.evaluate(() => window.again())
  await app.waitForFunction((old) => !old?.isConnected && document.querySelector('article') !== null, before)
}

/** What the host has been asked to do by the app. */
export async function hostSaw(
  page: Page,
): Promise<{ opened: string[]; context: unknown[]; sizes: { height?: number }[] }> {
  return await page.evaluate(() => (window as never as { shown: never }).shown)
}

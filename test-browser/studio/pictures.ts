import type { Page, Route } from 'playwright-core'
import type { Send, SendRow } from '../../src/server/rest/sends/send.ts'
import { now as decidedFrom, reply } from '../approvals.ts'
import { type Studio, studio, type visitorsOf } from './support.ts'

/** The views as they are drawn: each with the same data, at the same time of day. */
export const themes = ['light', 'dark'] as const

/** When the bicycle shop is looked at. */
const shopTime = Date.UTC(2025, 9, 31, 17, 10)
const minute = 60_000
const looks = {
  ...{ viewport: { width: 1160, height: 700 }, reducedMotion: 'reduce' as const },
  ...{ locale: 'en-GB', timezoneId: 'UTC' },
}

/** `modulex-intercom studio` on a bicycle shop whose clock stands still. */
export async function shop(): Promise<Studio> {
  const server = await studio(['--fixtures', 'examples/bicycle-shop.yaml'])
  await server.control('POST', '/clock', { now: shopTime / 1000, frozen: true })
  const busy = { kind: 'rate_limited', route: 'POST /conversations/{id}/reply', count: 3 }
  await server.control('POST', '/faults', busy)
  await server.control('POST', '/faults', { kind: 'delay', ms: 400, route: 'GET /contacts/{id}' })
  return server
}

/** Pictures of the five views in a theme, by their file names, as PNG. */
export async function picturesOf(
  server: Studio,
  open: ReturnType<typeof visitorsOf>,
  colorScheme: (typeof themes)[number],
): Promise<Map<string, Buffer>> {
  const { conversations } = await server.intercom<{
    conversations: { id: string; source: { body: string } }[]
  }>('GET', '/conversations')
  const thread = conversations.find(({ source }) => !source.body.includes('Do you repair'))?.id
  const input = JSON.stringify({ contact_id: '6762f0dd1bb69f9f2193bb83', body: 'Asked for an invoice.' })
  const views: [name: string, path: string, at: number, settled: (page: Page) => Promise<unknown>][] = [
    ['desk', `/desk/${thread}?state=all`, shopTime, (page) => page.locator('[data-messenger]').waitFor()],
    [
      'actions',
      `/actions/create_note?input=${encodeURIComponent(input)}`,
      shopTime,
      (page) => page.getByRole('button', { name: /Dry run/ }).waitFor(),
    ],
    [
      'sends',
      `/sends/${reply.id}`,
      decidedFrom,
      (page) => page.getByText('Waiting for a decision').waitFor(),
    ],
    [
      'traffic',
      '/traffic/limits',
      shopTime,
      (page) => page.locator('main svg, main table').first().waitFor(),
    ],
    ['lab', '/lab/faults', shopTime, (page) => page.getByText('GET /contacts/{id}').first().waitFor()],
  ]
  const pictures = new Map<string, Buffer>()
  const { page, close, idle } = await open('/lab/data', { ...looks, colorScheme })
  await fixed(page)
  for (const [name, path, at, settled] of views) {
    await page.clock.setFixedTime(at)
    await page.goto(`${server.url}/studio${path}`)
    await settled(page)
    await idle() // what is read after that is drawn too
    pictures.set(`studio-${name}-${colorScheme}.png`, await page.screenshot({ caret: 'hide' }))
  }
  await close()
  return pictures
}

/** What would differ each time: ports, and what the machine's clock has dated. */
async function fixed(page: Page): Promise<void> {
  await page.route('**/studio/api/session', async (route) => {
    const answer = await route.fetch()
    const session = (await answer.json()) as object
    await route.fulfill({ response: answer, json: { ...session, workspace: 'http://127.0.0.1:4212' } })
  })
  await page.route('**/studio/api/sends?*', (route) => listed(route))
  await page.route(`**/studio/api/sends/${reply.id}`, (route) => route.fulfill({ json: held }))
  await page.route(`**/studio/api/approvals/${reply.id}`, (route) => route.fulfill({ json: reply }))
  await page.route('**/studio/api/workspace/rate_windows*', (route) => route.fulfill({ json: { windows } }))
}

const row = (
  own: Partial<SendRow> & Pick<SendRow, 'id' | 'state' | 'action' | 'title'>,
  minutes: number,
): SendRow => ({
  ...{ caller: 'support-agent', persisted: true, idempotency_key: null, approval_id: null, error: null },
  ...{ code: null, conversation_id: null, begun_at: decidedFrom - minutes * minute, changed_at: decidedFrom },
  ...own,
})
const replies = { action: 'reply_to_conversation', title: 'Reply to conversation' }
const notes = { action: 'create_note', title: 'Create note' }
const rows: SendRow[] = [
  row({ id: reply.id, state: 'held', ...replies, approval_id: reply.id, conversation_id: '215468' }, 4),
  row(
    { id: 'key_a', state: 'sent', ...replies, idempotency_key: 'ticket-4821', conversation_id: '215467' },
    9,
  ),
  row(
    { id: 'key_b', state: 'verified', ...replies, idempotency_key: 'ticket-4818', conversation_id: '215461' },
    12,
  ),
  row({ id: 'key_c', state: 'unknown', ...notes, idempotency_key: 'crm-row-77' }, 31),
  row({ id: 'key_d', state: 'sent', ...notes, idempotency_key: 'crm-row-76' }, 33),
  row({ id: 'key_e', state: 'refused', ...replies, code: 'not_found', idempotency_key: 'ticket-4790' }, 58),
  row(
    { id: 'key_f', state: 'sent', ...replies, idempotency_key: 'ticket-4788', conversation_id: '215440' },
    64,
  ),
]
const steps: Send['steps'] = [{ at: decidedFrom - 4 * minute, step: 'held' }]
const held: Send = {
  ...(rows[0] as SendRow),
  ...{ steps, answer: null, next: 'A person has to decide on it. Nothing is sent until then.' },
}

/** Windows of ten seconds, the latest first. */
const windows = Array.from({ length: 60 }, (_, n) => ({
  app: 'deichrad',
  ends_at: shopTime / 1000 - n * 10,
  limit: 1666,
  calls: Math.round(700 + 600 * Math.sin(n / 6) + 90 * Math.cos(n * 1.7)),
  foreign: n % 9 === 0 ? 160 : 40,
  refused: n === 14 || n === 15 ? 55 : 0,
}))

async function listed(route: Route): Promise<void> {
  await route.fulfill({ json: { sends: rows, next: null } })
}

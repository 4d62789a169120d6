// Makes docs/images/studio-messenger.svg: twenty seconds at the desk, in frames of the real page. A teammate answers, a
// program answers by Intercom's API, the customer thanks; a note stays with the team.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { picture } from '../scripts/svg.ts'
import { launched } from './chromium.ts'
import { studio, visitorsOf } from './studio/support.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url))
const size = { width: 1200, height: 660 }
const seconds = 20
/** What differs from the frame before, where it differs. */
type Piece = { at: number; x: number; y: number; width: number; height: number; data: string }

mkdirSync(folder, { recursive: true })
const server = await studio(['--fixtures', 'examples/bicycle-shop.yaml'])
const browser = await launched()
const open = visitorsOf(browser, server)
const { conversations } = await server.intercom<{
  conversations: { id: string; source: { body: string; author: { id: string } } }[]
}>('GET', '/conversations')
const found = conversations.find(({ source }) => source.body.includes('Do you repair'))
const id = found?.id
await server.intercom('PUT', `/contacts/${found?.source.author.id}`, { name: 'Ana Duarte' })
const { admins } = await server.intercom<{ admins: { id: string }[] }>('GET', '/admins')
const { page } = await open(`/desk/${id}?state=all`, {
  ...{ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' },
})
const cutter = await browser.newPage()
const pieces: Piece[] = []
let before = ''
const messenger = page.locator('[data-messenger]')

await messenger.getByText('Do you repair').waitFor()
await page.waitForTimeout(800)
await take(0)
await types('Reply to the customer', 'We do, whoever sold it. Bring it in before six today?', 1.2, 5)
await page.keyboard.press('Control+Enter')
await messenger.getByText('before six').waitFor()
await take(5.6)
await page.getByText('Sent.').waitFor({ state: 'detached' })
await take(7)
await page.getByRole('button', { name: 'Note', exact: true }).click()
await types('Note for the team', 'Wheel, spokes and brake pads. Half an hour.', 7.6, 10)
await page.keyboard.press('Control+Enter')
await page.getByRole('log', { name: 'Thread' }).getByText('Wheel, spokes').waitFor()
await take(10.6)
await page.getByText('Noted.').waitFor({ state: 'detached' })
await take(12)
await server.intercom('POST', `/conversations/${id}/reply`, {
  ...{ message_type: 'comment', type: 'admin', admin_id: admins[0]?.id },
  body: '<p>I have booked you in <b>at five</b>. The workshop is behind the shop.</p>',
})
await messenger.locator('iframe').waitFor()
await page.waitForTimeout(600)
await take(13)
await types(/^Write as/, 'Perfect, see you at five!', 14.5, 16.5)
await page.keyboard.press('Enter')
await page.getByRole('log', { name: 'Thread' }).getByText('Perfect').waitFor()
await page.waitForTimeout(600)
await take(17)
await browser.close()
await server.stop()

const frames = pieces.map(
  ({ x, y, width, height, data }, n) =>
    `<image class="frame" style="animation-name:f${n}" x="${x}" y="${y}" width="${width}" height="${height}" href="${data}"/>`,
)
const moments = pieces.map(
  ({ at }, n) =>
    `@keyframes f${n} { 0% { visibility: hidden } ${((at / seconds) * 100).toFixed(2)}% { visibility: visible } }`,
)
writeFileSync(
  `${folder}/studio-messenger.svg`,
  picture({
    ...size,
    title: 'The desk and the Messenger of the studio',
    description:
      'A teammate answers a customer, and the answer is in the Messenger at once. A note for the team is not. A reply by Intercom’s API appears in both by itself, and so does what the customer writes.',
    colours: {},
    style: `.frame { animation: ${seconds}s step-end infinite }
${moments.join('\n')}
@media (prefers-reduced-motion: reduce) { .frame { animation: none } }`,
    body: frames,
  }),
)

async function types(label: string | RegExp, text: string, from: number, to: number): Promise<void> {
  const field = page.getByLabel(label)
  await field.click()
  const words = text.split(/(?<= )/)
  for (const [n, word] of words.entries()) {
    await field.pressSequentially(word)
    await take(from + ((to - from) * (n + 1)) / words.length)
  }
}

async function take(at: number): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  const now = (await page.screenshot({ caret: 'hide', animations: 'disabled' })).toString('base64')
  const piece = await difference(cutter, before, now)
  before = now
  if (piece !== null) pieces.push({ at, ...piece })
}

/** The rectangle in which two screenshots differ, as WebP; all of the second one where there is no first. */
async function difference(cutter: Page, first: string, second: string): Promise<Omit<Piece, 'at'> | null> {
  return await cutter.evaluate(
    async ([first, second]) => {
      const drawn = async (png: string) => {
        const image = new Image()
        image.src = `data:image/png;base64,${png}`
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height)
        const context = canvas.getContext('2d')
        if (context === null) throw new Error('there is no canvas')
        context.drawImage(image, 0, 0)
        return context
      }
      const now = await drawn(second ?? '')
      const { width, height } = now.canvas
      let [left, top, right, bottom] = [0, 0, width, height]
      if (first !== undefined && first !== '') {
        const [old, fresh] = [
          (await drawn(first)).getImageData(0, 0, width, height),
          now.getImageData(0, 0, width, height),
        ]
        ;[left, top, right, bottom] = [width, height, 0, 0]
        for (let n = 0; n < fresh.data.length; n += 4) {
          if ([0, 1, 2].every((c) => old.data[n + c] === fresh.data[n + c])) continue
          const [x, y] = [(n / 4) % width, Math.floor(n / 4 / width)]
          left = Math.min(left, x)
          right = Math.max(right, x + 1)
          top = Math.min(top, y)
          bottom = Math.max(bottom, y + 1)
        }
        if (right <= left) return null
      }
      const cut = new OffscreenCanvas(right - left, bottom - top)
      cut.getContext('2d')?.drawImage(now.canvas, -left, -top)
      const bytes = new Uint8Array(
        await (await cut.convertToBlob({ type: 'image/webp', quality: 0.85 })).arrayBuffer(),
      )
      const data = `data:image/webp;base64,${btoa(String.fromCharCode(...bytes))}`
      return { x: left, y: top, width: right - left, height: bottom - top, data }
    },
    [first, second],
  )
}

// The views look as on the stored pictures. Another Chromium draws letters and lines a little differently, so that more
// may differ then, which the test says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launched } from '../chromium.ts'
import { picturesOf, shop, themes } from './pictures.ts'
import stored from './screenshots.json' with { type: 'json' }
import { type Studio, visitorsOf } from './support.ts'

/** The share of pixels that may differ by more than a shade. */
const tolerance = 0.005
const toleranceOfOthers = 0.08

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>

before(async () => {
  browser = await launched()
  server = await shop()
  open = visitorsOf(browser, server)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

for (const theme of themes)
  test(`the views look as on the stored pictures, ${theme}`, async (t) => {
    const isSame = browser.version() === stored.chromium
    const most = isSame ? tolerance : toleranceOfOthers
    if (!isSame)
      t.diagnostic(
        `Chromium ${browser.version()}, the pictures were made by ${stored.chromium}: up to ${most * 100} % may differ`,
      )
    for (const [name, fresh] of await picturesOf(server, open, theme)) {
      const stored = readFileSync(new URL(`../../docs/images/${name}`, import.meta.url))
      const share = await differing(stored, fresh)
      const found = `${name}: ${(share * 100).toFixed(3)} % of the pixels differ`
      t.diagnostic(found)
      assert.ok(share <= most, `${found}. If that is meant, run node test-browser/studio/screenshots.ts`)
    }
  })

/** The share of pixels of two pictures that differ by more than a shade; 1 where their sizes differ. */
async function differing(one: Buffer, other: Buffer): Promise<number> {
  const page = await browser.newPage()
  const pictures = [one, other].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`)
  const share = await page.evaluate(async (sources) => {
    const drawn = await Promise.all(
      sources.map(async (source) => {
        const image = new Image()
        image.src = source
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height)
        const context = canvas.getContext('2d')
        context?.drawImage(image, 0, 0)
        return context?.getImageData(0, 0, image.width, image.height)
      }),
    )
    const [a, b] = drawn
    if (a === undefined || b === undefined || a.width !== b.width || a.height !== b.height) return 1
    let count = 0
    for (let at = 0; at < a.data.length; at += 4) {
      const by = [0, 1, 2].map((channel) =>
        Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0)),
      )
      if (Math.max(...by) > 24) count += 1
    }
    return count / (a.width * a.height)
  }, pictures)
  await page.close()
  return share
}

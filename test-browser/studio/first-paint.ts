// Prints how fast the studio opens on loopback: the first contentful paint, and until the inbox is drawn, in ms, over so
// many openings (an argument, 20 by default) in one warm browser; the first opening, for which the page is bundled in a
// clone, is left out. And how a list of 5,000 conversations scrolls.
import { launched } from '../chromium.ts'
import { studio, visitorsOf } from './support.ts'

const times = Number(process.argv[2] ?? 20)
const [browser, server] = await Promise.all([launched(), studio(['--seed', '3400'])])
const open = visitorsOf(browser, server)
const { page } = await open('/desk?state=all')
await page.locator('.list-row').first().waitFor()

const paints: number[] = []
const drawn: number[] = []
for (let time = 0; time < times; time += 1) {
  await page.goto(`${server.url}/studio/desk?state=all`)
  await page.locator('.list-row').first().waitFor()
  paints.push(
    await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    ),
  )
  drawn.push(await page.evaluate(() => performance.now()))
}
console.log(`first contentful paint, ms: ${spread(paints)}`)
console.log(`the inbox is drawn, ms: ${spread(drawn)}`)

/** A long way down and back, by a fixed distance a frame, as a wheel does; the time of each frame. */
const frames = await page.evaluate(async () => {
  const list = document.querySelector('.list')
  const found: number[] = []
  if (list === null) return found
  let last = await new Promise<number>(requestAnimationFrame)
  for (let frame = 0; frame < 600; frame += 1) {
    list.scrollTop += frame < 400 ? 400 : -300
    const now = await new Promise<number>(requestAnimationFrame)
    found.push(now - last)
    last = now
  }
  return found
})
const rows = await page.locator('.list-row').first().getAttribute('aria-setsize')
console.log(
  `scrolling ${rows} rows, ms a frame: ${spread(frames)}; over 17 ms: ${frames.filter((ms) => ms > 17).length} of ${frames.length}`,
)
await browser.close()
await server.stop()

function spread(all: number[]): string {
  const sorted = all.toSorted((one, two) => one - two)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(1)
  return `median ${at(0.5)}, 95 % within ${at(0.95)}, longest ${at(1)}`
}

import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launched } from '../chromium.ts'
import { eventually, until } from '../eventually.ts'
import { accessToken, type Studio, studio, visitorsOf } from './support.ts'

type Page150 = {
  conversations: { id: string; source: { body: string } }[]
  total_count: number
  pages: { next?: { starting_after: string } }
}

const contacts = 3400 // which have half as many conversations again
const loadSeconds = 3
const wantedRate = 1000
const talked = 120
const atOnce = 24

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>

before(async () => {
  server = await studio(['--seed', String(contacts)])
  browser = await launched()
  open = visitorsOf(browser, server)
  await server.control('PUT', '/rate_limit', { app: false, workspace: false })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const total = (page: Page) =>
  page.evaluate(() => Number(document.querySelector('.list-row')?.getAttribute('aria-setsize')))

test('a list of five thousand conversations is read to its end, and scrolls', async (t) => {
  const { page, wrong, close } = await open('/desk?state=all')
  await page.locator('.list-row').first().waitFor()
  const all = (await server.intercom<Page150>('GET', '/conversations?per_page=1')).total_count
  assert.ok(all >= 5000)
  await eventually(async () => {
    await page.evaluate(() => {
      const list = document.querySelector('.list')
      if (list !== null) list.scrollTop = list.scrollHeight
    })
    return await total(page)
  }, all)
  const frames = await page.evaluate(async () => {
    const list = document.querySelector('.list')
    if (list === null) return []
    const deltas: number[] = []
    const next = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
    list.scrollTop = 0
    let last = await next()
    for (let n = 0; n < 300; n += 1) {
      list.scrollTop += 300
      const now = await next()
      deltas.push(now - last)
      last = now
    }
    return deltas.sort((a, b) => a - b)
  })
  const at = (share: number) =>
    frames[Math.min(frames.length - 1, Math.floor(frames.length * share))]?.toFixed(1)
  const late = frames.filter((ms) => ms > 25).length
  t.diagnostic(
    `${all} conversations, 300 px a frame for ${frames.length} frames: median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, ${late} frames missed`,
  )
  assert.equal(frames.length, 300)
  assert.deepEqual(wrong, [])
  await close()
})

test('under a thousand writes a second no row is lost or doubled', async (t) => {
  const admin = await adminId()
  const words = Array.from({ length: talked }, (_, n) => `load-${n}`)
  const contact = await server.intercom<{ id: string }>('POST', '/contacts', {
    name: 'Load',
    email: 'load@example.com',
  })
  const from = { type: 'user', id: contact.id }
  const ids: string[] = []
  for (const body of words)
    ids.push(
      (await server.intercom<{ conversation_id: string }>('POST', '/conversations', { from, body }))
        .conversation_id,
    )
  const { page, wrong, close } = await open('/desk?q=load@example.com&side=contact')
  await page.getByText(`${talked} conversations`).waitFor()

  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const send = (method: string, path: string, body: object) => sent(agent, method, path, body)
  let writes = 0
  const write = async (n: number) => {
    const id = ids[(n * 7919) % ids.length]
    const by = { admin_id: admin, type: 'admin' }
    const kind = n % 10
    if (kind < 5)
      await send('POST', `/conversations/${id}/reply`, { ...by, message_type: 'comment', body: `r${n}` })
    else if (kind < 7) await send('POST', `/conversations/${id}/parts`, { ...by, message_type: 'close' })
    else if (kind < 9) await send('POST', `/conversations/${id}/parts`, { ...by, message_type: 'open' })
    else await send('POST', '/conversations', { from, body: `new-${n}` })
    writes += 1
  }
  const began = performance.now()
  const elapsed = () => (performance.now() - began) / 1000
  let next = 0
  const doubled: string[] = []
  const worker = async () => {
    while (elapsed() < loadSeconds) {
      if (next > elapsed() * wantedRate) await new Promise((resolve) => setTimeout(resolve, 5))
      else await write(next++)
    }
  }
  const watching = (async () => {
    while (elapsed() < loadSeconds) {
      const shown = await drawn(page)
      doubled.push(...shown.filter((word, n) => shown.indexOf(word) !== n))
      await page.waitForTimeout(250)
    }
  })()
  await Promise.all([...Array.from({ length: atOnce }, worker), watching])
  const seconds = elapsed()
  // What comes last is told while something is still being read.
  const last = ids.slice(0, 40)
  await Promise.all(
    last.map((id) =>
      send('POST', `/conversations/${id}/parts`, { admin_id: admin, type: 'admin', message_type: 'close' }),
    ),
  )
  agent.destroy()
  assert.deepEqual(doubled, [])

  const expected = await intercomsList()
  const settled = performance.now()
  await until(async () => assert.deepEqual(await wholeList(page), expected))
  t.diagnostic(
    `${writes} writes in ${seconds.toFixed(1)} s (${Math.round(writes / seconds)} a second); ${expected.length} rows are Intercom's own ${((performance.now() - settled) / 1000).toFixed(1)} s after the last`,
  )
  assert.deepEqual(wrong, [])
  await close()

  async function intercomsList(): Promise<string[]> {
    const query = {
      operator: 'AND',
      value: [
        { field: 'state', operator: '=', value: 'open' },
        { field: 'source.author.email', operator: '=', value: 'load@example.com' },
      ],
    }
    const found: string[] = []
    let starting_after: string | undefined
    do {
      const pagination = { per_page: 150, ...(starting_after === undefined ? {} : { starting_after }) }
      const list = await server.intercom<Page150>('POST', '/conversations/search', { query, pagination })
      found.push(...list.conversations.map(({ source }) => source.body.replace(/<\/?p>/g, '')))
      starting_after = list.pages.next?.starting_after
    } while (starting_after !== undefined)
    return found
  }
})

async function adminId(): Promise<string> {
  return (await server.intercom<{ id: string }>('GET', '/me')).id
}

/** The first words of the rows that are drawn. */
async function drawn(page: Page): Promise<string[]> {
  return await page.locator('.inbox-says').allTextContents()
}

/** The words of all rows in order, read while scrolling from the top. */
async function wholeList(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const list = document.querySelector('.list')
    if (list === null) return []
    const found: string[] = []
    const next = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)))
    for (let top = 0; ; top += list.clientHeight / 2) {
      list.scrollTop = top
      await next()
      for (const row of list.querySelectorAll('.list-row'))
        found[Number(row.getAttribute('aria-posinset')) - 1] =
          row.querySelector('.inbox-says')?.textContent ?? ''
      if (top > list.scrollHeight) break
    }
    list.scrollTop = 0
    return found
  })
}

function sent(agent: Agent, method: string, path: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const url = new URL(server.intercomUrl + path)
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
    const asked = request(url, { method, agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
      )
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(body))
  })
}

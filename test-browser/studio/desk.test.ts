import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launched } from '../chromium.ts'
import { eventually, until } from '../eventually.ts'
import { hostile } from '../hostile.ts'
import { overflow } from '../watched.ts'
import { at, looksRight, type Studio, studio, tabTo, visitorsOf } from './support.ts'

type Contact = { id: string }
type Thread = {
  state: string
  admin_assignee_id: number | null
  tags: { tags: { name: string }[] }
  snoozed_until: number | null
  conversation_parts: {
    conversation_parts: { part_type: string; body: string | null; author: { id: string; type: string } }[]
  }
}

let browser: Browser
let server: Studio
let open: ReturnType<typeof visitorsOf>
let admins: { id: string; name: string }[]

before(async () => {
  server = await studio(['--seed', '30'])
  browser = await launched()
  open = visitorsOf(browser, server)
  const all = await server.intercom<{ admins: { id: string; name: string; has_inbox_seat: boolean }[] }>(
    'GET',
    '/admins',
  )
  admins = all.admins.filter((one) => one.has_inbox_seat)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

let made = 0
const customer = (name: string) => {
  made += 1
  return server.intercom<Contact>('POST', '/contacts', { name, email: `desk-${made}@example.com` })
}
async function writes(contact: Contact, body: string): Promise<string> {
  const from = { type: 'user', id: contact.id }
  const sent = await server.intercom<{ conversation_id: string }>('POST', '/conversations', { from, body })
  return sent.conversation_id
}
const thread = (id: string) => server.intercom<Thread>('GET', `/conversations/${id}`)
const answers = (id: string, body: string, message_type = 'comment') =>
  server.intercom('POST', `/conversations/${id}/reply`, {
    ...{ message_type, type: 'admin', admin_id: admins[0]?.id, body },
  })

const threadOf = (page: Page) => page.getByRole('log', { name: 'Thread' })
const messengerOf = (page: Page) => page.locator('[data-messenger]')
const rows = (page: Page) => page.getByRole('listbox', { name: 'Conversations' })

async function opened(t: TestContext, path: string, options = {}) {
  const watched = await open(path, options)
  t.after(() => watched.close())
  return watched
}

test('a day at the desk: what a teammate does is in Intercom, and the customer sees what is meant for them', async (t) => {
  const id = await writes(await customer('Dana Whitlock'), 'My parcel is late')
  const { page, wrong } = await opened(t, '/desk')
  await rows(page).getByText('Dana Whitlock').click()
  await at(page, `/desk/${id}`)
  await threadOf(page).getByText('My parcel is late').waitFor()
  await messengerOf(page).getByText('My parcel is late').waitFor()
  await page.getByLabel('Acting as').selectOption({ label: admins[1]?.name ?? '' })

  await page.getByLabel('Reply to the customer').fill('It left <today> & arrives on Monday')
  await page.getByRole('button', { name: 'Send reply' }).click()
  await messengerOf(page).getByText('It left <today> & arrives on Monday').waitFor()
  await eventually(() => page.getByLabel('Reply to the customer').inputValue(), '')

  await page.getByRole('button', { name: 'Note', exact: true }).click()
  await page.getByLabel('Note for the team').fill('The carrier lost the first one')
  await page.getByRole('button', { name: 'Add note' }).click()
  const note = threadOf(page).locator('[data-side="note"]')
  await note.getByText('The carrier lost the first one').waitFor()
  await note.getByText('internal note').waitFor()

  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByRole('combobox', { name: 'Tag or untag' }).fill('Late parcel')
  await page.keyboard.press('Enter')
  await page.getByText('Tagged.').waitFor()
  await page.locator('.conversation-head').getByText('Late parcel').waitFor()

  await page.locator('.desk-toolbar button').first().click()
  await page.getByRole('combobox', { name: 'Assign to' }).fill(admins[2]?.name ?? '')
  await page.keyboard.press('Enter')
  await threadOf(page).getByText(`assigned it to ${admins[2]?.name}`).waitFor()

  await page.getByRole('button', { name: 'Snooze' }).click()
  await page.getByRole('combobox', { name: 'Snooze until' }).fill('week')
  await page.keyboard.press('Enter')
  await threadOf(page).getByText('snoozed the conversation').waitFor()
  await page.getByRole('button', { name: 'Open again' }).click()
  await threadOf(page).getByText('opened the conversation again').waitFor()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await threadOf(page).getByText('closed the conversation').waitFor()
  await rows(page).getByText('Dana Whitlock').waitFor({ state: 'detached' })

  const now = await thread(id)
  assert.equal(now.state, 'closed')
  assert.equal(String(now.admin_assignee_id), admins[2]?.id)
  assert.deepEqual(
    now.tags.tags.map(({ name }) => name),
    ['Late parcel'],
  )
  const said = now.conversation_parts.conversation_parts.filter(({ body }) => body !== null)
  assert.deepEqual(
    said.map(({ part_type, body, author }) => [part_type, body, author.id]),
    [
      ['comment', '<p>It left &lt;today&gt; &amp; arrives on Monday</p>', admins[1]?.id],
      ['note', '<p>The carrier lost the first one</p>', admins[1]?.id],
    ],
  )
  const seen = (await messengerOf(page).textContent()) ?? ''
  assert.match(seen, /arrives on Monday/)
  assert.doesNotMatch(seen, /carrier|Late parcel|assigned|snoozed/)

  // The customer answers, which opens it again for the team.
  await page.getByLabel('Write as Dana Whitlock').fill('Thank you')
  await page.keyboard.press('Enter')
  await threadOf(page).getByText('Thank you').waitFor()
  await rows(page).getByText('Dana Whitlock').waitFor()
  await page.getByRole('button', { name: '‹ Messages' }).click()
  await page.getByRole('button', { name: 'Send us a message' }).click()
  await page.getByLabel('Write as Dana Whitlock').fill('Another matter')
  await page.keyboard.press('Enter')
  await messengerOf(page).getByText('Another matter').waitFor()
  await eventually(() => rows(page).getByText('Dana Whitlock').count(), 2)
  assert.deepEqual(wrong, [])
})

test('files go with a reply and with a note; too large or too many are refused before anything is sent', async (t) => {
  const id = await writes(await customer('Fay Files'), 'May I have the invoice?')
  const { page, wrong } = await opened(t, `/desk/${id}`)
  const file = (name: string, bytes: number) => ({
    ...{ name, mimeType: 'text/plain', buffer: Buffer.alloc(bytes, 'x') },
  })
  const attach = (...files: ReturnType<typeof file>[]) =>
    page.locator('input[type=file]').setInputFiles(files)
  const toSend = page.getByRole('list', { name: 'Files to send' }).getByRole('listitem')
  const refusal = page.locator('.desk-composer').getByRole('alert')
  await page.getByRole('button', { name: 'Attach files' }).waitFor()
  await attach(file('invoice.txt', 2000))
  await toSend.getByText('invoice.txt').waitFor()
  await page.getByRole('button', { name: 'Send reply' }).click()
  await refusal.getByText('files with words only').waitFor()

  await page.getByLabel('Reply to the customer').fill('Here it is')
  await attach(file('film.txt', 4_000_000))
  await refusal.getByText('“film.txt” has 4.0 MB').waitFor()
  await attach(...Array.from({ length: 10 }, (_, n) => file(`${n}.txt`, 1)))
  await refusal.getByText('These would be 11 files').waitFor()
  assert.equal(await toSend.count(), 1)
  await attach(file('by mistake.txt', 1))
  await page.getByRole('button', { name: 'Remove by mistake.txt' }).click()
  await refusal.waitFor({ state: 'detached' })
  assert.equal(await page.getByLabel('Reply to the customer').inputValue(), 'Here it is')
  await page.getByRole('button', { name: 'Send reply' }).click()
  for (const place of [threadOf(page), messengerOf(page)]) {
    await place.getByText('Here it is').waitFor()
    await place.getByText('invoice.txt').waitFor()
    await place.getByText('text/plain, 2 kB').waitFor()
  }
  await toSend.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Note', exact: true }).click()
  await page.getByLabel('Note for the team').fill('Kept for us')
  await attach(file('internal.txt', 10))
  await page.getByRole('button', { name: 'Add note' }).click()
  await threadOf(page).getByText('internal.txt').waitFor()
  assert.equal(await messengerOf(page).getByText('internal.txt').count(), 0)
  type Files = {
    conversation_parts: { conversation_parts: { attachments: { name: string; filesize: number }[] }[] }
  }
  const { conversation_parts } = await server.intercom<Files>('GET', `/conversations/${id}`)
  assert.deepEqual(
    conversation_parts.conversation_parts.flatMap(({ attachments }) =>
      attachments.map(({ name, filesize }) => [name, filesize]),
    ),
    [
      ['invoice.txt', 2000],
      ['internal.txt', 10],
    ],
  )
  assert.deepEqual(wrong, [])
})

test('what another client does appears by itself, and its notes never in the Messenger', async (t) => {
  const id = await writes(await customer('Ravi Menon'), 'Hello')
  const { page, wrong } = await opened(t, `/desk/${id}`)
  await messengerOf(page).getByText('Hello').waitFor()
  await page.evaluate(() => {
    const at: Record<string, number> = {}
    Object.assign(window, { seenAt: at })
    new MutationObserver(() => {
      const text = document.querySelector('[data-messenger]')?.textContent ?? ''
      for (const [word] of text.matchAll(/probe-\d+/g))
        at[word] ??= performance.timeOrigin + performance.now()
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  const clock = () => performance.timeOrigin + performance.now()
  const [sentAt, doneAt]: number[][] = [[], []]
  const times = 30
  for (let n = 0; n < times; n += 1) {
    sentAt?.push(clock())
    await answers(id, `probe-${n}`)
    doneAt?.push(clock())
    await messengerOf(page).getByText(`probe-${n}`, { exact: true }).waitFor()
  }
  const seenAt = await page.evaluate(() => (window as unknown as { seenAt: Record<string, number> }).seenAt)
  const since = (from: number[] = []) =>
    from
      .map((at, n) => Math.max(0, (seenAt[`probe-${n}`] ?? Number.POSITIVE_INFINITY) - at))
      .sort((a, b) => a - b)
  const line = (all: number[]) =>
    `median ${all[Math.floor(all.length / 2)]?.toFixed(1)} ms, longest ${all.at(-1)?.toFixed(1)} ms`
  t.diagnostic(
    `a reply is in the Messenger, after its answer: ${line(since(doneAt))}; after it was sent: ${line(since(sentAt))}`,
  )
  assert.ok(since(sentAt).every(Number.isFinite), 'all of them')

  await answers(id, 'only for the team', 'note')
  await threadOf(page).getByText('only for the team').waitFor()
  await answers(id, 'and this for all')
  await messengerOf(page).getByText('and this for all').waitFor()
  assert.equal(await messengerOf(page).getByText('only for the team').count(), 0)
  assert.deepEqual(wrong, [])
})

test('a write that fails keeps what was typed; an answer that got lost is not sent twice; two clicks are one', async (t) => {
  const id = await writes(await customer('Noor Haddad'), 'Is anybody there?')
  const { page } = await opened(t, `/desk/${id}`)
  const field = page.getByLabel('Reply to the customer')
  const route = 'POST /conversations/{id}/reply'
  const said = async () =>
    (await thread(id)).conversation_parts.conversation_parts.filter(({ body }) => body !== null)
  t.after(() => server.control('DELETE', '/faults', {}))

  await server.control('POST', '/faults', { kind: 'rate_limited', route, count: 1 })
  await field.fill('first')
  await page.getByRole('button', { name: 'Send reply' }).click()
  await page.getByRole('alert').getByText('The reply was not accepted').waitFor()
  assert.equal(await field.inputValue(), 'first')

  await server.control('POST', '/faults', { kind: 'status', status: 503, route, count: 1 })
  await page.getByRole('button', { name: 'Send reply' }).click()
  await page.getByRole('alert').getByText('is not known whether').waitFor()
  assert.equal(await field.inputValue(), 'first')
  assert.equal((await said()).length, 0)

  await server.control('POST', '/faults', { kind: 'commit_502', route, count: 1 })
  await page.getByRole('button', { name: 'Send reply' }).click()
  await page.getByText('Sent.').waitFor()
  await eventually(() => field.inputValue(), '')
  assert.equal((await said()).length, 1)

  await server.control('POST', '/faults', { kind: 'delay', ms: 400, route, count: 1 })
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/reply')) asked.push(request.url())
  })
  await field.fill('second')
  await page.getByRole('button', { name: 'Send reply' }).dblclick()
  await messengerOf(page).getByText('second').waitFor()
  await eventually(() => field.inputValue(), '')
  await page.getByText('Under way').waitFor({ state: 'detached' })
  assert.equal(asked.length, 1)
  assert.deepEqual(
    (await said()).map(({ body }) => body),
    ['<p>first</p>', '<p>second</p>'],
  )

  // What is typed stays with its conversation.
  await field.fill('not yet')
  const other = await writes(await customer('Noor Haddad'), 'Something else')
  await rows(page).locator('.list-row').filter({ hasText: 'Something else' }).click()
  await threadOf(page).getByText('Something else').waitFor()
  await at(page, `/desk/${other}`)
  assert.equal(await field.inputValue(), '')
  await page.goBack()
  await threadOf(page).getByText('Is anybody there?').waitFor()
  assert.equal(await field.inputValue(), 'not yet')
})

test('after a break in the connection everything in view is as it is in Intercom', async (t) => {
  const id = await writes(await customer('Lena Fischer'), 'Before the break')
  const { page } = await opened(t, `/desk/${id}`)
  await messengerOf(page).getByText('Before the break').waitFor()
  await page.addInitScript(() => {
    const own = window.fetch
    const connection = { isThere: false, isCut: false, cut: () => {} }
    Object.assign(window, { connection })
    window.fetch = async (path, init) => {
      if (!String(path).endsWith('/workspace/changes')) return await own(path, init)
      if (connection.isCut) throw new TypeError('cut off')
      const cutting = new AbortController()
      connection.cut = () => {
        connection.isCut = true
        cutting.abort()
      }
      const answer = await own(path, {
        ...init,
        signal: AbortSignal.any([cutting.signal, ...(init?.signal ? [init.signal] : [])]),
      })
      connection.isThere = true
      return answer
    }
  })
  type Cut = { connection: { isThere: boolean; isCut: boolean; cut(): void } }
  await page.reload()
  await messengerOf(page).getByText('Before the break').waitFor()
  await page.waitForFunction(() => (window as unknown as Cut).connection.isThere)
  await page.evaluate(() => (window as unknown as Cut).connection.cut())
  await page.getByText('Connecting again…').waitFor()
  await answers(id, 'Said meanwhile')
  await writes(await customer('Mina Okafor'), 'New meanwhile')
  await page.evaluate(() => {
    ;(window as unknown as Cut).connection.isCut = false
  })
  await messengerOf(page).getByText('Said meanwhile').waitFor()
  await threadOf(page).getByText('Said meanwhile').waitFor()
  await rows(page).getByText('Mina Okafor').waitFor()
  assert.equal(await threadOf(page).getByText('Said meanwhile').count(), 1)
})

test('links lead where they were written to, and texts keep every letter', async (t) => {
  const id = await writes(await customer('Lin Kerr'), 'begins')
  await answers(
    id,
    '<p><a href="https://shop.example/?style=red&online=1">Shop</a> <b>style=plain onward = 2</b> <img src="https://shop.example/a.png?onload=1" alt="onset=3"></p>',
  )
  const { page, wrong } = await opened(t, `/desk/${id}`)
  const links = threadOf(page).locator('.customer-links a')
  await eventually(
    () => links.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href)),
    ['https://shop.example/?style=red&online=1', 'https://shop.example/a.png?onload=1'],
  )
  const words = threadOf(page).frameLocator('iframe')
  await words.getByText('style=plain onward = 2', { exact: true }).waitFor()
  await words.getByText('[image: onset=3]', { exact: true }).waitFor()
  assert.deepEqual(wrong, [])
})

test('nothing that customers write runs, loads, or leads anywhere by itself', async (t) => {
  const contact = await server.intercom<Contact>('POST', '/contacts', {
    ...{ name: '"><img src=x onerror=alert(1)>', email: 'hostile@example.com' },
    external_id: '<script>alert(1)</script>',
  })
  const id = await writes(contact, 'begins')
  const by = { message_type: 'comment', type: 'user', intercom_user_id: contact.id }
  for (const body of Object.values(hostile))
    await server.intercom('POST', `/conversations/${id}/reply`, { ...by, body }).catch(() => {}) // one is all blank
  const { page, wrong } = await opened(t, `/desk/${id}`)
  // As if Intercom cleaned nothing.
  const raw = Object.values(hostile)
  await page.route(`**/studio/api/intercom/conversations/${id}`, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as Thread
    const parts = body.conversation_parts.conversation_parts
    for (const [n, part] of parts.entries()) if (part.body !== null) part.body = raw[n % raw.length] ?? ''
    await route.fulfill({ response: answer, json: body })
  })
  await page.reload()
  await threadOf(page).getByText('begins').waitFor()
  for (const pane of [threadOf(page), messengerOf(page).getByRole('log')]) {
    // All of it comes into sight.
    await pane.evaluate(async (box) => {
      const frame = () => new Promise(requestAnimationFrame)
      for (box.scrollTop = box.scrollHeight; box.scrollTop > 0; box.scrollTop -= box.clientHeight / 2) {
        await frame()
        await frame()
      }
    })
  }
  await page.getByRole('button', { name: 'Contact', exact: true }).click()
  await page.locator('.contact-card').getByText('<script>alert(1)</script>').waitFor()
  const framesOf = () => page.frames().filter((frame) => frame !== page.mainFrame())
  await until(async () => assert.ok(framesOf().length > 3))
  const frames = framesOf()
  for (const frame of frames) {
    const inside = await frame
      .evaluate(() =>
        [...document.body.querySelectorAll('*')]
          .filter(
            (one) =>
              one.attributes.length > 0 || one.matches('script, style, img, a, svg, form, input, iframe'),
          )
          .map(({ outerHTML }) => outerHTML),
      )
      .catch(() => [])
    assert.deepEqual(inside, [])
  }
  const links = await page
    .locator('.customer-links a, .attachments a')
    .evaluateAll((all) =>
      all.map((one) => [
        one.getAttribute('rel'),
        one.getAttribute('target'),
        new URL((one as HTMLAnchorElement).href).protocol,
      ]),
    )
  for (const [rel, target, protocol] of links) {
    assert.match(rel ?? '', /noopener noreferrer/)
    assert.equal(target, '_blank')
    assert.match(protocol ?? '', /^(https?|mailto|tel):$/)
  }
  assert.deepEqual(wrong, [])
})

test('the keyboard alone opens, replies, notes, assigns, closes', async (t) => {
  const id = await writes(await customer('Kit Larsen'), 'Keyboard please')
  const { page, wrong } = await opened(t, '/desk')
  await rows(page).getByText('Kit Larsen').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('kit')
  await eventually(() => rows(page).getByRole('option').count(), 1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await threadOf(page).getByText('Keyboard please').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('By keys alone')
  await page.keyboard.press('Control+Enter')
  await messengerOf(page).getByText('By keys alone').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.type('A note by keys')
  await page.keyboard.press('Control+Enter')
  await threadOf(page).getByText('A note by keys').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('a')
  await page.keyboard.type((admins[1]?.name ?? '').slice(0, 6))
  await page.keyboard.press('Enter')
  await threadOf(page).getByText(`assigned it to ${admins[1]?.name}`).waitFor()
  await page.keyboard.press('e')
  await threadOf(page).getByText('closed the conversation').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Snooze').waitFor()
  await page.keyboard.press('Escape')
  await tabTo(page, 'Write as Kit Larsen')
  await page.keyboard.type('The customer, too')
  await page.keyboard.press('Enter')
  await threadOf(page).getByText('The customer, too').waitFor()
  assert.equal((await thread(id)).state, 'open')
  assert.deepEqual(wrong, [])
})

test('filters are in the address and show what Intercom finds', async (t) => {
  const asked = async (query: object) =>
    (await server.intercom<{ total_count: number }>('POST', '/conversations/search', { query })).total_count
  const { page, wrong } = await opened(t, '/desk')
  const total = async (n: number) => await page.getByText(new RegExp(`^${n} conversations?$`)).waitFor()
  await total(await asked({ field: 'state', operator: '=', value: 'open' }))
  await page.getByLabel('State').selectOption('closed')
  await total(await asked({ field: 'state', operator: '=', value: 'closed' }))
  await page.getByLabel('Assignee').selectOption('none')
  await total(
    await asked({
      operator: 'AND',
      value: [
        { field: 'state', operator: '=', value: 'closed' },
        { field: 'admin_assignee_id', operator: '=', value: null },
      ],
    }),
  )
  await page.waitForURL('**/desk?state=closed&assignee=none')
  await page.goto(`${server.url}/studio/desk?state=all&sort=waiting`)
  await total(await asked({ field: 'waiting_since', operator: '>', value: 1 }))
  await until(async () => {
    const shown = await page
      .locator('.inbox-who time')
      .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')))
    assert.ok(shown.length > 1)
    assert.deepEqual(shown, shown.toSorted())
  })
  await page.goto(`${server.url}/studio/desk?q=nothing-has-this-word`)
  await page.getByText('No conversation matches the filters').waitFor()
  await page.getByRole('link', { name: 'Show all conversations' }).first().click()
  await total(await asked({ field: 'created_at', operator: '>', value: 0 }))
  assert.deepEqual(wrong, [])
})

test('a ticket that was no conversation is in the Messenger, and the customer answers on it', async () => {
  const contact = await customer('Tia')
  const types = await server.intercom<{ data: { id: string; category: string }[] }>('GET', '/ticket_types')
  const { id } = await server.intercom<{ id: string }>('POST', '/tickets', {
    ticket_type_id: types.data.find(({ category }) => category === 'Customer')?.id,
    contacts: [{ id: contact.id }],
    ticket_attributes: { _default_title_: 'The chain slips', _default_description_: 'Since Monday.' },
  })
  const { page, wrong, close } = await open(`/desk/contacts/${contact.id}`)
  await messengerOf(page).getByText('The chain slips').click()
  await messengerOf(page).getByText('Since Monday.').waitFor()
  const by = { message_type: 'comment', type: 'admin', admin_id: admins[0]?.id }
  await server.intercom('POST', `/tickets/${id}/reply`, { ...by, body: 'Send it in, please.' })
  await messengerOf(page).getByText('Send it in, please.').waitFor()
  await messengerOf(page).getByRole('textbox').fill('I will.')
  await page.keyboard.press('Enter')
  await messengerOf(page).getByRole('log').getByText('I will.').waitFor()
  const ticket = await server.intercom<{ ticket_parts: { ticket_parts: { body?: string }[] } }>(
    'GET',
    `/tickets/${id}`,
  )
  assert.match(ticket.ticket_parts.ticket_parts.at(-1)?.body ?? '', /I will\./)
  assert.deepEqual(wrong, [])
  await close()
})

test('what cannot be read is tried again, and nothing is called out of date of which there is nothing; an empty inbox says what belongs there', async () => {
  const id = await writes(await customer('Noa'), 'Is anybody there?')
  const { page, wrong, close } = await open('/lab/data')
  await page.route(/\/intercom\/conversations/, (route) =>
    route.fulfill({ status: 503, json: { errors: [{ code: 'made_up', message: 'Not now' }] } }),
  )
  await page.goto(`${server.url}/studio/desk/${id}`)
  await eventually(
    () => page.getByRole('alert').allTextContents(),
    Array(2).fill('503 made_up: Not now. Trying again.'),
  )
  await page.unroute(/\/intercom\/conversations/)
  await threadOf(page).getByText('Is anybody there?').waitFor()
  await rows(page).getByText('Noa').first().waitFor()
  await eventually(() => page.getByRole('alert').count(), 0)
  await page.route('**/intercom/conversations/search', (route) =>
    route.fulfill({ json: { conversations: [], total_count: 0, pages: {} } }),
  )
  await page.goto(`${server.url}/studio/desk`)
  await page.getByText('No conversation is open. One appears here', { exact: false }).waitFor()
  await page.getByRole('link', { name: 'Fill it with demo data' }).waitFor()
  assert.deepEqual(
    wrong.filter((one) => !one.includes('503')),
    [],
  )
  await close()
})

for (const place of ['inbox', 'conversation', 'contact'] as const)
  test(`it can be read in both themes and at three widths: ${place}`, async (t) => {
    const contact = await customer('Amal Idris')
    const id = await writes(contact, 'How does this look?')
    await answers(
      id,
      '<p>See <b>this</b> <a href="https://example.com/a/long/path">page</a></p><ul><li>one</li></ul>',
    )
    await answers(id, 'A note', 'note')
    if (place === 'inbox')
      return await looksRight(open, '/desk', (page) => rows(page).getByText('Amal Idris').first().waitFor())
    if (place === 'contact')
      return await looksRight(open, `/desk/contacts/${contact.id}?side=contact`, (page) =>
        page.getByRole('heading', { name: 'Amal Idris' }).first().waitFor(),
      )
    await looksRight(open, `/desk/${id}`, (page) => threadOf(page).getByText('A note').waitFor())
    // Twice the size.
    const half = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }
    const { page } = await opened(t, `/desk/${id}`, half)
    await threadOf(page).getByText('A note').waitFor()
    assert.ok((await overflow(page)) <= 0)
  })

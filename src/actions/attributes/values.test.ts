import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorList, type Received, scriptedIntercom } from '../../../test/support/scripted-intercom.ts'
import { Memory } from '../../core/memory.ts'
import { portTo } from '../../core/port.ts'
import { IntercomError } from '../../errors.ts'
import { checkAttributes } from './values.ts'

const attribute = (name: string, data_type: string, options?: string[]) => ({
  type: 'data_attribute',
  model: 'contact',
  custom: true,
  name,
  data_type,
  ...(options === undefined ? {} : { options }),
})
const definitions = {
  type: 'list',
  data: [
    attribute('renewal', 'date'),
    attribute('first_seen_at', 'date'),
    attribute('order_number', 'integer'),
    attribute('session_time', 'integer'),
    attribute('sold_on', 'date'),
    attribute('score', 'float'),
    attribute('vip', 'boolean'),
    attribute('note', 'string'),
    attribute('plan', 'string', ['Free', 'Pro']),
    null,
    { ...attribute('signed_up', 'date'), custom: false },
  ],
}
const id = 'aaaaaaaaaaaaaaaaaaaaaaaa'
const email = 'ada@x.example'

type Attributes = Record<string, unknown>

/** What is sent of one upsert, the paths of all requests, and the answer. */
async function upserted(
  custom_attributes: Attributes,
  answers: { definitions?: number; contact?: object } = {},
) {
  const server = await scriptedIntercom(({ path }: Received) => {
    if (path.startsWith('/data_attributes')) return { status: answers.definitions ?? 200, json: definitions }
    if (path === '/contacts/search') return { json: { type: 'list', data: [], total_count: 0 } }
    return { status: answers.contact ? 400 : 200, json: answers.contact ?? { type: 'contact', id } }
  })
  const { output, failure } = await server.intercom.call('upsert_contact', { email, custom_attributes })
  const again = await server.intercom.call('upsert_contact', { email, custom_attributes })
  assert.equal(again.output.success, output.success)
  await server.close()
  const write = server.received.find(({ path }) => path === '/contacts')
  const reads = server.received.filter(({ path }) => path.startsWith('/data_attributes'))
  const sent = (write?.body as { custom_attributes?: Attributes } | undefined)?.custom_attributes
  return { output, failure, sent, reads: reads.map(({ path }) => path) }
}

const day = Date.UTC(2026, 0, 31) / 1000
const taken: [given: Attributes, sent: Attributes][] = [
  [{ renewal: '2026-01-31' }, { renewal: day }],
  [{ renewal: '2026-01-31T09:30:00Z' }, { renewal: day + 9.5 * 3600 }],
  [
    { renewal: '2026-01-31T09:30:00.250+02:00', vip: true },
    { renewal: day + 7.5 * 3600, vip: true },
  ],
  [{ renewal: '1769817600' }, { renewal: day }], // text is stored as another date: intercom-node#176
  [{ order_number: 1_769_817_600_000 }, { order_number: 1_769_817_600_000 }],
  [
    { note: '2026-01-31', renewal: null },
    { note: '2026-01-31', renewal: null },
  ],
  [{ session_time: 300 }, { session_time: 300 }],
  [{ sold_on: '31/01/2026' }, { sold_on: '31/01/2026' }],
  [{ sold_on: 0 }, { sold_on: 0 }],
  [{ nobody_knows: '2026-01-31' }, { nobody_knows: '2026-01-31' }], // Intercom says so
]
for (const [given, sent] of taken) {
  test(`custom attributes ${JSON.stringify(given)} are sent by their types, which are read once`, async () => {
    const seen = await upserted(given)
    assert.deepEqual(seen.sent, sent)
    assert.deepEqual(seen.reads, ['/data_attributes?model=contact'])
  })
}

test('what cannot be meant as a time costs no request', async () => {
  const given = {
    renewal: day,
    order_number: 12,
    score: 1.5,
    vip: 'true',
    note: 'on 2026-01-31',
    plan: '1234567',
  }
  const seen = await upserted({ ...given, renewal: day })
  assert.deepEqual([seen.sent, seen.reads], [given, []])
})

const refused: [given: Attributes, problem: RegExp][] = [
  [{ renewal: 1_769_817_600_000 }, /custom_attributes\.renewal takes Unix seconds; .* would be 1769817600\b/],
  [{ renewal: '1769817600000' }, /would be 1769817600\b/],
  [{ renewal: 1_769_817_600_000_000 }, /microseconds, which would be 1769817600\b/],
  [{ renewal: 20_260_131 }, /for a date write 2026-01-31/],
  [{ renewal: '2026-02-30' }, /ISO date, as 2026-01-31/],
  [{ renewal: '2026-01-31 09:30' }, /with its zone/],
  [{ renewal: '1769817600.5' }, /takes Unix seconds/],
  [{ sold_on: 46_053 }, /looks like a spreadsheet's day, which would be 2026-01-31/],
  [{ sold_on: '46053' }, /would be 2026-01-31/],
  [{ sold_on: 2026 }, /for a year write 2026-01-01/],
  [{ sold_on: '31.01.2026' }, /takes Unix seconds or an ISO date/],
  [{ sold_on: day + 0.5 }, /takes Unix seconds/],
]
for (const [given, problem] of refused) {
  test(`custom attributes ${JSON.stringify(given)} are refused before anything is changed`, async () => {
    const { output, failure, sent } = await upserted(given)
    assert.match(String(output.error), problem)
    assert.deepEqual(
      [failure?.code, failure?.field, failure?.outcome],
      ['invalid_input', 'custom_attributes', 'not_sent'],
    )
    assert.equal(sent, undefined)
  })
}

test('a token that may not read the definitions: names that end in _at are dates, others are sent as they are', async () => {
  for (const status of [403, 404]) {
    const { sent } = await upserted(
      { renewal: 1_769_817_600_000, seen_at: '2026-01-31', met_at: 'Berlin' },
      { definitions: status },
    )
    assert.deepEqual(sent, { renewal: 1_769_817_600_000, seen_at: day, met_at: 'Berlin' })
  }
  const { output } = await upserted({ seen_at: 1_769_817_600_000 }, { definitions: 403 })
  assert.match(String(output.error), /1769817600\b/)
})

test('definitions that cannot be read for another reason end the action before anything is changed', async () => {
  const { output, sent } = await upserted({ renewal: '2026-01-31' }, { definitions: 401 })
  assert.deepEqual([output.success, sent], [false, undefined])
})

const explained: [given: Attributes, hint: RegExp][] = [
  [
    { first_seen: 1 },
    /custom_attributes\.first_seen does not exist in this workspace\. Did you mean "first_seen_at"\?/,
  ],
  [
    { zzzzzzzzzzzzzz: 1 },
    /custom_attributes\.zzzzzzzzzzzzzz does not exist in this workspace\. It has renewal, first_seen_at, /,
  ],
  [
    { phone: '+1' },
    /custom_attributes\.phone does not exist in this workspace\. It is a parameter, not a custom attribute/,
  ],
  [{ order_number: 'twelve' }, /custom_attributes\.order_number takes a whole number, not "twelve"/],
  [{ score: '1,5' }, /takes a number, not "1,5"/],
  [{ vip: 'yes' }, /takes true or false, not "yes"/],
  [{ renewal: 'soon' }, /takes Unix seconds or an ISO date/],
  [{ note: { a: 1 } }, /custom_attributes\.note takes text/],
  [{ plan: 'Gold' }, /takes "Free", "Pro", not "Gold"/],
]
for (const [given, hint] of explained) {
  test(`what Intercom refuses of ${JSON.stringify(given)} is explained by the workspace's definitions`, async () => {
    const contact = errorList('parameter_invalid', 'Custom attribute is wrong')
    const { output, failure } = await upserted(given, { contact })
    assert.match(String(output.error), hint)
    assert.deepEqual([failure?.status, failure?.outcome], [400, 'rejected'])
  })
  test(`checking ${JSON.stringify(given)} finds the same before anything is sent`, async () => {
    await assert.rejects(
      checkAttributes(
        portTo(async () => definitions),
        given,
        new Memory(),
      ),
      (error) => error instanceof IntercomError && hint.test(error.message),
    )
  })
}

test('a refusal that is about something else stays as it is', async () => {
  const contact = errorList('parameter_invalid', 'The owner specified is not a member of the workspace')
  const { output } = await upserted({ renewal: day, plan: 'Pro' }, { contact })
  assert.doesNotMatch(String(output.error), /custom_attributes/)
})

test('a day, month and year that Intercom has refused all the same is explained', async () => {
  const contact = errorList('parameter_invalid', 'Custom attribute is wrong')
  const { output } = await upserted({ renewal: '31/01/2026' }, { contact })
  assert.match(String(output.error), /custom_attributes\.renewal takes Unix seconds or an ISO date/)
})

test('a refusal stays as it is when the definitions cannot be read', async () => {
  const contact = errorList('parameter_invalid', 'Custom attribute is wrong')
  for (const definitions of [401, 403]) {
    const { failure } = await upserted({ nobody_knows: 1 }, { contact, definitions })
    assert.deepEqual([failure?.status, failure?.outcome], [400, 'rejected'])
  }
})

test('many inputs are checked with one read, and all that Intercom takes passes', async () => {
  let reads = 0
  const port = portTo(async () => {
    reads += 1
    return definitions
  })
  const memory = new Memory()
  for (const given of [
    {},
    {
      renewal: day,
      first_seen_at: '31/01/2026',
      order_number: '-7',
      score: '1.5',
      vip: 'false',
      plan: 'Pro',
    },
    { renewal: null, note: 5, score: 1, vip: true },
  ]) {
    await checkAttributes(port, given, memory)
  }
  assert.equal(reads, 1)
})

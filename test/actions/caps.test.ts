import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type ActionName, actions, actionsByToolset, describe } from '../../src/index.ts'
import { bombs } from '../support/bombs.ts'
import { goodCalls } from '../support/good-calls.ts'
import { textParameters } from '../support/hostile-calls.ts'
import { type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'

const contact = { type: 'contact', id: '0123456789abcdef01234567', role: 'user' }
const read = ['get_contact', { contact_id: contact.id }] as const
const note = ['create_note', { contact_id: contact.id, body: 'Hello' }] as const

const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-caps-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const journalFile = () => join(directory, crypto.randomUUID())

/** An array or an object of so many levels. */
function nested(levels: number, wrap: (inner: unknown) => object = (inner) => [inner]): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = wrap(value)
  return value
}
const nestings = {
  arrays: (levels: number) => nested(levels),
  objects: (levels: number) => nested(levels, (a) => ({ a })),
  both: (levels: number) => nested(levels, (a) => ({ a: [a] })),
}

test('whatever is nested a hundred thousand levels deep is refused in every parameter, and nothing is sent', async () => {
  const server = await scriptedIntercom([{ json: contact }], { toolsets: ['all'] })
  const values = Object.values(nestings).map((nest) => nest(100_000))
  for (const [name, input] of goodCalls) {
    const parameters = describe(actionOf(name)).parameters
    for (const key of Object.keys(parameters)) {
      for (const value of values) {
        const { failure, output } = await server.intercom.call(name as string, { ...input, [key]: value })
        assert.deepEqual(
          [failure?.code, failure?.field, failure?.outcome],
          ['invalid_input', key, 'not_sent'],
        )
        assert.match(
          String(output.error),
          new RegExp(`^${name}: invalid_input: ${key}\\b.* (must be|is nested)`),
        )
      }
    }
    const { failure } = await server.intercom.call(name as string, values[0])
    assert.equal(failure?.code, 'invalid_input')
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

const identifier = /(?:^|_)(?:id|email|phone|before|after)$/

test('an identifier that no URL holds is refused wherever it is sent, by its name, and nothing is sent', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  const all = textParameters.filter(([, key]) => identifier.test(key))
  const most = { a: 1990, 退: 220 } // 'a@' is put before an e-mail address
  for (const [name, key, make] of all) {
    const errorOf = async (text: string) =>
      String((await server.intercom.call(name as string, make(text))).output.error)
    for (const [letter, length] of Object.entries(most)) {
      assert.doesNotMatch(await errorOf(letter.repeat(length)), /is longer/, `${name} ${key}`)
      const sent = server.received.length
      for (const more of [length + 20, 300_000]) {
        assert.equal(
          await errorOf(letter.repeat(more)),
          `${name}: invalid_input: ${key} is longer than 2000 characters (percent-encoded). Nothing was sent.`,
        )
      }
      assert.equal(server.received.length, sent)
    }
  }
  const without = 'list_tags list_admins'.split(' ')
  assert.deepEqual(
    actions.map(({ name }) => name as string).filter((name) => !all.some(([one]) => one === name)),
    actions.map(({ name }) => name as string).filter((name) => without.includes(name)),
  )
  await server.close()
})

test('a journal refuses such an input too, and runs none of it', async () => {
  const server = await scriptedIntercom([{ json: contact }], { journal: journalFile() })
  for (const nest of Object.values(nestings)) {
    const input = { email: 'ada@example.com', custom_attributes: nest(100_000) }
    const { failure } = await server.intercom.call('upsert_contact', input as never, {
      idempotencyKey: 'deep',
    })
    assert.deepEqual([failure?.code, failure?.outcome], ['invalid_input', 'not_sent'])
  }
  assert.equal(server.received.length, 0)
  await server.intercom.close()
  await server.close()
})

test('custom attributes of twenty levels are sent, of twenty-one refused with the limit', async () => {
  const server = await scriptedIntercom([
    { json: { type: 'list', data: [], total_count: 0 } },
    { json: contact },
  ])
  const upsert = (custom_attributes: unknown) =>
    server.intercom.call('upsert_contact', { email: 'ada@example.com', custom_attributes } as never)
  assert.equal((await upsert(nestings.objects(20))).failure, null)
  const { output, failure } = await upsert(nestings.objects(21))
  assert.equal(failure?.field, 'custom_attributes')
  assert.match(
    String(output.error),
    /custom_attributes is nested deeper than 20 levels\. Nothing was sent\.$/,
  )
  assert.equal(server.received.length, 2)
  await server.close()
})

for (const name of ['search_contacts', 'search_conversations'] as const) {
  test(`${name} refuses a query_value whose JSON is nested more than two levels, or a hundred thousand`, async () => {
    const server = await scriptedIntercom([{ json: contact }])
    const group = (levels: number) =>
      `${'[{"operator":"AND","value":'.repeat(levels)}[]${'}]'.repeat(levels)}`
    for (const [query_operator, query_value, problem] of [
      ['AND', group(2), 'nests groups deeper than 2 levels'],
      ['OR', group(100_000), 'nests groups deeper than 2 levels'],
      ['AND', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'contains a filter that is not an object'],
      ['AND', '['.repeat(100_000), 'takes the JSON array of filters'],
      ['IN', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'takes'],
    ] as const) {
      const query_field = query_operator === 'IN' ? { query_field: 'id' } : {}
      const { output, failure } = await server.intercom.call(name, {
        ...query_field,
        query_operator,
        query_value,
      })
      assert.deepEqual([failure?.code, failure?.field], ['invalid_input', 'query_value'])
      assert.ok(output.error?.includes(problem), String(output.error))
      assert.ok(String(output.error).length < 500)
    }
    assert.equal(server.received.length, 0)
    await server.close()
  })
}

test('an answer nested a hundred thousand levels deep is passed on, also with the token in it', async () => {
  for (const secret of ['x', '\\u0041']) {
    const text = `{"id":"7","a":${'['.repeat(100_000)}"${secret}"${']'.repeat(100_000)}}`
    const server = await scriptedIntercom([(response) => response.end(text)], { journal: journalFile() })
    const { output, failure } = await server.intercom.call(...note, { idempotencyKey: 'deep' })
    assert.deepEqual([output.success, failure, output.result?.id], [true, null, '7'])
    const again = await server.intercom.call(...note, { idempotencyKey: 'deep' })
    assert.deepEqual([again.output.success, server.received.length], [true, 1])
    await server.intercom.close()
    await server.close()
  }
})

const tooLarge: [code: string, read: string, note: string] = ['answer_too_large', 'rejected', 'unknown']

async function refusals(reply: Reply) {
  const server = await scriptedIntercom([reply])
  const outcomes = []
  for (const [name, input] of [read, note]) {
    const { failure } = await server.intercom.call(name as string, input)
    outcomes.push([failure?.code, failure?.outcome, failure?.retryable])
  }
  assert.equal(server.received.length, 2, 'neither is repeated')
  await server.close()
  return outcomes
}

test('headers of an answer over sixteen KiB are refused, many small ones or one large', async () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x-${n}`, 'y'.repeat(40)]))
  for (const headers of [many, { 'x-request-id': 'r'.repeat(17_000) }]) {
    assert.deepEqual(await refusals({ json: contact, headers }), [
      [tooLarge[0], tooLarge[1], true],
      [tooLarge[0], tooLarge[2], false],
    ])
  }
})

test('headers that never end are refused', async () => {
  const outcomes = await refusals((_, socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\n')
    const more = () => {
      while (!socket.destroyed && socket.write(`x-a: ${'y'.repeat(1000)}\r\n`));
    }
    socket.on('drain', more)
    more()
  })
  assert.deepEqual(
    outcomes.map(([code]) => code),
    [tooLarge[0], tooLarge[0]],
  )
})

for (const [what, bomb] of Object.entries(bombs)) {
  test(`an answer of gigabytes (${what}) is refused`, async () => {
    assert.deepEqual(await refusals(bomb), [
      [tooLarge[0], tooLarge[1], true],
      [tooLarge[0], tooLarge[2], false],
    ])
  })
}

test('an encoding within an encoding is not opened', async () => {
  const inner = gzipSync(gzipSync(JSON.stringify(contact)))
  const server = await scriptedIntercom([
    (response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(inner),
  ])
  assert.equal((await server.intercom.call(...note)).failure?.code, 'unreadable_answer')
  await server.close()
})

for (const status of [300, 301, 302, 303, 305, 307, 308]) {
  test(`a ${status} to another host is refused: the token does not travel`, async () => {
    const other = await scriptedIntercom([{ json: contact }])
    const server = await scriptedIntercom([
      (response) => response.writeHead(status, { location: `${other.url}/contacts` }).end(),
    ])
    for (const [[name, input], outcome] of [
      [read, 'rejected'],
      [note, 'unknown'],
    ] as const) {
      const { failure } = await server.intercom.call(name as string, input)
      assert.deepEqual([failure?.code, failure?.outcome], ['redirect_refused', outcome])
    }
    assert.deepEqual([server.received.length, other.received.length], [2, 0])
    await Promise.all([server.close(), other.close()])
  })
}

function actionOf(name: ActionName) {
  const all = [...actions, ...Object.values(actionsByToolset).flat()]
  const found = all.find((action) => action.name === name)
  assert.ok(found)
  return found
}

// What means the same is the same input: under an idempotency key, in a confirmation, in a job.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ObjectContext } from '@restatedev/restate-sdk'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom } from '../../src/index.ts'
import { AttemptJournal } from '../../src/restate/attempt-journal.ts'
import { ConcurrencyLimit } from '../../src/restate/concurrency-limit.ts'
import { intercomOnce } from '../../src/restate/once.ts'
import { invoke } from '../../src/tools/invoke.ts'
import { intercomTools as langChainTools } from '../../src/tools/langchain.ts'
import { offerOf } from '../../src/tools/offer.ts'
import { fakeObject, handlersOf } from '../support/fake-object.ts'
import { rest } from '../support/rest.ts'
import { scriptedIntercom } from '../support/scripted-intercom.ts'

const note = { contact_id: '7', body: 'Called' }
/** The same note as hosts say it. */
const same: object[] = [
  note,
  { contact_id: 7, body: 'Called' },
  { body: 'Called', toolCallId: 'call_1', contact_id: '7', _meta: null },
]
const other = { contact_id: '8', body: 'Called' }
const made = { json: { type: 'note', id: '1', body: '<p>Called</p>', author: { type: 'admin', id: '1' } } }

test('under one Idempotency-Key over REST', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-same-'))
  const journal = openJournal(join(folder, 'journal.db'))
  const { url, received, close } = await scriptedIntercom([made])
  t.after(async () => {
    await close()
    journal.close()
    rmSync(folder, { recursive: true })
  })
  const intercom = createIntercom({ accessToken: 'token', baseUrl: url, journal })
  const { call } = rest(intercom, { idempotencyScope: 'test' })
  for (const input of same)
    assert.equal((await call('create_note', input, 'key')).status, 200, JSON.stringify(input))
  assert.equal((await call('create_note', other, 'key')).code, 'idempotency_key_mismatch')
  assert.equal(received.filter(({ method }) => method === 'POST').length, 1)
})

test('under one key of a durable call', async (t) => {
  const journal = new AttemptJournal(async () => [])
  const { intercom, received, close } = await scriptedIntercom([made], { journal, settleMs: [1, 1] })
  t.after(close)
  const once = handlersOf(
    intercomOnce({ intercom, journal, concurrency: new ConcurrencyLimit(), files: undefined }),
  ) as unknown as Record<string, (ctx: ObjectContext, input: unknown) => Promise<unknown>>
  const { ctx } = fakeObject('a key')
  for (const input of same)
    assert.match(JSON.stringify(await once['create_note']?.(ctx, input)), /"success":true/)
  await assert.rejects(
    async () => await once['create_note']?.(ctx, other),
    /used with another action or input/,
  )
  assert.equal(received.filter(({ method }) => method === 'POST').length, 1)
})

const reply = { conversation_id: '7', reply_type: 'admin', admin_id: '9', body: 'Hi' }
/** The same reply as a host says it. */
const sameReply = { ...reply, conversation_id: 7, admin_id: 9, attachment_urls: [''], sessionId: 's' }

test('before a person who confirms it', async () => {
  const intercom = { call: async () => assert.fail('nothing is sent') } as never
  const offer = offerOf(intercom, { sends: 'confirm' })
  const tool = offer.tools.get('reply_to_conversation')
  assert.ok(tool)
  const asked: unknown[] = []
  const approve = async (input: unknown) => {
    asked.push(input)
    return { question: 'Send it?' }
  }
  for (const given of [reply, sameReply]) await invoke(offer, tool, given, approve)
  assert.deepEqual(asked, [reply, reply])
})

test('before a person whom the middleware of LangChain asks', () => {
  const parameterOverrides = { reply_to_conversation: { admin_id: '9' } }
  const { interruptOn } = langChainTools({ call: async () => assert.fail() } as never, {
    sends: 'confirm',
    parameterOverrides,
  })
  const question = (args: Record<string, unknown>) =>
    String(interruptOn.reply_to_conversation?.description({ args }))
  const withoutAdmin = ({ admin_id: _, ...args }: Record<string, unknown>) => args
  assert.equal(question(withoutAdmin(sameReply)), question(withoutAdmin(reply)))
  const shown = Object.entries({ ...reply, message_type: 'comment' }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  assert.deepEqual(question(withoutAdmin(sameReply)).split('\n').slice(3).sort(), shown.sort())
  assert.match(question(sameReply), /^sessionId: s$/m) // refused, so shown as it was given
})

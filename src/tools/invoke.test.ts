import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Effect } from '../core/action.ts'
import { createIntercom, type Intercom } from '../intercom.ts'
import { invoke } from './invoke.ts'
import { offerOf } from './offer.ts'

const reply = { conversation_id: '7', reply_type: 'admin', admin_id: '1', body: 'Hi' }

/** A tool that sends, and what its client was given. */
function sending(call: () => Promise<object> = async () => ({ output: { success: true, error: null } })) {
  const sent: unknown[][] = []
  const intercom = {
    call: async (...given: unknown[]) => {
      sent.push(given)
      return await call()
    },
  } as unknown as Intercom
  const tool = offerOf(intercom, { sends: 'confirm' }).tools.get('reply_to_conversation')
  assert.ok(tool)
  return {
    offer: { intercom, output: 'compact' as const, toolsets: undefined, mentions: (text: string) => text },
    tool,
    sent,
  }
}

test('an adapter offers what its client allows, and no more than its own options leave', () => {
  const names = (client: object, options = {}) => [
    ...offerOf(createIntercom({ accessToken: 't', ...client }), options).tools.keys(),
  ]
  assert.deepEqual(names({ only: ['list_tags', 'create_note'] }), ['create_note', 'list_tags'])
  assert.deepEqual(names({ only: ['list_tags', 'create_note'], readOnly: true }), ['list_tags'])
  assert.deepEqual(names({ only: ['list_tags', 'create_note'] }, { deny: ['list_tags'] }), ['create_note'])
  assert.deepEqual(names({ readOnly: true }, { only: ['create_note'] }), [])
})

test('a person is shown the input that is sent, and a question ends the call before anything is', async () => {
  const { offer, tool, sent } = sending()
  const seen: unknown[] = []
  const asked = await invoke(offer, tool, JSON.stringify(reply), async (input) => {
    seen.push(input)
    return { question: 'Send it?' }
  })
  assert.deepEqual(asked, { question: 'Send it?' })
  assert.deepEqual([seen, sent], [[reply], []])
  const { signal } = new AbortController()
  await invoke(offer, tool, reply, async () => null, { signal })
  assert.deepEqual(sent, [['reply_to_conversation', reply, { signal }]])
})

test('nobody is asked about a note, nor about an input that is refused; what a person has changed is sent so', async () => {
  const { offer, tool, sent } = sending()
  const never = async () => assert.fail('nobody is to be asked')
  const note = { ...reply, message_type: 'note' }
  await invoke(offer, tool, note, never)
  const refused = await invoke(offer, tool, { ...reply, body: '' }, never)
  assert.match(refused.text, /invalid_input: body is required/)
  const edited = { ...reply, body: 'Hello' }
  const changed = await invoke(offer, tool, reply, async () => ({ edited, remark: 'A person changed it.' }))
  assert.equal(changed.remark, 'A person changed it.')
  assert.deepEqual(
    sent.map(([, input]) => input),
    [note, edited],
  )
})

test('an answer in place of the call is the result, and the call is not made', async () => {
  const { offer, tool, sent } = sending()
  const output = { success: false as const, error: 'It waits for a person.', result: null }
  const { structured, text } = await invoke(offer, tool, reply, async () => ({
    answer: { output, failure: null },
  }))
  assert.deepEqual([structured, text, sent], [output, output.error, []])
})

test('what a person has to see is looked up for the input that would be sent; what cannot succeed is the answer', async () => {
  const { offer, tool, sent } = sending()
  const looked: unknown[][] = []
  const missing = { output: { success: false as const, error: 'no such conversation' }, failure: null }
  const preview = async (...given: unknown[]) => {
    looked.push(given.slice(0, 2))
    return { preview: null, ...missing }
  }
  const intercom = { ...offer.intercom, preview: preview as unknown as Intercom['preview'] }
  const asked = { ...offer, intercom }
  const { text } = await invoke(asked, tool, JSON.stringify(reply), async (_, look) => {
    const seen = await look()
    return 'answer' in seen ? seen : null
  })
  assert.deepEqual([text, looked, sent], ['no such conversation', [['reply_to_conversation', reply]], []])
})

test('what breaks on the way is an envelope: after a write, with an unknown outcome', async () => {
  const { offer, tool } = sending(async () => {
    throw new TypeError('broken')
  })
  const invoked = await invoke(offer, tool, reply, async () => null)
  assert.ok('failure' in invoked)
  assert.deepEqual([invoked.failure?.code, invoked.failure?.outcome], ['internal', 'unknown'])
  assert.match(String(invoked.output.error), /^reply_to_conversation: internal: TypeError: broken\. /)
})

test('a read that breaks has changed nothing, anything else may have', async () => {
  const { offer } = sending(async () => {
    throw new TypeError('broken')
  })
  for (const [name, outcome] of [
    ['list_tags', 'rejected'],
    ['add_tag_to_contact', 'unknown'],
    ['create_note', 'unknown'],
  ]) {
    const tool = offerOf(offer.intercom, {}).tools.get(String(name))
    assert.ok(tool)
    const invoked = await invoke(offer, tool, {}, async () => null)
    assert.equal('failure' in invoked && invoked.failure?.outcome, outcome, name)
  }
})

test('a grant takes away from what is offered and from what a call may do, by its input', async () => {
  const sent: unknown[] = []
  const intercom = {
    call: async (name: string) => {
      sent.push(name)
      return { output: { success: true, error: null } }
    },
  } as unknown as Intercom
  const only = (...effects: Effect[]) => ({
    allows: (effect: Effect) => effects.includes(effect),
    offersAll: false,
    scopesOf: (effect: Effect) => [`to:${effect}`],
    challenge: () => '',
  })
  const names = ({ tools }: { tools: ReadonlyMap<string, unknown> }) => [...tools.keys()]
  const reading = offerOf(intercom, { grant: only('read') })
  assert.ok(names(reading).includes('list_tags') && !names(reading).includes('reply_to_conversation'))
  assert.ok(reading.withheld.has('reply_to_conversation') && !reading.withheld.has('list_tags'))
  assert.equal(offerOf(intercom, { grant: only('read'), readOnly: true }).withheld.size, 0)
  const all = offerOf(intercom, { grant: { ...only('read'), offersAll: true } })
  assert.equal(all.withheld.size, 0)

  const writing = offerOf(intercom, { grant: only('create') })
  const tool = writing.tools.get('reply_to_conversation')
  assert.ok(tool)
  const never = async () => assert.fail('nobody is to be asked')
  const note = await invoke(writing, tool, { ...reply, message_type: 'note' }, never)
  const refused = await invoke(writing, tool, JSON.stringify(reply), never)
  const wrong = await invoke(writing, tool, { ...reply, body: '' }, never)
  assert.deepEqual([note.failure ?? null, sent], [null, ['reply_to_conversation']])
  assert.match(
    refused.text,
    /insufficient_scope: this access token lacks the scope to:send\. Nothing was sent/,
  )
  assert.match(wrong.text, /invalid_input: body is required/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intercom } from '../../intercom.ts'
import { confirmationText as aiSdkText } from '../ai-sdk.ts'
import { confirmationText } from '../functions.ts'
import { intercomTools as langChainTools } from '../langchain.ts'
import { confirmationText as openAiText } from '../openai-agents.ts'
import { approvalCard } from './card.ts'

test('a question says how long each text is, and how much of it nobody would see', () => {
  const body = `Thank you 👍${'\u200d\ufe0f'.repeat(42)}`
  const action = { title: 'Reply', effect: 'send' } as const
  const question = approvalCard(action, { id: '7', body, urls: ['https://a/\u200b', 'b\n\n\n\nc'] })
  assert.match(question, /^id: 7$/m)
  assert.match(
    question,
    /^body \(95 characters, 84 of them not visible\): Thank you 👍\[U\+200D\]\[U\+FE0F\]/mu,
  )
  assert.match(
    question,
    /^urls \(\d+ characters, 1 of them not visible\): \["https:\/\/a\/\[U\+200B\]","b\\n\[4 line breaks\]\\nc"\]$/m,
  )
})

test('every adapter asks in the same words, and shows the defaults and what the operator has set', () => {
  const name = 'reply_to_conversation'
  const options = { sends: 'confirm', parameterOverrides: { [name]: { admin_id: '9' } } } as const
  const input = { conversation_id: 7, reply_type: 'admin', body: 'Hi\u200b' }
  const { interruptOn } = langChainTools({ call: async () => assert.fail() } as unknown as Intercom, options)
  const question = confirmationText(name, input, options)
  assert.match(
    question,
    /cannot be taken back\.\n\nThe call, in the words of whoever asks for it:\nconversation_id: 7\n/,
  )
  assert.match(
    question,
    /\nmessage_type: comment\nbody \(3 characters, 1 of them not visible\): Hi\[U\+200B\]\nadmin_id: 9$/,
  )
  assert.deepEqual(
    [
      aiSdkText(name, input, options),
      openAiText(name, input, options),
      interruptOn[name]?.description({ args: input }),
    ],
    [question, question, question],
  )
  assert.match(confirmationText(name, { body: 'x\u200b' }, options), /body \(2 .*x\[U\+200B\]/)
  assert.throws(() => confirmationText('reply', input, options), { code: 'invalid_input' })
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { actionNamed } from '../../actions/toolsets.ts'
import { readableText } from '../../core/html.ts'
import { emptyPreview, type Preview } from '../../core/preview.ts'
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

const body = '<p>It is on its way, see <a href="https://acme.example/r">here</a>.</p>'
const input = {
  conversation_id: '215469',
  reply_type: 'admin',
  message_type: 'comment',
  body,
  admin_id: '814860',
}
const asked = { by: 'Ann Example', kind: 'user', text: 'Where is my refund?', note: false } as const
const preview: Preview = {
  ...emptyPreview,
  to: [
    {
      type: 'contact',
      id: '6762f0dd1bb69f9f2193bb83',
      name: 'Ann Example',
      email: 'ann@shop.example',
      role: 'user',
      company: 'Shop Ltd',
      warnings: [
        'the contact is unsubscribed from e-mails: it may not be delivered',
        'others have the same e-mail: 6762f0dd1bb69f9f2193bb90 (lead)',
      ],
    },
  ],
  from: { type: 'admin', id: '814860', name: 'Bob Agent', email: 'bob@acme.example' },
  conversation: {
    id: '215469',
    subject: 'Refund for order 17',
    state: 'closed',
    last: [{ ...asked, at: Date.parse('2026-01-31T09:15Z') / 1000 }],
  },
  channel: 'reply by e-mail',
  text: body,
  shown: readableText(body),
  textParameter: 'body',
  notes: ['The conversation is closed: the reply may open it again.'],
}
const reply = actionNamed('reply_to_conversation')
assert.ok(reply)

test('the card is the one that docs/approvals.md shows', () => {
  const docs = readFileSync(new URL('../../../docs/approvals.md', import.meta.url), 'utf8')
  const since = Date.parse('2026-01-31T10:02Z')
  const card = approvalCard(reply, input, {
    preview,
    asked: { caller: 'support-agent', client: 'Claude', since },
  })
  assert.ok(docs.includes(`\`\`\`\n${card}\n\`\`\`\n`), card)
})

test('a text that has been changed since is the one that is shown', () => {
  const card = approvalCard(reply, { ...input, body: 'Never mind.' }, { preview })
  assert.match(card, /The text as it will be sent \(11 characters\):\n {4}\| Never mind\.\n/)
  assert.doesNotMatch(card, /on its way|as it will be seen/)
})

for (const [what, shown, line] of [
  ['a note', approvalCard(reply, { ...input, message_type: 'note' }), /\? It changes what is in Intercom\./],
  [
    'a deletion',
    approvalCard({ title: 'Delete', effect: 'update', destructive: true }, {}),
    /cannot be had back/,
  ],
  ['a read', approvalCard({ title: 'Get', effect: 'read' }, {}), /It reads, and changes nothing/],
  [
    'what is no input',
    approvalCard(reply, 'x\u200b'),
    /^input \(2 characters, 1 of them not visible\): x\[U\+200B\]$/m,
  ],
  [
    'no time',
    approvalCard(reply, {}, { asked: { caller: null, client: 'a\nb', since: 1e300 } }),
    /itself "a\[U\+000A\]b", at an unknown time$/m,
  ],
] as const)
  test(`a card says what it is about: ${what}`, () => assert.match(shown, line))

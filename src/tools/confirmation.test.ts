import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intercom } from '../intercom.ts'
import { confirmationText as aiSdkText } from './ai-sdk.ts'
import { confirmationQuestion, spelt } from './confirmation.ts'
import { confirmationText } from './functions.ts'
import { intercomTools as langChainTools } from './langchain.ts'
import { confirmationText as openAiText } from './openai-agents.ts'

const shown: [given: string, shown: string][] = [
  ['Grüße, 你好, नमस्ते', 'Grüße, 你好, नमस्ते'],
  ['👍🏽❤️👨‍👩‍👧👩🏽‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿1️⃣🇩🇪', '👍🏽❤️👨‍👩‍👧👩🏽‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿1️⃣🇩🇪'],
  [`👍${'\u200d'.repeat(84)}`, '👍[U+200D ×84]'],
  ['👍\u200d\ufe0f\u200d', '👍[U+200D][U+FE0F][U+200D]'],
  ['👍\ufe0e👍\u200d👍', '👍[U+FE0E]👍[U+200D]👍'],
  ['🏴\u{e0073}\u{e0065}\u{e007f}', '🏴[U+E0073][U+E0065][U+E007F]'],
  ['❤️\u200d', '❤️[U+200D]'],
  ['a\u200bb\u202ec\u2066d\ufeffe', 'a[U+200B]b[U+202E]c[U+2066]d[U+FEFF]e'],
  ['a\u0000b\u001bc\u009bd\te', 'a[U+0000]b[U+001B]c[U+009B]d[U+0009]e'],
  ['a\u00a0b\u3000c\u2800d\u3164e', 'a[U+00A0]b[U+3000]c[U+2800]d[U+3164]e'],
  ['a\ue000b\u{10ffff}c\ud800d\u{1d159}', 'a[U+E000]b[U+10FFFF]c[U+D800]d[U+1D159]'],
  ['a\u034fb\u{e0100}c', 'a[U+034F]b[U+E0100]c'],
  [`o${'\u0301'.repeat(20)}`, `o${'\u0301'.repeat(6)}[U+0301 ×14]`],
  ['one two', 'one two'],
  ['one   two ', 'one[3 blanks]two[1 blank]'],
  ['one \ntwo', 'one[1 blank]\ntwo'],
  ['one\n\ntwo', 'one\n\ntwo'],
  ['one\r\n\r\ntwo', 'one\n\ntwo'],
  ['one\r\ntwo\nthree\rfour', 'one[U+000D]\ntwo\nthree[U+000D]four'],
  ['one\u2028two\u0085three\vfour', 'one[U+2028]two[U+0085]three[U+000B]four'],
  [`one${'\n'.repeat(3000)}two`, 'one\n[3000 line breaks]\ntwo'],
  [`one${'\n '.repeat(3000)}two`, 'one\n[3000 line breaks]\ntwo'],
  [`one${'\n\u00a0'.repeat(3000)}two`, 'one\n[3000 line breaks][U+00A0 ×3000]\ntwo'],
]

for (const [given, expected] of shown) {
  test(`a person is shown ${JSON.stringify(given.slice(0, 20))} as ${JSON.stringify(expected)}`, () => {
    assert.equal(spelt(given), expected)
  })
}

test('a question says how long each text is, and how much of it nobody would see', () => {
  const body = `Thank you 👍${'\u200d\ufe0f'.repeat(42)}`
  const question = confirmationQuestion('Reply', { id: '7', body, urls: ['https://a/\u200b', 'b\n\n\n\nc'] })
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

test('many different runs are shown in part, and the rest is counted', () => {
  const hidden = Array.from({ length: 1000 }, (_, n) => String.fromCodePoint(0xe0100 + (n % 240))).join('')
  assert.match(spelt(`a${hidden}b`), /^a(?:\[U\+E01..\]){40}\[960 more not visible\]b$/)
})

test('every adapter asks in the same words, and shows the defaults and what the operator has set', () => {
  const name = 'reply_to_conversation'
  const options = { sends: 'confirm', parameterOverrides: { [name]: { admin_id: '9' } } } as const
  const input = { conversation_id: 7, reply_type: 'admin', body: 'Hi\u200b' }
  const { interruptOn } = langChainTools({ call: async () => assert.fail() } as unknown as Intercom, options)
  const question = confirmationText(name, input, options)
  assert.match(question, /cannot be taken back\.\n\nconversation_id: 7\n/)
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

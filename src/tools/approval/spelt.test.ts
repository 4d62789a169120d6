import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spelt } from './spelt.ts'

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

test('many different runs are shown in part, and the rest is counted', () => {
  const hidden = Array.from({ length: 1000 }, (_, n) => String.fromCodePoint(0xe0100 + (n % 240))).join('')
  assert.match(spelt(`a${hidden}b`), /^a(?:\[U\+E01..\]){40}\[960 more not visible\]b$/)
})

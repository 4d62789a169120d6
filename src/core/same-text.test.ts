import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saysThat, wordsOf } from './same-text.ts'

const same: [sent: string, shown: string][] = [
  ['Hello', '<p>Hello</p>'],
  ['Hello\nWorld', '<p>Hello</p>\n<p>World</p>'],
  ['<p>Hello <b>you</b></p>', '<p class="no-margin">Hello <strong>you</strong></p>'],
  ['a < b & c > d', '<p>a &lt; b &amp; c &gt; d</p>'],
  ['1 <2, 3<4 & 5', '<p>1 &lt;2, 3&lt;4 &amp; 5</p>'],
  ['if (a<b) return', '<p>if (a&lt;b) return</p>'],
  ['Tom &amp; Ann', '<p>Tom &amp; Ann</p>'],
  ['Tom &amp; Ann', '<p>Tom &amp;amp; Ann</p>'],
  ['caf\u00e9', '<p>cafe\u0301</p>'],
  ['Zoë – 5 €…', '<p>Zo&euml; &ndash; 5&nbsp;&euro;&hellip;</p>'],
  ['“quoted” it’s', '<p>&ldquo;quoted&rdquo; it&#39;s</p>'.replace('&#39;', '&#x2019;')],
  ['λ ’', '<p>&lambda; &#146;</p>'],
  ['R&amp;D &copy 2026', '<p>R&amp;D ©2026</p>'],
  ['<b title="a > b">Hi</b>', '<p><b>Hi</b></p>'],
  ['&COPY; &Auml;&auml;', '<p>© Ää</p>'],
  ['<script>alert("x < y")</script>Hi', '<p>Hi</p>'],
  ['<style>p > a { }</style>Hi', '<p>Hi</p>'],
  ['<svg viewBox="0"><title>a</title></svg><header>Hi</header>', '<p>Hi</p>'],
  ['half a \ud83d pair', '<p>half a \ufffd pair</p>'],
  ['<!-- a > b -->Hi', '<p>Hi</p>'],
  ['<script >if (a</b>c) {}</SCRIPT\n>Hi', 'Hi'],
  ['never <b ends', '<p>never &lt;b ends</p>'],
  ['a <!-- never ends', '<p>a &lt;!-- never ends</p>'],
  ['zero\u200bwidth\ufeff', 'zerowidth'],
  ['👩‍💻 ok', '<p>👩‍💻 ok</p>'],
  ['&#0;&#1114112;x', 'x'],
]
for (const [sent, shown] of same) {
  test(`${JSON.stringify(sent)} is what ${JSON.stringify(shown)} says`, async () => {
    assert.equal((await saysThat(sent))(shown), true)
  })
}

const different: [sent: string, shown: unknown][] = [
  ['Hello', '<p>Hello!</p>'],
  ['Hello', '<p>hello</p>'],
  ['a < b', '<p>a &gt; b</p>'],
  ['5', '<p>&#54;</p>'],
  ['Hello', null],
  ['Hello', undefined],
  ['', 0],
  ['[object Object]', {}],
  ['&unknown;', '<p></p>'],
]
for (const [sent, shown] of different) {
  test(`${JSON.stringify(sent)} is not what ${JSON.stringify(shown)} says`, async () => {
    assert.equal((await saysThat(sent))(shown), false)
  })
}

test('a text has the words of both its readings, once where they agree', async () => {
  assert.deepEqual(await wordsOf('Hello you'), ['Helloyou'])
  assert.deepEqual(await wordsOf('<b>Hi</b> &amp; bye'), ['Hi&bye', '<b>Hi</b>&amp;bye'])
})

/** What reads a text again for each of its characters takes minutes for these, on a quiet machine too. */
const million = 1_000_000
for (const [what, text] of Object.entries({
  'tags that never end': '<a'.repeat(million / 2),
  'scripts that never end': '<script '.repeat(million / 8),
  'comments that never end': '<!--'.repeat(million / 4),
  'comments that end': '<!---->'.repeat(million / 7),
  'scripts in scripts': `${'<script>'.repeat(million / 8)}</script`,
  'entities that never end': '&'.repeat(million),
  'numbers that never end': '&#'.repeat(million / 2),
  'white space': `${' \n'.repeat(million / 2)}x`,
  'marks in an order that has to be sorted': `a${'\u0301\u0316'.repeat(million / 2)}`,
  capitals: 'A'.repeat(million),
})) {
  test(`a million characters of ${what} are read in linear time`, async () => {
    const from = process.cpuUsage()
    const says = await saysThat(text)
    assert.equal(says(`${text}!`), false)
    assert.equal(says(text), true)
    const { user } = process.cpuUsage(from)
    assert.ok(user < 10_000_000, `${user} µs`)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { oneLine, readableText, wrapCustomerText } from '../../src/tools/compact/customer-text.ts'
import { removeInvisible } from '../../src/tools/compact/sanitize.ts'
import { estimateTokens, lengthWithin } from '../../src/tools/compact/token-budget.ts'
import { anyText } from '../support/any-text.ts'

const read = (html: string) => readableText(html, 10_000)

const pages: [string, string][] = [
  ['<p>One</p><p>Two<br>Three</p>', 'One\n> Two\n> Three'],
  ['plain text, 1 < 2 and 3 > 2', 'plain text, 1 < 2 and 3 > 2'],
  ['<ul><li>a</li><li>b</li></ul>', '- a\n> - b'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  ['Ann &amp; Co &#8364;5 &#x20AC;6 &euro;7 &unknown;', 'Ann & Co €5 €6 €7 &unknown;'],
  ['&lambda; &#146; &copy 2026', 'λ ’ © 2026'],
  ['<a href="https://a.example/?a=1&copy=2&amp;b=3">x</a>', 'x (https://a.example/?a=1&copy=2&b=3)'],
  ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['&lt;b&gt;bold&lt;/b&gt;', '‹b>bold‹/b>'],
  ['<a href="https://a.example/x">here</a>', 'here (https://a.example/x)'],
  ['<a href="https://evil.example">https://bank.example</a>', 'https://bank.example (https://evil.example)'],
  ['<a href="https://a.example/">https://a.example</a>', 'https://a.example'],
  ['<a href="mailto:a@b.example">a@b.example</a>', 'a@b.example'],
  [
    '<a href="https://a.example"><img src="https://a.example/i.png"></a>',
    '[image https://a.example/i.png] (https://a.example)',
  ],
  ['<a href="https://a.example"></a>', 'https://a.example'],
  ['<a href=//x>one <a href=//y>two</a> three</a>', 'one (//x)two (//y) three'],
  ['<a href=//x>one<p>two', 'one\n> two (//x)'],
  ['<a href="java\nscript:alert(1)">x</a>', 'x (javascript:alert(1))'],
  ['<img src="https://a.example/i.png" alt="A cat">', '[image "A cat" https://a.example/i.png]'],
  [
    `<img src="data:image/png;base64,${'A'.repeat(1_000)}">`,
    `[image data:image/png;base64,${'A'.repeat(278)}… 722 more characters]`,
  ],
  ['<constructor src="x">a</constructor>', 'a'],
  ['<a title=">" href=https://a.example>x</a>', 'x (https://a.example)'],
  ['<p>a</p><div style="DISPLAY : none">hidden <b>too</b></div><p>b</p>', 'a\n> ⟦hidden: hidden too⟧\n> b'],
  ['<p hidden>x</p>a<span style="font-size:0px">yy</span>', '⟦hidden: x⟧\n> a⟦hidden: yy⟧'],
  ['<span style="opacity:0.5">seen</span>', 'seen'],
  ['<i style="visibility:hidden">a</i>b', '⟦hidden: a⟧b'],
  ['<i style="max-height:0px">a</i>b', '⟦hidden: a⟧b'],
  ['[a][b] [c](d) ![e]', '[a] [b] [c] (d) ! [e]'],
  ['<div style="display:none">a<br>b<p>c</div>d', '⟦hidden: a\n> b\n> c⟧\n> d'],
  ['<div style="display:none"><div>a</div>b</div>c', '⟦hidden: a\n> b⟧\n> c'],
  ['<i style="display:/* */none/*">a</i>b', '⟦hidden: a⟧b'],
  ['<i style="/* display:none">a</i>b', 'ab'],
  ['a<!-- b -->c<script>d</script>', 'ac\n> [11 characters of HTML comments and scripts left out]'],
  ['a<script>never ends', 'a\n> [10 characters of HTML comments and scripts left out]'],
  ['a<a href="never ends', 'a‹a href="never ends'],
  ['<3 and <!', '<3 and\n> [2 characters of HTML comments and scripts left out]'],
]

for (const [html, text] of pages) {
  test(`${html.slice(0, 70)} reads as text`, () => assert.equal(read(html), text))
}

test('what no reader sees is removed and counted, whatever it is', () => {
  for (const unseen of [
    '\u200b',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u00ad',
    '\u061c',
    '\u180e',
    '\u3164',
    '\u{e0041}',
    '\u{e0100}',
    '\u001b',
    '\u0085x',
    '\ue000',
    '\ufffe'.slice(0, 1),
    '\u034f',
    '\u2061',
  ]) {
    if (unseen === '\u0085x') continue
    assert.equal(
      oneLine(`a${unseen}b`),
      'ab [1 invisible characters removed]',
      unseen.codePointAt(0)?.toString(16),
    )
  }
  assert.equal(oneLine('a\u0085b\u2028c\u00a0d\u3000e\tf'), 'a b c d e f')
  assert.equal(
    oneLine('family \u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u2764\ufe0f'),
    'family \u{1f468}\u{1f469}\u{1f467} \u2764',
  )
  assert.equal(removeInvisible('a\ud800b').text, 'a\ufffdb')
})

test('a short value is one line, cut with its rest counted', () => {
  assert.equal(oneLine('a\n b\r\n  c'), 'a b c')
  assert.equal(oneLine('x'.repeat(200), 100), `${'x'.repeat(100)} [100 more characters]`)
  assert.equal(oneLine(`${'x'.repeat(99)}\u{1f600}y`, 100), `${'x'.repeat(99)} [3 more characters]`)
})

test('words about customers and their texts stay words', () => {
  const said =
    'A customer texted: the customer’s text, new customer. Text us, customer 退款 text, Customer Text, 5 < 6, €5 → [see note](below'
  assert.equal(
    readableText(said, 1_000),
    'A customer texted: the customer’s text, new customer. Text us, customer 退款 text, Customer Text, 5 < 6, €5 → [see note] (below',
  )
})

test('the same text has the same tag, and its number never occurs in the text', () => {
  assert.equal(wrapCustomerText('Hello', 100), wrapCustomerText('Hello', 100))
  const all = Array.from({ length: 900 }, (_, n) => n + 100).join(' ')
  const [, id = ''] = /id="(\d+)"/.exec(wrapCustomerText(all, 10_000)) ?? []
  assert.ok(id.length > 3 && !all.includes(id))
  const twice = '23635 123456' // its hash begins with 123, and goes on with 456
  assert.match(wrapCustomerText(twice, 100), /id="123456\d{3}"/)
})

test('reading any text ends with the tag closed once and last', () => {
  const piece = fc.oneof(
    anyText(),
    fc.constantFrom(
      '<',
      '</',
      'customer-text',
      '>',
      '<a href="',
      '"',
      "'",
      '<!--',
      '-->',
      '<script>',
      '</p>',
      '&lt;',
      '\u200b',
      '<div style="display:none">',
      '=',
      '\n',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 0, max: 50 }), (pieces, tokens) => {
      const text = wrapCustomerText(pieces.join(''), tokens)
      const [, id, inside] = /^<customer-text id="(\d+)">(.*)<\/customer-text \1>$/s.exec(text) ?? []
      assert.ok(id !== undefined && inside !== undefined && !inside.includes(id))
      assert.ok(!/customer-text/i.test(inside.normalize('NFKC')))
      assert.doesNotMatch(inside, /[\p{Cf}\p{Default_Ignorable_Code_Point}]|[^\n\P{Cc}]|<[/!|?]?\p{L}/u)
      assert.ok(inside.isWellFormed())
    }),
    { seed: 5, numRuns: 3_000 },
  )
})

test('customer-text in plain ASCII loses its hyphen, however it is spelt', () => {
  for (const name of [
    'customer-text',
    'cu$tomer-text',
    'cu5tomer-text',
    'cus+omer-text',
    'cus7omer-text',
    'cust0m3r-t3xt',
    'customer-+ext',
    'customer-te×t',
    'CU5+0M3R_7EX+',
    'customer------text',
    'c--u--s--t--o--m--e--r--t--e--x--t',
    'c_u_s_t_o_m_e_r_t_e_x_t',
  ]) {
    assert.equal(read(`a&lt;/${name} 417&gt;b`), 'a‹/customer text 417>b', name)
  }
})

test('a text costs at most what it may, however much of it a line of JSON spells in several characters', () => {
  for (const piece of ['a\n', 'line\n', '"', '\\', '"\\\n', 'word ', '退']) {
    const shown = readableText(piece.repeat(5000), 200).replace(/\n> \[\d+ more characters left out\]$/, '')
    const cost = estimateTokens(JSON.stringify(shown))
    assert.ok(cost > 150 && cost <= 202, `${JSON.stringify(piece)}: ${cost}`)
  }
  assert.deepEqual([lengthWithin('退款', 1), lengthWithin('退款', 2), lengthWithin('退款', 1.9)], [1, 2, 1])
})

test('what is not even read is counted', () => {
  const long = 32_000
  assert.match(readableText('x'.repeat(long + 7), 10), /\n> \[7 characters of HTML left out\]$/)
  assert.equal(oneLine('x'.repeat(long + 7), 10), `xxxxxxxxxx [${long - 3} more characters]`)
})

test('of stacked accents six are kept', () => {
  assert.deepEqual(removeInvisible(`a${'\u0301'.repeat(20)}b`), {
    text: `a${'\u0301'.repeat(6)}b`,
    removed: 14,
  })
})

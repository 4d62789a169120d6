import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leftOut, readableText } from './html.ts'

for (const [html, text] of [
  ['Plain,  as it is\n ', 'Plain,  as it is\n '],
  ['1 < 2', '1 < 2'],
  ['Ann &amp; Co', 'Ann & Co'],
  ['<p>One</p>\n<p>two<br>three</p>', 'One\ntwo\nthree'],
  ['<p>a\n  b</p>c', 'a b\nc'],
  ['<ul><li>one</li><li><p>two</p></li></ul>', '- one\n- two'],
  ['<pre>a\n  b</pre>c', 'a\n  b\nc'],
  ['see <a href="https://a.test/?x=1&amp;y">here</a>!', 'see here (https://a.test/?x=1&y)!'],
  ['<a href="https://a.test">https://a.test</a>', 'https://a.test'],
  ['<a href="https://evil.test">https://bank.test</a>', 'https://bank.test (https://evil.test)'],
  [
    '<a href="https://a.test">one<a href="https://b.test">two</a>',
    'one (https://a.test)two (https://b.test)',
  ],
  ['x<img src="https://a.test/x.png">y', 'x[image https://a.test/x.png]y'],
  ['a<!-- b -->c<script>d</script>', 'ac'],
  ['a<!-- never ends', 'a<!-- never ends'],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
  ['</pre></pre><p>a\nb</p>', 'a b'],
  ['', ''],
] as const)
  test(`people read ${JSON.stringify(html)} as ${JSON.stringify(text)}`, () => {
    assert.equal(readableText(html), text)
  })

test('reading takes linear time', () => {
  for (const html of ['<p>x', '<a href="y">x', '<li>', '<br>', '&amp;<b>', ' \n<i>', '<pre>\n'].map((one) =>
    one.repeat(20_000),
  )) {
    const started = performance.now()
    readableText(html)
    assert.ok(performance.now() - started < 5000)
  }
})

test('what is left out of the text that people read is counted', () => {
  assert.deepEqual(['a<b>c</b>', 'a<!-- b -->', '<p>a</p><svg><p>pay here</p></svg>'].map(leftOut), [
    0,
    10,
    '<p>pay here</p>'.length,
  ])
})

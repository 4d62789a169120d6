import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, lostTags, showsNothing } from './html.ts'

const lost: [body: string, tags: string[]][] = [
  ['Dear <your name>,', ['<your name>']],
  ['Hi <first_name> <last_name>!', ['<first_name>', '<last_name>']],
  ['Hi <Name>, <name>', ['<Name>', '<name>']],
  ['<p>Hello <customer></p>', ['<customer>']],
  ['<first-name>', ['<first-name>']],
  ['</endif> and <else/>', ['</endif>', '<else/>']],
  ['Write to <ada@x.example>', ['<ada@x.example>']],
  ['See <https://x.example/a?b>', ['<https://x.example/a?b>']],
  ['Vec<String> and Map<string, number>', ['<String>', '<string, number>']],
  ['<insert link here>', ['<insert link here>']],
  ['if a<b and c>d', ['<b and c>']],
  ['<i have a question>', ['<i have a question>']],
  ['<a better offer>', ['<a better offer>']],
  ['Dear <title> Lovelace', ['<title>']],
  ['Your code is <code>', ['<code>']],
  ['At <time>, <address>', ['<time>', '<address>']],
  ['Click <link> now', ['<link>']],
  ['either <a> or <b>', ['<a>', '<b>']],
  ['Use `<div>` or `</b>`', ['<div>', '</b>']],
  ['<!your name>', ['<!your name>']],
  ['<?your name?>', ['<?your name?>']],
  ['<![CDATA[<p>Hi</p>]]>', ['<![CDATA[<p>']],
  ['<section id>', ['<section id>']],
  ['<google-form> <sheets-html-origin>', ['<google-form>', '<sheets-html-origin>']],
  ['Text <!-- and the rest', ['<!-- and the rest']],
  ['Text <script src="x.js">and the rest', ['<script src="x.js">']],
  ['<thinking>draft</thinking>', ['<thinking>', '</thinking>']],
]
for (const [body, tags] of lost) {
  test(`${JSON.stringify(body)} would lose ${tags.join(' ')}`, () => assert.deepEqual(lostTags(body), tags))
}

const kept = [
  'Plain text',
  'Dear &lt;your name&gt;,',
  '1 < 2, 3 <4, a <- b, <3',
  'never <b ends',
  '<p>Hello <b>you</b><br>and <a href="https://x.example" target=_blank>this</a></p>',
  '<h1>A</h1><h2>B</h2><ul><li>one<li>two</ul><ol compact><li value=3>x</ol><hr/>',
  '<P CLASS="a">Hi<BR/><IMG SRC="https://x.example/a.png" ALT></P>',
  '<strong>not closed', // but for its look nothing is lost
  '<table border><tr><td nowrap>a<td>b</table>',
  '<!-- note --><!DOCTYPE html><html><head><title>T</title><style>p > a {}</style></head><body><p>Hi</p></body></html>',
  '<!--[if mso]><p>x</p><![endif]--><![if !mso]>y<![endif]>',
  '<p class="MsoNormal">Hi<o:p></o:p></p>',
  '<p class>Hi<u1:p></u1:p></p><td align valign bgcolor style>',
  '<google-sheets-html-origin><table cellspacing cellpadding><tr><td>x</table></google-sheets-html-origin>',
  '<code>a</code>, <address>b</address>, <time datetime="2026">c</time>, <s>d</s>',
  '<label for="x">a', // with attributes it is an element
  '<details open><summary>a</summary>b</details>',
  '<center><font color="red">x</font></center>',
  '<div data-id aria-hidden="true">x</div>',
  '<script>alert("<your name>")</script>Hi',
  '{{ first_name }} and %name%',
]
for (const body of kept) {
  test(`${JSON.stringify(body)} loses nothing`, () => assert.deepEqual(lostTags(body), []))
}

test('what editors send for an empty text shows nothing', () => {
  for (const body of [
    '<p></p>',
    '<p><br></p>',
    '<p>&nbsp;</p>',
    '&#160;',
    '<div>\u200b</div><!-- x -->',
    '<br/>',
  ])
    assert.equal(showsNothing(body), true, body)
  for (const body of ['0', '<p>.</p>', '<img src="a.png">', '<hr>', '&lt;', '&amp;nbsp;', '<', '<p', '👍'])
    assert.equal(showsNothing(body), false, body)
})

test('a long body of tags is read in linear time', () => {
  const from = process.cpuUsage()
  for (const body of ['<a>', '<x y>', '<a b', '<script>', '<!--', '`<b>`', '</'])
    for (const check of [lostTags, showsNothing]) check(body.repeat(Math.floor(200_000 / body.length)))
  const { user } = process.cpuUsage(from)
  assert.ok(user < 5_000_000, `${user} µs`)
})

test('a text of very many tags is refused before they are read', () => {
  const body = html('A text.')
  assert.equal(body.safeParse(`${'<p>'.repeat(20_000)}Hello`).success, true)
  const { error } = body.safeParse('<b>'.repeat(20_001))
  assert.equal(error?.issues[0]?.message, 'has more than 20000 tags: send less')
})

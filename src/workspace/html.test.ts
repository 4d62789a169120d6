import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeName } from './entities.ts'
import { bodyToHtml, plainText, textToHtml } from './html.ts'

test('plain text becomes paragraphs with its characters escaped', () => {
  assert.equal(bodyToHtml('Hello'), '<p>Hello</p>')
  assert.equal(textToHtml('1 < 2 & 3\nline\n\nnext'), '<p>1 &lt; 2 &amp; 3<br>line</p>\n<p>next</p>')
})

test("Intercom's own example of a note is cleaned to one element per line (docs/intercom-api.md 1.8)", () => {
  const sent =
    '<html> <body>  <h2>An Unordered HTML List</h2>  <ul>   <li>Coffee</li>   <li>Tea</li>   <li>Milk</li> </ul>    ' +
    '<h2>An Ordered HTML List</h2>  <ol>   <li>Coffee</li>   <li>Tea</li>   <li>Milk</li> </ol>  </body> </html>'
  const list = (tag: string) => `<${tag}>\n<li>Coffee</li>\n<li>Tea</li>\n<li>Milk</li>\n</${tag}>`
  assert.equal(
    bodyToHtml(sent),
    `<h2>An Unordered HTML List</h2>\n${list('ul')}\n<h2>An Ordered HTML List</h2>\n${list('ol')}`,
  )
})

test('scripts, handlers and script links do not survive', () => {
  const hostile = [
    '<p onclick="steal()">a<script>alert(1)</script></p>',
    '<a href="javascript:alert(1)">b</a>',
    '<a href="java&#115;cript:alert(1)">b</a>',
    '<a href=" jav\tascript:alert(1)">b</a>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><p>x</p></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>p{}</style><p>c</p>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<p>unclosed <script>alert(1)',
    '<!-- <p> --><p>d</p>',
  ]
  for (const body of hostile) {
    const cleaned = bodyToHtml(body)
    assert.doesNotMatch(
      cleaned,
      /<script|<style|<svg|<iframe|onclick|onerror|onload|href="[^h]|srcdoc/i,
      cleaned,
    )
  }
})

test('a safe link keeps its address, and tags left open are closed', () => {
  assert.equal(
    bodyToHtml('<p>See <a href="https://a.example/?b=1&c=2" target=_top>this'),
    '<p>See <a href="https://a.example/?b=1&amp;c=2">this</a></p>',
  )
})

test('text in inline elements is in a paragraph, never the other way round', () => {
  const link = '<a href="https://a.example/">here</a>'
  assert.equal(bodyToHtml(`<b>Hi</b> there, ${link}`), `<p><b>Hi</b> there, ${link}</p>`)
  assert.equal(bodyToHtml(link), `<p>${link}</p>`)
  assert.equal(bodyToHtml('<i><b>a</b></i><p>b</p><u>c'), '<p><i><b>a</b></i></p>\n<p>b</p>\n<p><u>c</u></p>')
  assert.equal(bodyToHtml('<b>a<p>b</p></b>'), '<p><b>a</b></p>\n<p>b</p>')
})

test('a body of a million brackets or deep tags is cleaned without delay', () => {
  const started = process.cpuUsage() // not the clock: other processes may have the machine
  bodyToHtml('<b>x'.repeat(250_000))
  bodyToHtml('<p>x</p>'.repeat(125_000))
  bodyToHtml(`<p>${'<'.repeat(1_000_000)}`)
  bodyToHtml('<a '.repeat(250_000))
  bodyToHtml(`<a ${'a'.repeat(1_000_000)}>x</a>`)
  plainText('<p>x '.repeat(200_000))
  assert.ok(process.cpuUsage(started).user < 10_000_000)
})

test('plain text of HTML has no tags and real characters', () => {
  assert.equal(plainText('<p>1 &lt; 2 &amp; <b>3</b></p>\n<p>x<br>y&#39;s</p>'), "1 < 2 & 3\nx\ny's")
})

test('names are escaped as Rails does', () => {
  assert.equal(escapeName(`Phone & "SMS" <O'Hara>`), 'Phone &amp; &quot;SMS&quot; &lt;O&#39;Hara&gt;')
  assert.equal(escapeName(null), null)
})

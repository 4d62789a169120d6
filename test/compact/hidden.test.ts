import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readableText } from '../../src/tools/compact/customer-text.ts'

const read = (html: string) => readableText(html, 10_000).replaceAll('\n> ', '\n')

/** Styles that keep a text from people's eyes. */
const styles = [
  'display:none',
  'DISPLAY : NONE !important',
  'display:none;display:block flex inline',
  'dis\\70 lay:n\\6fne',
  'display:/* shown */none',
  'color:red;display:none',
  'content:";";display:none',
  'display&#58;none',
  'display:none/* never closed',
  'transform:scale(0',
  '--d:none;display:var(--d)',
  'visibility:hidden',
  'visibility:collapse',
  'opacity:0',
  'opacity:0.0',
  'opacity:0%',
  'opacity:.01',
  'opacity:1e-9',
  'opacity:calc(1 - 1)',
  'font-size:0',
  'font-size:1px',
  'font-size:.1em',
  'font-size:1%',
  'font:0/0 serif',
  'font:italic bold 1px serif',
  'line-height:0;overflow:hidden',
  'color:#fff',
  'color:white',
  'color:#FEFEFE',
  'color:rgb(255, 255, 255)',
  'color:rgb(100% 100% 100% / 1)',
  'color:hsl(0,0%,100%)',
  'color:snow',
  'color:transparent',
  'color:rgba(0,0,0,0)',
  'color:#0000',
  'color:#00000001',
  'color:hsla(0 0% 0% / 1%)',
  'background:#000',
  'color:#123456;background-color:#123457',
  'color:teal;background:teal',
  '-webkit-text-fill-color:transparent',
  'text-indent:-9999px',
  'text-indent:100%;white-space:nowrap;overflow:hidden',
  'position:absolute;left:-9999px',
  'position:fixed;top:-100em',
  'position:absolute;inset:0 auto auto -5000px',
  'margin-left:-2000px',
  'margin:-9999px 0 0 0',
  'transform:scale(0)',
  'transform:scaleY(0)',
  'transform:translateX(-9999px)',
  'transform:rotateX(90deg)',
  'scale:0',
  'translate:-9999px',
  'zoom:0',
  'position:absolute;clip:rect(0,0,0,0)',
  'position:absolute;clip:rect(1px 1px 1px 1px)',
  'clip-path:inset(50%)',
  'clip-path:circle(0)',
  'clip-path:polygon(0 0,0 0,0 0)',
  'height:0;overflow:hidden',
  'overflow:hidden;width:1px',
  'max-height:0;overflow:hidden',
  'max-width:0',
  'mso-hide:all',
  'position:relative;z-index:-1',
  'letter-spacing:-20px',
  'filter:opacity(0)',
  'filter:opacity(0%)',
  'filter:blur(20px)',
  'mask-image:linear-gradient(transparent,transparent)',
  'content-visibility:hidden',
]
for (const style of styles) {
  test(`text is marked that is styled ${style}`, () => {
    const [seen, hidden] = ['<p>seen</p>', 'not <b>seen</b>']
    const expected = /^seen\n⟦hidden: not seen⟧\nthere$/
    assert.match(read(`${seen}<div style='${style}'>${hidden}</div>there`), expected)
    assert.match(
      read(`${seen}<div><div STYLE="${style.replaceAll('"', '&quot;')}"><p>${hidden}</div></div>there`),
      expected,
    )
    const sheet = /[&(*][^)]*$/.test(style) ? 'display:none' : style // what never ends ends with an attribute alone
    for (const selector of [
      '.a',
      '#b',
      'section',
      'section.a#b',
      '[lang]',
      'div > .a, x',
      '@media screen{.a',
    ])
      assert.match(
        read(
          `<style>x{y:z} ${selector}{${sheet}}</style>${seen}<div><section lang=en class="c a" id=b>${hidden}</section></div>there`,
        ).replace(/\n\[\d+ char.*/, ''),
        expected,
        selector,
      )
  })
}

/** What looks like one of these, and is seen. */
const seenStyles = [
  'display:block',
  'x-display:none',
  '/* display:none',
  'content:"display:none"',
  'background:url(display:none)',
  'opacity:0.5',
  'opacity:1',
  'font-size:10px',
  'font-size:0.8em',
  'font:12px/0 serif',
  'font-size:calc(14px + 0.5vw)',
  'color:#333',
  'color:var(--text)',
  'color:#fff;background:#000',
  'color:#fff;background:#06c url(x.png)',
  'color:white;background-image:url(x.png);background:linear-gradient(red,blue)',
  'color:inherit',
  'background:transparent',
  'margin:0 auto;text-indent:2em',
  'position:absolute;left:10px;top:0',
  'transform:scale(0.9) rotate(3deg)',
  'clip-path:inset(0)',
  'height:0',
  'width:100%;overflow:hidden',
  'overflow:hidden;width:calc(100% - 20px)',
  'overflow:hidden;height:200px',
  'max-width:600px',
  'z-index:1',
  'letter-spacing:-0.5px',
  'filter:opacity(50%) blur(0)',
  'visibility:visible',
]
for (const style of seenStyles) {
  test(`text is not marked that is styled ${style}`, () => {
    assert.equal(read(`<div style='${style}'>seen</div>`), 'seen')
    assert.doesNotMatch(read(`<style>.a{${style}}</style><p class=a>seen</p>`), /⟦/)
  })
}

/** Around the text `seen`, which people do not see there. */
const unseen = [
  '<p hidden>seen</p>',
  '<p HIDDEN="until-found">seen</p>',
  '<title>seen</title>',
  '<head><title>seen</title></head>',
  '<template>seen</template>',
  '<datalist><option>seen</datalist>',
  '<noframes>seen</noframes>',
  '<noembed>seen</noembed>',
  '<iframe src=x>seen</iframe>',
  '<object data=x>seen</object>',
  '<video src=x>seen</video>',
  '<audio src=x>seen</audio>',
  '<canvas>seen</canvas>',
  '<meter value=1>seen</meter>',
  '<progress value=1>seen</progress>',
  '<ruby>a<rp>seen</rp></ruby>',
  '<svg>seen</svg>',
  '<svg><g>seen</g></svg>',
  '<svg><title>seen</title></svg>',
  '<svg><desc>seen</desc></svg>',
  '<svg><metadata>seen</metadata></svg>',
  '<svg><defs><text>seen</text></defs></svg>',
  '<math><annotation>seen</annotation></math>',
  '<details><summary>a</summary>seen</details>',
  '<details><summary>a</summary><details><summary>seen</summary></details></details>',
  '<dialog>seen</dialog>',
  '<div popover>seen</div>',
  '<select><option>a<option>seen</select>',
  '<select><option>a<option selected>b<option>seen</select>',
  '<select><option>a<optgroup><option>seen</select>',
  '<marquee width=0>seen</marquee>',
  '<font color=white>seen</font>',
  '<table bgcolor=black><tr><td><font color="#000000">seen</font></table>',
  '<body text=white>seen</body>',
  '<p><font color=white></p>seen</font>',
  '<p style="display:none">seen</b></p>',
  '<p><div style="display:none"></p>seen</div>',
  '<span style="display:none"><div></span>seen</div></span>',
  '<div style="display:none"><table></div>seen</table></div>',
  '<span style="display:none"/>seen</span>',
  '<img hidden alt="seen" src=x>',
  '<input hidden value="seen">',
  '<a href=x style="display:none">seen</a>',
  '<style>.a{display:none}</stylex>.b{}</style><p class=a>seen</p>',
  '<div style="visibility:hidden"><p>seen</p></div>',
  '<div style="display:none"><div></div>seen</div>',
  '<body text=white></body>seen',
]
for (const html of unseen) {
  test(`people do not see what stands in ${html}`, () => {
    const text = read(`x ${html} y`)
    assert.match(text, /seen/)
    assert.doesNotMatch(text.replace(/⟦hidden: [^⟦⟧]*⟧/g, ''), /seen|⟦|⟧/, text)
  })
}

test('what is for programs alone is left out, and counted where it is long', () => {
  for (const html of [
    '<script>seen</script>',
    '<style>seen</style>',
    '<!-- seen -->',
    '<!--[if mso]><p>seen</p><![endif]-->',
    '<!seen>',
    '<input type=hidden value=seen>',
    '<input type=password value=seen>',
    '<meta content=seen>',
    '<p title=seen data-x=seen aria-label=seen>a</p>',
    '<!-- a --!><script></scripts>seen</script>',
  ]) {
    assert.doesNotMatch(read(`x ${html} y`), /seen/, html)
  }
})

/** What people see of an element, and its text. */
const seen: [html: string, text: string][] = [
  ['<input value="Ann">', 'Ann'],
  ['<input type=submit value="Send">', 'Send'],
  ['<input placeholder="Your name">', 'Your name'],
  ['<input type=checkbox checked> yes <input type=radio> no', '[x] yes [ ] no'],
  ['<input type=image src=x alt="Go">', '[image "Go" x]'],
  ['<button value=x>Press</button>', 'Press'],
  ['<select><option>a<option selected>b</select>', 'a\nb'],
  ['<select multiple><option>a<option>b</select>', 'a\nb'],
  ['<select><option label="One">x</select>', 'One x'],
  ['<textarea>1 &lt; 2 <b></textarea>', '1 < 2 ‹b>'],
  ['<textarea placeholder="Write here"></textarea>', 'Write here'],
  ['<!--[if !mso]><!-->a<!--<![endif]-->', 'a\n[35 characters of HTML comments and scripts left out]'],
  ['<![if !mso]>a<![endif]>', 'a\n[22 characters of HTML comments and scripts left out]'],
  ['<!-- x --!>a', 'a\n[11 characters of HTML comments and scripts left out]'],
  ['<details><summary>a <b>b</b></summary></details>', 'a b'],
  ['<details open>a<summary>b</summary></details>', 'a\nb'],
  ['<dialog open>a</dialog>', 'a'],
  ['<math><mi>x</mi><mo>=</mo><mn>1</mn></math>', 'x=1'],
  ['<svg><text>a<tspan>b</tspan></text></svg>', 'ab'],
  ['<svg><foreignObject><p>a</p></foreignObject></svg>', 'a'],
  ['<svg><path/><text>a</text></svg>', 'a'],
  ['<iframe srcdoc="<p>a</p>"></iframe>', 'a'],
  ['<xmp><b>a</b></xmp>', '‹b>a‹/b>'],
  ['<plaintext>a <b>', 'a ‹b>'],
  ['<noscript><p>a</p></noscript>', 'a'],
  ['<object>a</object>', 'a'],
  ['<marquee>a</marquee>', 'a'],
  ['<map><area href=//x alt="Menu"></map>', '[area "Menu" //x]'],
  ['<video poster=//p src=//v></video>', '[video //v //p]'],
  ['<meter value=0.7></meter><progress value=3 max=4></progress>', '[meter 0.7] [progress 3 of 4]'],
  ['<ol><li>a<li>b</ol>', '1. a\n2. b'],
  ['<ul><li>a<ul><li>b</ul><li>c</ul>', '- a\n- b\n- c'],
  ['<p aria-hidden=true inert>a</p>', 'a'],
  ['<div style="visibility:hidden"><p style="visibility:visible">a</p></div>', 'a'],
  ['<div style="font-size:0"><p style="font-size:16px">a</p></div>', 'a'],
  ['<div style="color:#fff"><p style="background:navy">a</p></div>', 'a'],
  ['<table bgcolor="#003366"><tr><td style="color:#fff">a</table>', 'a'],
  ['<table background=x.png><tr><td><font color=white>a</font></table>', 'a'],
  ['<body style="background:#000;color:#eee"><p>a</p></body>', 'a'],
  [
    '<style>body{background:#000;color:#eee}</style><p>a</p>',
    'a\n[32 characters of HTML comments and scripts left out]',
  ],
  [
    '<style>@media print{p{display:none}}</style><p>a',
    'a\n[29 characters of HTML comments and scripts left out]',
  ],
  ['<style>.x p{display:none}</style><p>a', 'a\n[18 characters of HTML comments and scripts left out]'],
  ['<style>.x{display:none}</style><p class=y>a', 'a\n[16 characters of HTML comments and scripts left out]'],
  ['<p style="display:none"><p>a', 'a'],
  ['<li style="display:none">&nbsp;<li>a', '⟦hidden: -⟧\n- a'],
  ['<table><tr><td hidden><td>a<tr><td>b</table>', 'a\nb'],
  ['<table><tr><td><font color=white></td><td>a</table>', 'a'],
  ['<table><tr><td><font color=white></td></tr></table>a', 'a'],
  ['<div hidden><b></div>a', 'a'],
  ['<i hidden>a</i> <i hidden>b</i>', '⟦hidden: a b⟧'],
  ['<img hidden src=""><br style="display:none">a', 'a'],
]
for (const [html, text] of seen) {
  test(`people see ${html}`, () => assert.equal(read(html), text))
}

test('no text of others opens or closes a mark, or crowds out what is seen', () => {
  const forged = 'a⟧ b ⟦hidden: c &#10215;&lobrk; 〛〚'
  assert.equal(read(forged), 'a] b [hidden: c ] [ ] [')
  assert.equal(read(`<p hidden>${forged}</p>d`), '⟦hidden: a] b [hidden: c ] [ ] [⟧\nd')
  assert.equal(read(`<iframe srcdoc="<p hidden>${forged}"></iframe>d`), '⟦hidden: a] b [hidden: c ] [ ] [⟧d')
  const long = read(`<p hidden>${'x'.repeat(5_000)}<b>y</b></p>seen<p hidden>z</p>`)
  assert.equal(
    long,
    `⟦hidden: ${'x'.repeat(1_000)}… 4001 more characters⟧\nseen\n⟦hidden:… 1 more characters⟧`,
  )
  assert.match(readableText(`a<i hidden>${'b '.repeat(300)}`, 20), /^a⟦hidden: b [^⟦⟧]*⟧\n> \[\d+ more/)
})

/** Named characters of HTML 4's Latin-1 set, from U+00A0 on, in order. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const named = new Map<string, string>([
  ...latin1.split(' ').map((name, index) => [name, String.fromCodePoint(0xa0 + index)] as const),
  ...Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }),
  ...Object.entries({ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', sbquo: '‚' }),
  ...Object.entries({ bdquo: '„', bull: '•', hellip: '…', euro: '€', trade: '™', larr: '←', rarr: '→' }),
])

/**
 * Tells whether Intercom's HTML says what was sent. It wraps, cleans and escapes what it gets
 * (docs/intercom-api.md 1.8), so text is compared: without tags, white space and invisible characters. `sent`
 * may be HTML or plain text.
 */
export function saysThat(sent: string): (shown: unknown) => boolean {
  const words = wordsOf(sent)
  return (shown) => typeof shown === 'string' && words.includes(bare(withoutTags(shown)))
}

/** What a text says read as HTML, and read as plain text. Two texts that share one cannot be told apart when shown. */
export function wordsOf(sent: string): string[] {
  return [...new Set([bare(withoutTags(sent)), bare(sent)])]
}

/** Elements that a cleaner takes out with all that is in them. */
const dropped = [
  'script',
  'style',
  'head',
  'title',
  'iframe',
  'object',
  'template',
  'noscript',
  'svg',
  'math',
]

/** What is skipped whole, by how it begins: its end, and whether that is text too. */
const skipped: [begins: RegExp, ends: string][] = [
  [/<!--/y, '-->'],
  ...dropped.map((name): [RegExp, string] => [new RegExp(`<${name}[\\s/>]`, 'iy'), `</${name}`]),
  [/<[/!a-z]/iy, '>'],
]

/** Looks at each character once, whatever the text holds. What never ends is text. */
function withoutTags(html: string): string {
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  const endless = new Set<string>()
  let text = ''
  let at = 0
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    text += html.slice(at, open)
    const ends = skipped.find(([begins, end]) => {
      begins.lastIndex = open
      return !endless.has(end) && begins.test(html)
    })?.[1]
    const end = ends === undefined ? -1 : lower.indexOf(ends, open)
    if (ends !== undefined && end < 0) {
      endless.add(ends)
      at = open
      continue
    }
    if (ends === undefined || end < 0) text += '<'
    at = ends === undefined ? open + 1 : end + (ends.startsWith('</') ? 0 : ends.length)
  }
  return decoded(text + html.slice(at))
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,7}));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return named.get(name) ?? named.get(name.toLowerCase()) ?? all
    const code = hex === undefined ? Number(dec) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

/** Sorting one endless run of marks would take quadratic time, so runs are cut (UAX 15, stream-safe text). */
function bare(text: string): string {
  const cut = text.toWellFormed().replace(/\p{M}{30}/gu, '$&\u034f')
  return cut.normalize('NFC').replace(/[\s\p{Cc}\p{Cf}]+/gu, '')
}

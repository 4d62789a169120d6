import { isBlank } from '../../core/blanks.ts'
import { type Token, tokens } from '../../core/html-tokens.ts'
import { shortened } from '../../errors.ts'
import { text } from './input.ts'

/** Elements of HTML (https://html.spec.whatwg.org/multipage/indices.html#elements-3), with those it calls obsolete. */
const elements = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br
  button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed
  fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img
  input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noembed noframes noscript
  object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script search
  section select slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot
  th thead time title tr track tt u ul var video wbr xmp`.split(/\s+/),
)

/** Elements whose names people write in another sense: without attributes and without an end they are not elements. */
const words = new Set(
  `a address area article aside audio b base button caption cite code data details dialog embed figure footer form frame
  header i input label legend link main map mark menu meta meter object option output param picture progress q s samp
  script search section select slot source style summary template textarea time title track u var video`.split(
    /\s+/,
  ),
)

/** Their content is not shown at all, so that without an end the rest of the text goes with them. */
const hiding = new Set('script style head title iframe object template noscript svg math'.split(' '))

const void_ = new Set('area base embed input link meta param source track'.split(' '))

/** Attributes that stand without a value. */
const bareAttribute =
  /^(?:align|alt|async|autofocus|autoplay|bgcolor|border|cellpadding|cellspacing|checked|class|compact|contenteditable|controls|default|defer|disabled|download|hidden|href|inert|ismap|itemscope|loop|multiple|muted|nohref|noresize|noshade|novalidate|nowrap|open|readonly|required|reversed|selected|style|valign|allowfullscreen|crossorigin|(?:data|aria|v|ng|x)-.*)$/

/** Of word processors and spreadsheets (`<o:p>`), which Intercom drops with nothing in it. */
const officeElement = /^(?:(?:o|v|w|m|x|st\d|u\d):\w+|(?:google|byte)-sheets?-html-origin)$/

const declaration = /^<(?:!--|!doctype\b|!\[(?:if|endif)\b|\?xml\b|\?mso\b)/i

/**
 * What looks like a tag in a text and is not HTML: `<your name>`. Intercom reads bodies as HTML and drops what
 * it does not know, while the call succeeds (docs/intercom-api.md 1.8).
 */
export function lostTags(body: string): string[] {
  if (!body.includes('<')) return []
  const all = [...tokens(body)]
  const closed = new Set(all.flatMap((token) => (token.kind === 'close' ? [token.name] : [])))
  const lost = all.flatMap((token, index) => {
    if (token.kind === 'text') return []
    const [before, after] = [all[index - 1], all[index + 1]]
    if (token.kind === 'comment' && before?.kind === 'open' && hiding.has(before.name)) return [] // its content
    const inBackticks = before?.text.endsWith('`') && after?.text.startsWith('`')
    return inBackticks || isLost(token, closed) ? [token.text] : []
  })
  return [...new Set(lost)]
}

function isLost(token: Exclude<Token, { kind: 'text' }>, closed: ReadonlySet<string>): boolean {
  if (token.kind === 'comment') return !(token.closed && declaration.test(token.text))
  if (!elements.has(token.name)) return !officeElement.test(token.name)
  if (token.kind === 'close') return false
  if (token.bare.some((name) => !bareAttribute.test(name))) return true
  const ends = closed.has(token.name)
  if (hiding.has(token.name) && !ends) return true
  return words.has(token.name) && token.attributes.size === 0 && (void_.has(token.name) || !ends)
}

/** Elements that show something without text. */
const showing = new Set('audio canvas embed hr iframe img input math object svg video'.split(' '))
const blankReferences = /&(?:nbsp|ensp|emsp|thinsp|zwnj|zwj|#(?:160|32|8203|x0*a0|x200b));?/gi

/** Whether nothing of a body can be seen: what editors send for an empty text, `<p><br></p>`. */
export function showsNothing(body: string): boolean {
  for (const token of tokens(body)) {
    if (token.kind === 'open' && showing.has(token.name)) return false
    if (token.kind === 'text' && !isBlank(token.text.replace(blankReferences, ' '))) return false
  }
  return true
}

const maxShown = 3

/** Tags of a text: reading a million of them would hold up all other calls. */
const mostTags = 20_000

/** Text that Intercom reads as HTML. What would vanish from it is refused. */
export function html(description: string) {
  return text(description).superRefine((body, context) => {
    if (hasManyTags(body)) {
      context.addIssue({ code: 'custom', message: `has more than ${mostTags} tags: send less` })
      return
    }
    const lost = lostTags(body)
    if (lost.length === 0) {
      const message = 'shows nothing: it has no text and no image'
      if (body.trim() !== '' && showsNothing(body)) context.addIssue({ code: 'custom', message })
      return
    }
    const shown = lost.slice(0, maxShown).map((tag) => shortened(tag))
    const written = shown.map((tag) => tag.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    const more = lost.length > maxShown ? ` and ${lost.length - maxShown} more` : ''
    const message = `is HTML, in which ${shown.join(', ')}${more} would vanish: write ${written.join(', ')}`
    context.addIssue({ code: 'custom', message })
  })
}

function hasManyTags(body: string): boolean {
  let count = 0
  for (let at = body.indexOf('<'); at >= 0 && count <= mostTags; at = body.indexOf('<', at + 1)) count += 1
  return count > mostTags
}

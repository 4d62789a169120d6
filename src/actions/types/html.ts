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

/** Elements whose names people write for something else: without attributes and without an end they are no elements. */
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
  /^(?:alt|async|autofocus|autoplay|border|checked|compact|contenteditable|controls|default|defer|disabled|download|hidden|href|inert|ismap|itemscope|loop|multiple|muted|nohref|noresize|noshade|novalidate|nowrap|open|readonly|required|reversed|selected|allowfullscreen|crossorigin|(?:data|aria|v|ng|x)-.*)$/

/** Of word processors (`<o:p>`), which Intercom drops with nothing in it. */
const officeElement = /^(?:o|v|w|m|x|st\d):\w+$/

const declaration = /^<(?:!--|!doctype\b|!\[|\?xml\b|\?mso\b)/i

/**
 * The tags of a text that is no HTML, as they stand there: `<your name>`. Intercom reads bodies as HTML and drops what
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

const maxShown = 3

/** Text that Intercom reads as HTML. What would vanish from it is refused. */
export function html(description: string) {
  return text(description).superRefine((body, context) => {
    const lost = lostTags(body)
    if (lost.length === 0) return
    const shown = lost.slice(0, maxShown).map((tag) => shortened(tag))
    const written = shown.map((tag) => tag.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    const more = lost.length > maxShown ? ` and ${lost.length - maxShown} more` : ''
    const message = `is HTML, in which ${shown.join(', ')}${more} would vanish: write ${written.join(', ')}`
    context.addIssue({ code: 'custom', message })
  })
}

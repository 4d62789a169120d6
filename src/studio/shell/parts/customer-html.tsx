import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { theme } from '../theme.ts'
import { type HtmlLink, type Rebuilt, rebuilt, targetOf } from './html-rebuilt.ts'
import { Words } from './small.tsx'

/** TrustedHTML, which TypeScript does not know; browsers take it where they take a text. */
type Policy = { createHTML(html: string): string }
type Factory = { createPolicy(name: string, rules: Policy): Policy }

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes
/** HTML goes two ways: into a document in which nothing runs or loads, and, made anew, into a frame that allows neither. */
const policy: Policy = { createHTML: (html) => html }
const trusted = factory?.createPolicy('studio-html', policy) ?? policy

const nothing = "default-src 'none'"

/**
 * A character that nobody writes. Behind `style`, `onclick` and the like it makes other attributes of them: a browser says
 * on its console that the page's policy forbids these, even in a template, where they do nothing.
 */
const mark = '\u{F57E1}'
const forbidden = /\b(?:style|on[a-z]+)(?=[\s/]*=)/gi

/** A template's content is in a document of its own, in which nothing runs, loads or is applied. */
function parsed(html: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = trusted.createHTML(html.replace(forbidden, `$&${mark}`))
  return template.content
}

function remade(html: string): Rebuilt {
  return rebuilt(parsed(html), (text) => text.replaceAll(mark, ''))
}

/** Text that a customer may have written as HTML, without it: for a line in a list. */
export function textOf(html: string): string {
  const { paragraphs, markup } = remade(html)
  if (paragraphs !== null) return paragraphs.join(' ')
  return (parsed(markup.replaceAll('<', ' <')).textContent ?? '')
    .replaceAll(mark, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * HTML that somebody outside may have written. Mere text is text of the page; all else is made anew from an allow-list, in
 * a frame without scripts, forms and network. Where links lead is told below, and opened by nobody but a person.
 */
export function CustomerHtml({ html }: { html: string }) {
  const { markup, links, paragraphs } = useMemo(() => remade(html), [html])
  if (paragraphs !== null)
    return (
      <div class="customer-text">
        {paragraphs.map((text, index) => (
          <p key={index}>
            <Words text={text} />
          </p>
        ))}
      </div>
    )
  return (
    <div class="customer-html">
      <Framed markup={markup} />
      <HtmlLinks links={links} />
    </div>
  )
}

/** Where the links of a text lead: to a tab of their own that knows nothing of this one. */
function HtmlLinks({ links }: { links: readonly HtmlLink[] }) {
  if (links.length === 0) return null
  return (
    <ul class="customer-links" aria-label="Where its links lead">
      {links.map(({ n, url, host, what }) => (
        <li key={n}>
          <OutsideLink url={url}>
            [{n}] {what === 'image' && 'image on '}
            <b>{host}</b>
            <span class="quiet">{url.slice(url.indexOf(host) + host.length).slice(0, 80)}</span>
          </OutsideLink>
        </li>
      ))}
    </ul>
  )
}

/** A link that somebody outside may have made; as text where a click could run something. */
export function OutsideLink({ url, children }: { url: string; children: ComponentChildren }) {
  const target = targetOf(url)
  if (target === null) return <span>{children}</span>
  return (
    <a href={target.url} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer">
      {children}
    </a>
  )
}

/** Made when it comes near what is in sight: a thread can have hundreds. */
function Framed({ markup }: { markup: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [isNear, setNear] = useState(false)
  const { value: tone } = theme

  useEffect(() => {
    const { current } = frame
    if (current === null || isNear) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((one) => one.isIntersecting) && setNear(true),
      { rootMargin: '600px' },
    )
    observer.observe(current)
    return () => observer.disconnect()
  }, [isNear])

  useEffect(() => {
    const { current } = frame
    if (current === null || !isNear) return
    let stop = () => {}
    current.onload = () => {
      stop()
      stop = fit(current)
    }
    current.srcdoc = trusted.createHTML(documentOf(markup))
    return () => {
      current.onload = null
      stop()
    }
  }, [isNear, markup, tone])

  return (
    <iframe ref={frame} class="customer-frame" title="Message" sandbox="allow-same-origin" tabIndex={-1} />
  )
}

function documentOf(markup: string): string {
  return `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${nothing}"></head><body dir="auto">${markup}</body></html>`
}

/** Gives a frame the look of the text around it, and from then on the height of what it shows. */
function fit(frame: HTMLIFrameElement): () => void {
  const { contentDocument: inside, contentWindow } = frame
  if (inside === null || contentWindow === null) return () => {}
  const dress = () => {
    const { color, fontFamily, fontSize, lineHeight, colorScheme } = getComputedStyle(frame)
    const Sheet = (contentWindow as unknown as { CSSStyleSheet: typeof CSSStyleSheet }).CSSStyleSheet
    const sheet = new Sheet()
    sheet.replaceSync(
      `:root{color-scheme:${colorScheme};color:${color};font:${fontSize}/${lineHeight} ${fontFamily}}${look}`,
    )
    inside.adoptedStyleSheets = [sheet]
  }
  const measure = () => {
    frame.style.height = `${Math.ceil(inside.body.getBoundingClientRect().height)}px`
  }
  dress()
  measure()
  const sizes = new ResizeObserver(measure)
  sizes.observe(inside.body)
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', dress)
  return () => {
    sizes.disconnect()
    system.removeEventListener('change', dress)
  }
}

const look = `
*{box-sizing:border-box;max-width:100%}
body{display:flow-root;margin:0;overflow:clip;overflow-wrap:anywhere}
body>:first-child{margin-top:0}body>:last-child{margin-bottom:0}
p,ul,ol,dl,blockquote,pre,table,h1,h2,h3,h4,h5,h6{margin:0 0 .5em}
h1,h2,h3,h4,h5,h6{font-size:1em}
ul,ol{padding-inline-start:1.5em}
blockquote{padding-inline-start:.75em;border-inline-start:2px solid}
pre,code{white-space:pre-wrap}
table{border-collapse:collapse}td,th{padding:2px 8px;border:1px solid;text-align:start}
cite{font-style:normal;opacity:.75}`

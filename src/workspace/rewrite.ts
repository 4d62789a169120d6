import { tokens } from './html-tokens.ts'

/**
 * Ways in which a server might rewrite the HTML of messages and notes. All keep the visible text, except `typography`,
 * which changes quotation marks, dashes and dots.
 */
export const rewrites = [
  'wrap',
  'whitespace',
  'entities',
  'attributes',
  'typography',
] as const satisfies Rewrite[]

/** One of {@link rewrites}. */
export type Rewrite = 'wrap' | 'whitespace' | 'entities' | 'attributes' | 'typography'

/** How a workspace rewrites bodies: not at all by default. */
export class Rewriting {
  kinds: readonly Rewrite[] = []

  apply(html: string): string {
    return rewrite(html, this.kinds)
  }
}

/** Rewrites sanitized HTML by each of `kinds`, in the order of {@link rewrites}. */
export function rewrite(html: string, kinds: readonly Rewrite[]): string {
  if (kinds.length === 0) return html
  const does = new Set(kinds)
  let out = ''
  for (const { raw, name, closing } of tokens(html)) {
    if (name === undefined) out += onText(raw, does)
    else if (closing) out += raw
    else out += onTag(raw, name, does)
  }
  return does.has('wrap') ? `<div class="intercom-container">${out}</div>` : out
}

function onText(text: string, does: ReadonlySet<Rewrite>): string {
  // Line ends stand only between blocks, where no text is.
  if (text.trim() === '' && text.includes('\n')) return does.has('whitespace') ? '' : text
  let out = does.has('whitespace') ? text.replaceAll(/\s+/g, ' ') : text
  if (does.has('typography')) out = typographic(out)
  if (does.has('entities')) {
    out = out
      .replaceAll(/ {2}/g, '&nbsp; ')
      .replaceAll("'", '&#39;')
      .replaceAll('"', '&quot;')
      .replaceAll(/[^\0-\x7f]/gu, (character) => `&#x${character.codePointAt(0)?.toString(16)};`)
  }
  return out
}

function onTag(raw: string, name: string, does: ReadonlySet<Rewrite>): string {
  const bare = does.has('attributes') ? `<${name}>` : raw
  return does.has('wrap') && name === 'p' && bare === '<p>' ? '<p class="no-margin">' : bare
}

function typographic(text: string): string {
  return text
    .replaceAll('...', '…')
    .replaceAll(' - ', ' – ')
    .replaceAll(/(?<=^|[\s(])(?:"|&quot;)/g, '“')
    .replaceAll(/"|&quot;/g, '”')
    .replaceAll(/'|&#39;/g, '’')
}

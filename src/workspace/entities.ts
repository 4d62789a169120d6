const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const needsTextEscape = /[&<>]/g
const needsNameEscape = /[&<>"']/g
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi
/** An ampersand that begins no character reference. */
export const bareAmpersand = /&(?!#\d{1,7};|#x[0-9a-f]{1,6};|[a-z]{2,8};)/gi
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Text made safe to stand between tags. */
export function escapeText(text: string): string {
  return text.replace(needsTextEscape, (character) => escapes[character] ?? character)
}

/**
 * A name as Intercom answers it: HTML-escaped, a live quirk (docs/intercom-api.md 1.8: `Phone &amp; SMS`).
 * The five characters are those of Rails' `html_escape`, hence `&#39;` for an apostrophe.
 */
export function escapeName(name: string | null): string | null {
  return name === null ? null : name.replace(needsNameEscape, (character) => escapes[character] ?? character)
}

/**
 * Character references resolved; an unknown one stays as it is. Names come in this way, so that what was read can be
 * written back (docs/intercom-api.md 1.8).
 */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(entity, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

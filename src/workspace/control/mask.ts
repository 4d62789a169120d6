/** What a workspace's tokens look like: `tok:…` in base64, that once more as in Basic authentication, and in the clear. */
const forms = /(?:dG9r|ZEc5c)[\w+/-]{20,}(?:=|%3D)*|tok(?::|%3A)[\w-]{20,}(?:(?::|%3A)\w+)*/gi
/** Any bearer token; shorter words are not tokens. */
const bearer = /(\bbearer(?:\s|\+|%20)+)[^\s"'&,;\\]{16,}/gi
/** Values of fields that hold only tokens, in a query or in JSON. */
const fields =
  /(\b(?:access_token|refresh_token|client_secret|authorization)\\*"?\s*[=:]\s*\\*"?)[^\s"&\\]{8,}/gi

/** Returns a text with its tokens masked. */
export type Mask = (text: string) => string

/** Masks tokens in a text: the known ones in any encoding, and whatever looks like one. */
export function masker(known: readonly string[]): Mask {
  // Something shorter could be any word. The longest first, since one may start with another.
  const written = known
    .filter((token) => token.length >= 8)
    .flatMap((token) => [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)])
  const sought = [...new Set(written)].sort((one, other) => other.length - one.length)
  return (text) => {
    if (text === '') return text
    let rest = text
    for (const token of sought) rest = rest.replaceAll(token, '[token]')
    return rest
      .replace(forms, '[token]')
      .replace(bearer, '$1[token]')
      .replace(fields, (whole, name: string) =>
        whole.slice(name.length).startsWith('[token]') ? whole : `${name}[token]`,
      )
  }
}

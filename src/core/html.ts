import { decodeHTML } from 'entities/decode'
import { tokens } from './html-tokens.ts'

/** The text of HTML without its tags; a comment that never ends is text. */
export function plainText(html: string): string {
  let text = ''
  for (const token of tokens(html)) {
    if (token.kind === 'text' || (token.kind === 'comment' && !token.closed)) text += decodeHTML(token.text)
  }
  return text
}

/**
 * Tells whether Intercom's HTML says what was sent. It wraps, cleans and escapes what it gets (docs/intercom-api.md
 * 1.8), so text is compared: without tags, white space and invisible characters. `sent` may be HTML or plain text.
 */
export async function saysThat(sent: string): Promise<(shown: unknown) => boolean> {
  const { plainText } = await loadHtmlReader()
  const words = await wordsOf(sent)
  return (shown) => typeof shown === 'string' && words.includes(visible(plainText(shown)))
}

/** What a text says read as HTML, and read as plain text. Two texts that share one cannot be told apart when shown. */
export async function wordsOf(sent: string): Promise<string[]> {
  const { plainText } = await loadHtmlReader()
  return [...new Set([visible(plainText(sent)), visible(sent)])]
}

/** Most programs never compare texts. Those that send load it first: a failure to load must not hide what a send did. */
export const loadHtmlReader = () => import('./html.ts')

/** Sorting one endless run of marks would take quadratic time, so runs are cut (UAX 15, stream-safe text). */
function visible(text: string): string {
  const cut = text.toWellFormed().replace(/\p{M}{30}/gu, '$&\u034f')
  return cut.normalize('NFC').replace(/[\s\p{Cc}\p{Cf}\ufffd]+/gu, '')
}

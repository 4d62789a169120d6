import { invalidFile } from './file-kind.ts'
import { sameName } from './header.ts'
import { maxRow } from './row.ts'

const separators = [',', ';', '\t', '|']

/** Excel's way to name the separator, in a line of its own. */
const separatorLine = /^"?sep=(\\t|[^\r\n"])"?[,;|\t ]*(?:\r\n|\n|\r|$)/i

/** The header up to the first line break outside quotes, the text from it on, and what a line before it says. */
export async function withHeader(texts: AsyncGenerator<string>): Promise<{
  head: string
  all: AsyncIterable<string>
  said: { line: string; separator: string } | null
}> {
  let text = ''
  const rest = () => text.replace(separatorLine, '')
  while (!/[\r\n]/.test(outsideQuotes(rest().trimStart())) && text.length < maxRow) {
    const { value, done } = await texts.next()
    if (done === true) break
    text += value
  }
  async function* all() {
    yield rest()
    yield* texts
  }
  const head = outsideQuotes(rest().trimStart()).split(/[\r\n]/)[0] ?? ''
  return { head, all: all(), said: saidIn(text) }
}

function saidIn(text: string): { line: string; separator: string } | null {
  const [line, mark] = separatorLine.exec(text) ?? []
  if (line === undefined || mark === undefined) return null
  const separator = mark === '\\t' ? '\t' : mark
  if (separators.includes(separator)) return { line, separator }
  throw invalidFile(`line 1: the separator ${JSON.stringify(mark)} of sep= is not supported`, {
    hint: 'It must be , ; | or a tab. Nothing was sent.',
  })
}

function outsideQuotes(text: string): string {
  return text.replace(/"[^"]*("|$)/g, '')
}

/** The one by which most titles are parameters, else the one that occurs most. */
export function separatorIn(head: string, parameters: readonly string[]): string {
  const counts = separators.map((one) => {
    const titles = head.split(one)
    const known = titles.filter((title) => sameName(title.split('.')[0] ?? '', parameters) !== undefined)
    return known.length * maxRow + titles.length
  })
  return separators[counts.indexOf(Math.max(...counts))] ?? ','
}

import { fold } from '../store/fold.ts'

/** A piece of a text that was searched. */
interface Chunk {
  readonly type: 'highlight' | 'plain'
  readonly text: string
}

const word = /[\p{L}\p{M}\p{N}]+/gu
/** Characters around what was found. */
const around = 60
const mostExcerpts = 3

interface Span {
  readonly start: number
  readonly end: number
}

/** The words that begin with one of those searched; neighbours are one. */
function spansOf(text: string, words: readonly string[]): Span[] {
  const spans: { start: number; end: number }[] = []
  let last = -1
  for (const { 0: found, index } of text.matchAll(word)) {
    const folded = fold(found)
    const end = index + found.length
    if (words.some((one) => folded.startsWith(one))) {
      const before = spans.at(-1)
      if (before !== undefined && before.end === last) before.end = end
      else spans.push({ start: index, end })
    }
    last = end
  }
  return spans
}

/** A whole text in plain and highlighted pieces. */
export function highlighted(text: string, words: readonly string[]): Chunk[] {
  return chunksOf(text, spansOf(text, words), { start: 0, end: text.length })
}

/** Short excerpts around what was found, in plain and highlighted pieces (docs/intercom-api.md 3.15). */
export function highlightedSummary(texts: readonly string[], words: readonly string[]): Chunk[][] {
  const excerpts: Chunk[][] = []
  for (const given of texts) {
    const text = given.replaceAll(/\s+/g, ' ').trim()
    const spans = spansOf(text, words)
    for (let at = 0; at < spans.length && excerpts.length < mostExcerpts; ) {
      const first = spans[at]
      if (first === undefined) break
      const start = edge(text, first.start - around)
      const end = edge(text, Math.max(first.end, first.start + around) + around)
      const inside = spans.slice(at).filter((span) => span.end <= end)
      excerpts.push(chunksOf(text, inside, { start, end }))
      at += inside.length
    }
  }
  return excerpts
}

/** A place in a text that parts no surrogate pair. */
function edge(text: string, at: number): number {
  const place = Math.min(Math.max(at, 0), text.length)
  return /[\uDC00-\uDFFF]/.test(text[place] ?? '') ? place + 1 : place
}

function chunksOf(text: string, spans: readonly Span[], whole: Span): Chunk[] {
  const chunks: Chunk[] = []
  const add = (type: Chunk['type'], from: number, to: number) => {
    if (to > from) chunks.push({ type, text: text.slice(from, to) })
  }
  let at = whole.start
  for (const { start, end } of spans) {
    add('plain', at, start)
    add('highlight', start, end)
    at = end
  }
  add('plain', at, whole.end)
  return chunks
}

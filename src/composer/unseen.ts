/** A piece of a text as it is shown: its own characters, or the name of some that a reader would not see. */
export type Piece = { text: string; isUnseen: boolean }

/** What may be an emoji with unseen parts (the group), or a run of blanks and of what a reader does not see. */
const unseen =
  /(\p{Emoji}(?:\p{Emoji_Modifier}|\u200d\p{Emoji}|[\ufe0f\u20e3\u{e0020}-\u{e007f}]){1,20})|[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]+|(?<=\p{M}{6})\p{M}+/gv
const emoji = /^(?:\p{RGI_Emoji}|\p{Emoji})/v
/** How many different emoji of a text are looked up, which is slow; what follows is spelt out. */
const maxEmoji = 1000
/** How many kinds of a run are spelt out; the rest are counted. */
const maxSpelt = 40

/**
 * A text with all that a reader would not see spelt out, by the rules of the terminal's card: a test compares the two.
 * Emoji stay, and so do single blanks within a line and one empty line.
 */
export function pieces(text: string): Piece[] {
  const lines = withLineFeeds(text)
  const found: Piece[] = []
  let done = 0
  for (const { run, at } of runs(lines)) {
    const end = at + run.length
    found.push(seen(lines.slice(done, at)), ...spelt(run, end === lines.length))
    done = end
  }
  return [...found, seen(lines.slice(done))].filter((piece) => piece.text !== '')
}

/** How many characters of a text a reader would not see, blanks and line breaks aside. */
export function unseenCount(text: string): number {
  let count = 0
  for (const { run } of runs(withLineFeeds(text))) count += [...run.replace(/[ \n]/g, '')].length
  return count
}

function* runs(text: string): Generator<{ run: string; at: number }> {
  const scan = new RegExp(unseen)
  const lengths = new Map<string, number>()
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    const [run, candidate] = match
    if (candidate === undefined) {
      yield { run, at: match.index }
      continue
    }
    const known = lengths.get(candidate)
    const length = known ?? (lengths.size < maxEmoji ? emoji.exec(candidate)?.[0].length : undefined)
    if (length !== undefined && known === undefined) lengths.set(candidate, length)
    scan.lastIndex = match.index + (length ?? String.fromCodePoint(candidate.codePointAt(0) ?? 0).length)
  }
}

/** Where all line breaks are CR LF, a carriage return tells nothing. */
function withLineFeeds(text: string): string {
  return /(?<!\r)\n|\r(?!\n)/.test(text) ? text : text.replaceAll('\r\n', '\n')
}

function spelt(run: string, isLast: boolean): Piece[] {
  if (run === ' ' && !isLast) return [seen(run)]
  const breaks = run.split('\n').length - 1
  if (breaks > 2) {
    const others = Map.groupBy(run.replace(/[ \n]/g, ''), (one) => one)
    const codes = [...others].map(([one, all]) => code(one, all.length))
    return [seen('\n'), { text: `${breaks} line breaks`, isUnseen: true }, ...bounded(codes), seen('\n')]
  }
  return bounded(
    [...run.matchAll(/(.)\1*/gsu)].map(({ 0: same, 1: one = '', index }) => {
      const end = index + same.length
      const isWithinLine = end < run.length ? run[end] !== '\n' : !isLast
      return one === '\n' || (same === ' ' && isWithinLine) ? seen(same) : code(one, [...same].length)
    }),
  )
}

function code(one: string, times: number): Piece {
  if (one === ' ') return { text: `${times} blank${times === 1 ? '' : 's'}`, isUnseen: true }
  const name = `U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
  return { text: times === 1 ? name : `${name} ×${times}`, isUnseen: true }
}

function bounded(all: readonly Piece[]): Piece[] {
  const more = all.length - maxSpelt
  if (more <= 0) return [...all]
  return [...all.slice(0, maxSpelt), { text: `${more} more not visible`, isUnseen: true }]
}

function seen(text: string): Piece {
  return { text, isUnseen: false }
}

/** What may be an emoji with unseen parts (the group), or a run of blanks and of what a reader does not see. */
const unseen =
  /(\p{Emoji}(?:\p{Emoji_Modifier}|\u200d\p{Emoji}|[\ufe0f\u20e3\u{e0020}-\u{e007f}]){1,20})|[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]+|(?<=\p{M}{6})\p{M}+/gv
const emoji = /^(?:\p{RGI_Emoji}|\p{Emoji})/v
/** How many different emoji of a text are looked up, which is slow; what follows is spelt out. */
const maxEmoji = 1000
/** How many kinds of a run are spelt out; the rest are counted. */
const maxSpelt = 40

/** How long a text is, and how much of it nobody would see: `95 characters, 84 of them not visible`. */
export function lengthOf(text: string): string {
  let hidden = 0
  for (const { run } of unseenIn(text)) hidden += [...run.replace(/[ \n]/g, '')].length
  const length = count([...text].length, 'character')
  return hidden === 0 ? length : `${length}, ${hidden} of them not visible`
}

/**
 * A text with all that a reader would not see: `[U+200D]`, `[U+200D ×84]`, `[12 blanks]`, `[3000 line breaks]`. Well-formed
 * emoji stay as they are, and so do single blanks within a line and one empty line.
 */
export function spelt(text: string): string {
  const lines = withLineFeeds(text)
  let shown = ''
  let done = 0
  for (const { run, at } of unseenIn(lines)) {
    const end = at + run.length
    shown += lines.slice(done, at) + speltRun(run, end === lines.length)
    done = end
  }
  return shown + lines.slice(done)
}

function* unseenIn(text: string): Generator<{ run: string; at: number }> {
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
export function withLineFeeds(text: string): string {
  return /(?<!\r)\n|\r(?!\n)/.test(text) ? text : text.replaceAll('\r\n', '\n')
}

function speltRun(run: string, isLast: boolean): string {
  if (run === ' ' && !isLast) return run
  const breaks = run.split('\n').length - 1
  if (breaks > 2) {
    const others = Map.groupBy(run.replace(/[ \n]/g, ''), (one) => one)
    const codes = [...others].map(([one, all]) => speltCode(one, all.length))
    return `\n[${count(breaks, 'line break')}]${bounded(codes)}\n`
  }
  const pieces = [...run.matchAll(/(.)\1*/gsu)].map(({ 0: same, 1: one = '', index }) => {
    const end = index + same.length
    const isWithinLine = end < run.length ? run[end] !== '\n' : !isLast
    return one === '\n' || (same === ' ' && isWithinLine) ? same : speltCode(one, [...same].length)
  })
  return bounded(pieces)
}

function speltCode(one: string, times: number): string {
  if (one === ' ') return `[${count(times, 'blank')}]`
  const code = one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  return times === 1 ? `[U+${code}]` : `[U+${code} ×${times}]`
}

function bounded(pieces: readonly string[]): string {
  const more = pieces.length - maxSpelt
  return more > 0 ? `${pieces.slice(0, maxSpelt).join('')}[${more} more not visible]` : pieces.join('')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

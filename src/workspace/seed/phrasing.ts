/** A piece of a template: words, the name of a slot, or a choice between pieces. */
type Piece = string | { slot: string } | { choice: readonly (readonly Piece[])[] }

/** A template that has been read. */
type Phrase = readonly Piece[]

const MARK = /\{(\w+)\}|\[([^\]]*)\]/g

function parse(template: string): Phrase {
  const pieces: Piece[] = []
  let done = 0
  for (const match of template.matchAll(MARK)) {
    if (match.index > done) pieces.push(template.slice(done, match.index))
    const [whole, slot, choice] = match
    if (slot !== undefined) pieces.push({ slot })
    else if (choice !== undefined) pieces.push({ choice: choice.split('|').map(parse) })
    done = match.index + whole.length
  }
  if (done < template.length) pieces.push(template.slice(done))
  return pieces
}

const parsed = new Map<string, Phrase>()

/** The template ready to be filled; each is read once. */
function phraseOf(template: string): Phrase {
  let phrase = parsed.get(template)
  if (phrase === undefined) {
    phrase = parse(template)
    parsed.set(template, phrase)
  }
  return phrase
}

/** Fills a template: `{slot}` by `slots`, `[one|other]` by a draw. An unknown slot is a mistake and throws. */
export function fill(template: string, slots: Readonly<Record<string, string>>, next: () => number): string {
  return write(phraseOf(template), slots, next)
}

function write(phrase: Phrase, slots: Readonly<Record<string, string>>, next: () => number): string {
  let text = ''
  for (const piece of phrase) {
    if (typeof piece === 'string') text += piece
    else if ('slot' in piece) {
      const value = slots[piece.slot]
      if (value === undefined) throw new RangeError(`no words for {${piece.slot}}`)
      text += value
    } else text += write(piece.choice[Math.floor(next() * piece.choice.length)] ?? [], slots, next)
  }
  return text
}

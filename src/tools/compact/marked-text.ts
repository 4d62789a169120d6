import { isBlank } from '../../core/blanks.ts'

/** Of one text, so that what people do not see cannot crowd out what they do. */
const mostHidden = 1000

/** Brackets that no text of others keeps, so that nobody can open or close a mark. */
const [markOpen, markClose] = ['⟦', '⟧']

/** A text of which some is marked: `seen ⟦hidden: not seen⟧ seen`. */
export function markedText() {
  const out: string[] = []
  let marked = false
  let end = 0 // the piece that the mark ends after
  let room = mostHidden
  let rest = 0

  function close(): void {
    if (!marked) return
    const last = out[end] ?? ''
    const trimmed = last.trimEnd()
    const more = rest === 0 ? '' : `… ${rest} more characters`
    out[end] = trimmed + more + markClose + last.slice(trimmed.length)
    marked = false
    rest = 0
  }

  /** Text with marks of its own; hidden, it has one. */
  function writeMarked(text: string, hidden: boolean): void {
    const blank = isBlank(text)
    if (!blank && !hidden) close()
    if (!hidden || blank) {
      out.push(text)
      return
    }
    const body = marked ? text : text.trimStart()
    const before = marked ? '' : `${text.slice(0, text.length - body.length)}${markOpen}hidden: `
    const kept = withoutMarks(body).slice(0, room)
    room -= kept.length
    rest += body.length - kept.length
    marked = true
    out.push(before + kept)
    end = out.length - 1
  }

  return {
    writeMarked,
    write: (text: string, hidden: boolean) => writeMarked(withoutMarks(text), hidden),
    length: () => out.length,
    /** The beginning of what was written since there were so many pieces. */
    since(length: number, most: number): string {
      let text = ''
      for (let at = length; at < out.length && text.length <= most; at += 1) text += out[at]
      return text
    },
    text(): string {
      close()
      return out.join('')
    },
  }
}

function withoutMarks(text: string): string {
  return text.replace(/[⟦〚]/g, '[').replace(/[⟧〛]/g, ']')
}

/** Closes the mark within which a text was cut. */
export function withMarkClosed(text: string): string {
  return text.lastIndexOf(markOpen) > text.lastIndexOf(markClose) ? text + markClose : text
}

/** What opens the mark within which the rest of a text begins. */
export function withMarkOpened(text: string, from: number): string {
  const before = text.slice(0, from)
  return before.lastIndexOf(markOpen) > before.lastIndexOf(markClose) ? `${markOpen}hidden: ` : ''
}

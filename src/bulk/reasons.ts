import { oneLine, shortened } from '../errors.ts'
import type { ResultLine } from './row.ts'

/** Rows that did not succeed for one reason. */
export type ReasonGroup = {
  outcome: 'failed' | 'unknown'
  rows: number
  reason: string
  /** The line of the file where the first of them begins. */
  first_line: number
}

/** Longest text of a reason. */
const maxLength = 300
/** The most texts that are kept; further rows get the reason of their group, which names no values. */
const maxTexts = 20_000
/** Reasons that are told apart. */
const maxGroups = 1000
const maxListed = 100
/** The reason of all further rows. */
const other = 'another reason'

/** Why the rows of a job did not succeed: a text for each, and how many share one reason. */
export class Reasons {
  readonly #rows: number
  /** Place of each row's text, from 1. */
  #places: Uint32Array | undefined
  readonly #texts: string[] = ['']
  readonly #placeOf = new Map<string, number>()
  readonly #groups = new Map<string, ReasonGroup & { key: string }>()

  /** `rows`: how many there are, to know the text of each; none where only their groups matter. */
  constructor(rows = 0) {
    this.#rows = rows
  }

  /** Notes why a row did not succeed; nothing for one that has, or that waits for a person. */
  note(line: Pick<ResultLine, 'line' | 'row' | 'outcome'> & Partial<ResultLine>): void {
    if (line.outcome === 'success' || line.outcome === 'held') return
    const outcome = line.outcome === 'unknown' ? 'unknown' : 'failed'
    const { whole, reason, key } = reasonOf(line)
    const group = this.#group(outcome, key, reason)
    group.rows += 1
    group.first_line = Math.min(group.first_line, line.line)
    if (group.reason !== reason) group.reason = group.key
    if (this.#rows === 0) return
    this.#places ??= new Uint32Array(this.#rows + 1)
    this.#places[line.row] =
      this.#place(whole, this.#texts.length <= maxTexts) ?? this.#place(group.key, true) ?? 0
  }

  #group(outcome: ReasonGroup['outcome'], key: string, reason: string): ReasonGroup & { key: string } {
    const known = this.#groups.get(`${outcome} ${key}`)
    if (known !== undefined) return known
    if (this.#groups.size >= maxGroups && key !== other) return this.#group(outcome, other, other)
    const group = { outcome, rows: 0, reason, first_line: Number.POSITIVE_INFINITY, key }
    this.#groups.set(`${outcome} ${key}`, group)
    return group
  }

  /** Why a row did not succeed; empty for one that did. */
  of(row: number): string {
    return this.#texts[this.#places?.[row] ?? 0] ?? ''
  }

  /** Those with most rows first, a hundred at most. */
  groups(): ReasonGroup[] {
    return [...this.#groups.values()]
      .map(({ key, ...group }) => group)
      .sort((a, b) => b.rows - a.rows || a.first_line - b.first_line)
      .slice(0, maxListed)
  }

  #place(text: string, mayAdd: boolean): number | undefined {
    const known = this.#placeOf.get(text)
    if (known !== undefined || !mayAdd) return known
    this.#placeOf.set(text, this.#texts.length)
    return this.#texts.push(text) - 1
  }
}

/** `whole`: with Intercom's code and what to do; `key`: the same for all rows of one reason. */
export function reasonOf({ failure, output }: Partial<Pick<ResultLine, 'failure' | 'output'>>): {
  whole: string
  reason: string
  key: string
} {
  const text = oneLine(output?.error ?? '').replace(/^\w+: /, '')
  const whole = text.replace(/ \(request [^)]*\)/, '')
  const hint = oneLine(failure?.hint ?? '')
  const end = hint === '' ? -1 : whole.lastIndexOf(hint)
  const message = (end < 0 ? whole : whole.slice(0, end))
    .replace(/^(?:\d{3} )?\w+: /, '')
    .replace(/\.?\s*$/, '')
  return { whole: clipped(whole), reason: clipped(message), key: clipped(withoutValues(message)) }
}

/** Without what differs from row to row: values, addresses, ids, numbers. Names in single quotes are Intercom's. */
function withoutValues(text: string): string {
  return text
    .replace(/ \(given (?:"(?:[^"\\]|\\.)*"|[^()]*)\)/g, '')
    .replace(/, not "(?:[^"\\]|\\.)*"/g, ', not …')
    .replace(/\bhttps?:\/\/[^\s"'<>]+/gi, '…')
    .replace(/[^\s@"'<>(),;:=]+@[^\s@"'<>(),;:]+/g, '…')
    .replace(
      /(?<![\p{L}\p{N}_'.+-])(?:[+-]?\d+(?:[.,:/-]\d+)*|(?=[\w-]*\d)[\w-]{6,})(?![\p{L}\p{N}_'-])/gu,
      '…',
    )
    .replace(/…(?:(?:,? and |, )…)+/g, '…')
}

function clipped(text: string): string {
  return shortened(text, maxLength)
}

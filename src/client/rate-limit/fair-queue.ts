/** A place in a {@link FairQueue}, for leaving it early. */
export type Place<T> = {
  readonly item: T
  readonly line: Line<T>
  next: Place<T> | null
  previous: Place<T> | null
}

/** Those of one caller, in their order; the lines form a ring. */
type Line<T> = {
  readonly caller: object
  first: Place<T> | null
  last: Place<T> | null
  size: number
  next: Line<T>
  previous: Line<T>
}

/**
 * Serves callers in turn, and the items of each in order, so that ten thousand of one hold up another's first by
 * one. Linked lists: every step takes the same time, however many wait and leave.
 */
export class FairQueue<T> {
  readonly #lines = new Map<object, Line<T>>()
  #turn: Line<T> | null = null
  #size = 0

  get size(): number {
    return this.#size
  }

  /** How many are served up to and including the next item of a caller, were nobody else to come. */
  placeOf(caller: object): number {
    const own = this.#lines.get(caller)
    if (own === undefined) return Math.min(this.#size, this.#lines.size) + 1
    return Math.min(this.#size, (own.size + 1) * this.#lines.size) + 1
  }

  push(caller: object, item: T): Place<T> {
    const line = this.#lines.get(caller) ?? this.#join(caller)
    const place: Place<T> = { item, line, next: null, previous: line.last }
    if (line.last === null) line.first = place
    else line.last.next = place
    line.last = place
    line.size += 1
    this.#size += 1
    return place
  }

  shift(): T | undefined {
    const line = this.#turn
    const place = line?.first
    if (!line || !place) return undefined
    this.#turn = line.next
    this.remove(place)
    return place.item
  }

  /** Takes a place out that is in the queue. */
  remove(place: Place<T>): void {
    const { line, previous, next } = place
    if (previous === null) line.first = next
    else previous.next = next
    if (next === null) line.last = previous
    else next.previous = previous
    line.size -= 1
    this.#size -= 1
    if (line.size === 0) this.#leave(line)
  }

  /** A new line is served last. */
  #join(caller: object): Line<T> {
    const line = { caller, first: null, last: null, size: 0 } as unknown as Line<T> // the ring is closed below
    const turn = this.#turn ?? line
    line.next = turn
    line.previous = this.#turn === null ? line : turn.previous
    line.previous.next = line
    turn.previous = line
    this.#turn = turn
    this.#lines.set(caller, line)
    return line
  }

  #leave(line: Line<T>): void {
    this.#lines.delete(line.caller)
    if (this.#turn === line) this.#turn = line.next === line ? null : line.next
    line.previous.next = line.next
    line.next.previous = line.previous
  }
}

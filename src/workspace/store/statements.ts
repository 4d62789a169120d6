/** So many statements that were asked for again are kept; each takes 2 to 45 kB outside V8's heap. */
const keptLimit = 400

/** A search asks for its statements several times, and has at most about so many. */
const newestLimit = 16

/**
 * Keeps prepared statements by their SQL text. A statement's memory lies outside V8's heap and is freed when V8
 * collects the object, so one that is not used again must be let go while it is young: an old one waits for a full
 * collection, which a heap that stays small seldom asks for. The newest statements are held, and a statement is kept
 * for long when it is asked for after it was let go.
 */
export class Statements<T extends object> {
  readonly #make: (sql: string) => T
  readonly #kept = new Map<string, T>()
  /** Texts of the last statements that were let go. */
  readonly #gone = new Set<string>()
  /** A ring: an outgrown table of a map could hold on to statements that were taken out of it. */
  #newest: { readonly sql: string; readonly statement: T }[] = []
  #place = 0

  constructor(make: (sql: string) => T) {
    this.#make = make
  }

  /** The statement of a text, made when it is not there. */
  get(sql: string): T {
    const found = this.#kept.get(sql) ?? this.#newest.find((one) => one.sql === sql)?.statement
    if (found !== undefined) return found
    const statement = this.#make(sql)
    if (this.#gone.delete(sql)) this.#keep(sql, statement)
    else this.#hold(sql, statement)
    return statement
  }

  clear(): void {
    this.#kept.clear()
    this.#gone.clear()
    this.#newest = []
    this.#place = 0
  }

  /** What was kept longest makes room; if it is still in use it comes back at once. */
  #keep(sql: string, statement: T): void {
    this.#kept.set(sql, statement)
    if (this.#kept.size <= keptLimit) return
    const [longest] = this.#kept.keys()
    if (longest === undefined) return
    this.#kept.delete(longest)
    this.#remember(longest)
  }

  #hold(sql: string, statement: T): void {
    const oldest = this.#newest[this.#place]
    if (oldest !== undefined) this.#remember(oldest.sql)
    this.#newest[this.#place] = { sql, statement }
    this.#place = (this.#place + 1) % newestLimit
  }

  #remember(sql: string): void {
    this.#gone.add(sql)
    if (this.#gone.size <= keptLimit) return
    const [first] = this.#gone
    if (first !== undefined) this.#gone.delete(first)
  }
}

import type { PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { type Author, authorsOf, part } from './part.ts'

/** The cached parts of a conversation as JSON; new parts are appended. */
interface Thread {
  /** The last part; later ones are appended after it. */
  readonly lastId: number
  /** Each part on its own: one text of all would be a long piece of garbage, and an old one, after every reply. */
  readonly parts: readonly string[]
  readonly characters: number
  readonly authors: readonly Author[]
}

/** Longer threads are not cached: they show only their newest parts. */
const longest = 500
/** Characters of all cached threads. */
const limit = 32_000_000

/**
 * Parts as JSON text, kept from one reply to the next: reading and rendering a whole thread costs more than all the
 * rest of a reply. New parts are put behind the known ones, renamed authors are noticed, and whoever changes a part
 * that was there raises the store's `partsEdition`.
 */
class RenderedParts {
  readonly #store: Store
  readonly #threads = new Map<number, Thread>()
  #characters = 0
  #edition = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** Undefined for a thread that is too long. */
  render(conversationId: number): { json: string; count: number } | undefined {
    if (this.#edition !== this.#store.partsEdition) this.#forgetAll()
    const known = this.#threads.get(conversationId)
    this.#forget(conversationId)
    const author = authorsOf(this.#store)
    // The last known part is read once more: it shows that nothing was undone.
    const [first, ...later] = this.#partsFrom(conversationId, known?.lastId ?? 0)
    if (known !== undefined && (first?.id !== known.lastId || !known.authors.every(isStill(author)))) {
      return this.render(conversationId)
    }
    if (first === undefined) return { json: '', count: 0 }
    const added = known === undefined ? [first, ...later] : later
    const authors = new Set(known?.authors.map(({ type, id }) => author(type, id)))
    const texts = added.map((row) => {
      const by = author(row.author_type, row.author_id)
      authors.add(by)
      return JSON.stringify(part(row, by, false))
    })
    const parts = [...(known?.parts ?? []), ...texts]
    const count = parts.length
    if (count >= longest) return undefined
    const json = parts.join(',')
    const lastId = (later.at(-1) ?? first).id
    this.#keep(conversationId, { lastId, parts, characters: json.length, authors: [...authors] })
    return { json, count }
  }

  #partsFrom(conversationId: number, id: number): PartRow[] {
    return this.#store.db.all<PartRow>(
      'SELECT * FROM conversation_parts WHERE conversation_id = ? AND id >= ? ORDER BY id LIMIT ?',
      conversationId,
      id,
      longest,
    )
  }

  #keep(conversationId: number, thread: Thread): void {
    this.#threads.set(conversationId, thread)
    this.#characters += thread.characters
    for (const oldest of this.#threads.keys()) {
      if (this.#characters <= limit) return
      this.#forget(oldest)
    }
  }

  #forget(conversationId: number): void {
    this.#characters -= this.#threads.get(conversationId)?.characters ?? 0
    this.#threads.delete(conversationId)
  }

  #forgetAll(): void {
    this.#threads.clear()
    this.#characters = 0
    this.#edition = this.#store.partsEdition
  }
}

const isStill = (author: (type: string, id: string) => Author) => (known: Author) => {
  const now = author(known.type, known.id)
  return now.name === known.name && now.email === known.email
}

const ofStores = new WeakMap<Store, RenderedParts>()

/** The parts of a conversation as JSON without brackets, and their number; undefined when there are 500 or more. */
export function renderedParts(
  store: Store,
  conversationId: number,
): { json: string; count: number } | undefined {
  let parts = ofStores.get(store)
  if (parts === undefined) {
    parts = new RenderedParts(store)
    ofStores.set(store, parts)
  }
  return parts.render(conversationId)
}

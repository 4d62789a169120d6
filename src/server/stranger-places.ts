/** What a request without a key holds, from its head to its answer. */
export type Place = {
  /** Aborts when the place is given to somebody else. Never once the body is whole. */
  readonly signal: AbortSignal
  /** Counts bytes of the body as they arrive. */
  grow(bytes: number): void
  /** The body is whole. */
  settle(): void
  release(): void
}

type Held = { network: string; bytes: number; lost: AbortController }

/**
 * Places for requests that show no key, and the memory for their bodies. When there is none left, who waits for a body
 * gives way: the longest waiting of the network that has most. So those that send nothing, or slowly, keep nobody out.
 */
export function strangerPlaces(most: { places: number; bytes: number }) {
  const waiting = new Set<Held>() // in the order of their coming
  const held = new Set<Held>()
  let bytes = 0

  function release(one: Held): void {
    waiting.delete(one)
    if (held.delete(one)) bytes -= one.bytes
  }

  /** False when all bodies are whole. */
  function evict(weight: (one: Held) => number): boolean {
    const networks = Map.groupBy(waiting, ({ network }) => network)
    const shares = [...networks.values()].map((all) => ({
      all,
      sum: all.reduce((sum, one) => sum + weight(one), 0),
    }))
    const [one] = shares.toSorted((a, b) => b.sum - a.sum)[0]?.all ?? []
    if (one === undefined) return false
    release(one)
    one.lost.abort()
    return true
  }

  /** `null` when every place is taken by a request whose body is whole. */
  return function take(address: string | undefined): Place | null {
    if (held.size >= most.places && !evict(() => 1)) return null
    const one: Held = { network: networkOf(address ?? ''), bytes: 0, lost: new AbortController() }
    held.add(one)
    waiting.add(one)
    return {
      signal: one.lost.signal,
      grow(more) {
        if (!held.has(one)) return
        one.bytes += more
        bytes += more
        while (bytes > most.bytes && evict((other) => other.bytes)) {}
      },
      settle: () => void waiting.delete(one),
      release: () => release(one),
    }
  }
}

/** The network of an address: one customer of a provider has a whole /64 of IPv6. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 4 }, () => '0')
  return [...groups, ...zeros].slice(0, 4).join(':')
}

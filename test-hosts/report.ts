import { isOfAnotherVersion, isRefused, LISTED, listedAs } from './listed.ts'
import type { Exchange } from './log.ts'

/** Prints what prism found that is not listed, and rows of the list that nothing needs, and counts both. */
export function report(exchanges: readonly Exchange[]): number {
  const unlisted = new Map<string, number>()
  const needed = new Set<unknown>()
  let [listed, refused] = [0, 0]
  for (const exchange of exchanges) {
    if (isOfAnotherVersion(exchange)) continue
    for (const violation of exchange.violations) {
      const row = listedAs(violation)
      if (isRefused(exchange, violation)) refused += 1
      else if (row) {
        needed.add(row)
        listed += 1
      } else {
        const path = exchange.path.replaceAll(/\/[0-9a-f]{5,}/g, '/*')
        const kind = `${exchange.method} ${path} ${exchange.status}: ${violation.place} ${violation.message}`
        unlisted.set(kind, (unlisted.get(kind) ?? 0) + 1)
      }
    }
  }
  const stale = LISTED.filter((row) => !needed.has(row))
  for (const [kind, times] of unlisted) console.log(`not listed, ${times} ×: ${kind}`)
  for (const { place, message } of stale) console.log(`listed, but not found: ${place} ${message}`)
  console.log(
    `${exchanges.length} exchanges through prism. Violations: ${listed} of ${needed.size} listed kinds, ` +
      `${refused} of requests that the workspace refuses too, ${unlisted.size} kinds that are not listed.`,
  )
  return unlisted.size + stale.length
}

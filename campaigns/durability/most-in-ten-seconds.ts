/** The most of these moments (ms, in any order) that lie in any ten seconds. */
export function mostInTenSeconds(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b)
  let first = 0
  let most = 0
  for (const [n, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= 10_000) first += 1
    most = Math.max(most, n - first + 1)
  }
  return most
}

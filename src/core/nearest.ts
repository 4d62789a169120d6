/**
 * The candidate that a mistyped name most likely meant; `undefined` when none is close. Spelling conventions
 * (`contactId`, `contact-id`) count as no difference.
 */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(name.slice(0, 64))
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate))
    const most = Math.max(2, Math.min(3, candidate.length / 2), candidate.length / 3)
    if (distance < (best?.distance ?? most)) best = { candidate, distance }
  }
  return best?.candidate
}

/**
 * The candidate that a name most likely meant; undefined when none is close. `otherNames`: what a candidate is called
 * elsewhere, which spelling does not tell.
 */
export function meantName(
  name: string,
  candidates: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): string | undefined {
  const other = Object.keys(otherNames).find((one) => plain(one) === plain(name.slice(0, 64)))
  return other === undefined ? nearest(name, candidates) : otherNames[other]
}

/** `Did you mean "…"?`, where something is close. For `sentences`. */
export function didYouMean(...given: Parameters<typeof meantName>): string | null {
  const found = meantName(...given)
  return found === undefined ? null : `Did you mean "${found}"?`
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9~=<>!^$.]/g, '')
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

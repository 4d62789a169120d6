interface Page {
  readonly page?: unknown
  readonly per_page?: unknown
  readonly total_pages?: unknown
  readonly next?: unknown
}

/**
 * Violations in a list whose `pages`, `total_count` and items contradict each other
 * (docs/intercom-api.md 1.6).
 */
export function checkPages(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('pages' in body)) return []
  const { pages, total_count: total } = body as { pages: Page | null; total_count?: unknown }
  if (pages === null || typeof total !== 'number') return []
  const { page, per_page: perPage, total_pages: totalPages, next } = pages
  if (typeof page !== 'number' || typeof perPage !== 'number' || typeof totalPages !== 'number') return []

  const violations: string[] = []
  if (totalPages !== Math.ceil(total / perPage)) {
    violations.push(`/pages/total_pages: ${totalPages} for ${total} items in pages of ${perPage}`)
  }
  const items = Object.entries(body).find(([, value]) => Array.isArray(value))?.[1] as unknown[] | undefined
  if (items && items.length > perPage) {
    violations.push(`/pages/per_page: ${perPage}, but the page holds ${items.length}`)
  }
  const isLast = page >= totalPages
  if (isLast && next) violations.push(`/pages/next: present on page ${page} of ${totalPages}`)
  if (!isLast && !next) violations.push(`/pages/next: missing on page ${page} of ${totalPages}`)
  return violations
}

/**
 * The name of a contact, a company or an author, which Intercom gives with its special characters as references
 * (docs/intercom-api.md 1.8); names of all else are text already.
 */
export function plainName(name: string | null | undefined): string | null {
  if (name === null || name === undefined || name.trim() === '') return null
  const known: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }
  return name.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot));/gi, (all, digits, hex, word) => {
    if (word !== undefined) return known[String(word).toLowerCase()] ?? all
    const code = digits === undefined ? Number.parseInt(hex, 16) : Number(digits)
    return code <= 0x10_ffff ? String.fromCodePoint(code) : all
  })
}

/**
 * The form in which text is compared: search and tag names ignore case (dossier 4.2, INF). Unicode-wide,
 * which SQLite's own NOCASE is not.
 */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

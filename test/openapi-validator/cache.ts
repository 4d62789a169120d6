import { hash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../node_modules/.cache/openapi/', import.meta.url)

/**
 * The path of a file with the result of `make` for a text, made once per text: the suite has hundreds of processes,
 * and each would spend up to a second on it. The name ends with `ending`.
 */
export function cachedFile(text: string, ending: string, make: () => string): string {
  const file = fileURLToPath(new URL(`${hash('sha256', text)}${ending}`, folder))
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, make())
  renameSync(partial, file)
  return file
}

import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../golden/', import.meta.url)

/** Set to write the golden files instead of comparing with them: then read the diff. */
const { UPDATE_GOLDEN: update } = process.env

/** Compares a text with a file under `test/golden`. */
export function assertGolden(name: string, text: string): void {
  const file = new URL(name, root)
  if (update !== undefined) {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, text)
  }
  assert.equal(text, readFileSync(file, 'utf8'), `${name}: run again with UPDATE_GOLDEN=1 and read the diff`)
}

/** The files of a folder under `test/golden`. */
export function goldenNames(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, root)).sort()
}

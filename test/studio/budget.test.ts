// What the page weighs, and what its files do not hold.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzippedSizes, studioFiles } from '../../scripts/studio.ts'

const files = await studioFiles()

test('the page stays small: 120 kB gzipped in all, 60 kB before its first view', () => {
  const { all, first } = gzippedSizes(files)
  assert.ok(all <= 120_000, `${all} bytes in all`)
  assert.ok(first <= 60_000, `${first} bytes for the first view`)
  assert.ok(first > 10_000 && first < all, 'something is measured')
})

test('each view is a file of its own, and none makes code of text or loads by its style', () => {
  for (const view of ['desk', 'actions', 'sends', 'traffic', 'lab']) assert.ok(files[`${view}.js`], view)
  for (const [name, text] of Object.entries(files)) {
    assert.doesNotMatch(text, /\beval\(|new Function\(|@import|url\(|sourceMappingURL/, name)
  }
})

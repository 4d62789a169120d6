import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import assets from '../../src/composer/assets.json' with { type: 'json' }
import { pieces } from '../../src/composer/unseen.ts'
import { spelt } from '../../src/tools/approval/spelt.ts'
import { anyText } from '../support/any-text.ts'
import { injections } from '../support/injections.ts'

/** As a terminal would show the pieces. */
function shown(text: string): string {
  return pieces(text)
    .map((piece) => (piece.isUnseen ? `[${piece.text}]` : piece.text))
    .join('')
}

test('the composer shows of a text what the card of a terminal shows', () => {
  const few = [
    'a',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '\u200b',
    '\u202e',
    '\u0301',
    '👍🏽',
    '❤️',
    '👩‍🚀',
    '\u200d',
    '1️⃣',
    '\u{e0061}',
  ]
  for (const text of [...Object.values(injections), '', ' ', '\n\n\n', `${'\u0301'.repeat(9)}x`])
    assert.equal(shown(text), spelt(text))
  const random = fc.oneof(
    fc.array(fc.constantFrom(...few), { maxLength: 40 }).map((parts) => parts.join('')),
    anyText({ maxLength: 60 }),
  )
  fc.assert(
    fc.property(random, (text) => assert.equal(shown(text), spelt(text))),
    {
      numRuns: 50,
    },
  )
})

test('the app is one document of at most 40 kB, packed, that names no address', () => {
  const { app } = assets
  assert.ok(gzipSync(app).length <= 40 * 1024, `${gzipSync(app).length} bytes`)
  assert.match(app, /^<!doctype html><html lang="en">/)
  assert.doesNotMatch(
    app,
    /https?:|@import|url\(|\b(?:src|href)=|import\(|\bfetch\(|XMLHttpRequest|WebSocket/,
  )
})

test('no text becomes markup: the composer has no way to make any', () => {
  for (const code of [assets.app.slice(assets.app.indexOf('<script')), assets.script])
    assert.doesNotMatch(
      code,
      /innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|createContextual|\beval\b|new Function|setHTML|srcdoc/,
    )
})

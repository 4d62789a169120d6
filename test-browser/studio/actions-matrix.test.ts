import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { catalogue } from '../../src/actions/toolsets.ts'
import { rowsOf } from '../../test-hosts/matrix/rows.ts'
import { launched } from '../chromium.ts'
import { examples, fill, prepared, ran } from './action-forms.ts'
import { studio, visitorsOf } from './support.ts'

test('every action’s form gives the envelope and leaves the rows that REST does', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'studio-actions-'))
  const data = join(home, 'workspace.db')
  const server = await studio(['--data', data, '--seed', '50'])
  const browser = await launched()
  t.after(async () => {
    await browser.close()
    await server.stop()
    rmSync(home, { recursive: true })
  })
  const { of, restore } = await prepared(server)
  const { page, wrong } = await visitorsOf(browser, server)('/actions')
  const start = rowsOf(data)
  for (const action of catalogue) {
    const { name, effect } = action
    const input = examples[name]?.(of) ?? {}
    const expected = await server.action(name, input)
    const rows = effect === 'read' ? start : rowsOf(data)
    assert.equal(rows === start, effect === 'read', name)
    if (effect !== 'read') await restore()
    await page.locator(`.action-list a[href="/studio/actions/${name}"]`).click()
    await page.locator('article.action h2', { hasText: action.title }).waitFor()
    await fill(page, action, input)
    const { body, headers, sent } = await ran(page, name)
    assert.deepEqual(sent, input, name)
    assert.deepEqual(body.envelope, expected, name)
    assert.equal('idempotency-key' in headers, effect !== 'read', name)
    if (effect === 'read') continue
    assert.equal(rowsOf(data), rows, `${name} leaves other rows`)
    await restore()
  }
  assert.equal(rowsOf(data), start)
  assert.deepEqual(wrong, [])
})

import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { createWorkspace } from '../../src/workspace/index.ts'

test('the command line reads a data file: lines for people, JSON for programs', async (t) => {
  const data = join(mkdtempSync(join(tmpdir(), 'changes-')), 'data.db')
  const workspace = await createWorkspace({ data })
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const body = JSON.stringify({ email: 'ann@example.com', name: 'ann' })
  await workspace.fetch(new Request('http://local/contacts', { method: 'POST', headers, body }))
  const said: string[] = []
  t.mock.method(console, 'log', (line: string) => said.push(line))
  t.mock.method(console, 'error', (line: string) => said.push(line))
  assert.equal(await main(['workspace', 'changes', data]), 2)
  assert.match(said.join('\n'), /in use.*GET \/_workspace\/changes/)
  await workspace.close()
  said.length = 0
  assert.equal(await main(['workspace', 'changes', data, '--entity', 'contact']), 0)
  const [line = '', ...others] = said
  assert.deepEqual(others, [])
  assert.match(
    line,
    /^\d{4}-.*Z {2}admin \d+ token-[0-9a-f]{10} {2}POST \/contacts {2}contact \w{24} created: .*name "ann"/,
  )
  said.length = 0
  assert.equal(await main(['workspace', 'changes', data, '--json']), 0)
  assert.equal(JSON.parse(said[0] ?? '').entity, 'contact')
  said.length = 0
  assert.equal(await main(['workspace', 'changes', data, '--entity', 'ticket']), 0)
  assert.deepEqual(said, ['No changes.'])
  assert.equal(await main(['workspace', 'changes', `${data}.none`]), 2)
  assert.equal(await main(['workspace', 'changes', data, '--since', 'x']), 2)
})

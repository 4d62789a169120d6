import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { parseFlags } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'
import { createIntercom } from '../../src/index.ts'
import { parseConfig } from '../../src/server/config.ts'
import { journalOf } from '../../src/server/rest/idempotency.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { runCommand } from '../support/run-command.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'operations-'))
after(() => rmSync(folder, { recursive: true }))

/** The first block of a section, in a language. */
function block(section: string, language: string): string {
  const [, text = ''] = page.split(`## ${section}\n`)
  const [, found = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  assert.notEqual(found, '', section)
  return found
}

test('the unit for systemd starts a command line of ours, as nobody in particular', async () => {
  const unit = block('systemd', 'ini')
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? []
  const [program, name = '', ...flags] = line.split(' ')
  assert.match(String(program), /^\/.*\/modulex-intercom$/)
  const { positionals } = parseFlags(flags, (await commands[name]?.load())?.flags ?? {})
  assert.deepEqual(positionals, [])
  for (const setting of ['DynamicUser=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes'])
    assert.ok(unit.includes(`\n${setting}\n`), setting)
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])
  assert.ok(seconds > 20, 'longer than running calls get to finish')
})

test('the key for Prometheus is a configuration, and the scrape asks with it', () => {
  const { keys } = parseConfig(block('Prometheus', 'json'))
  assert.deepEqual([keys?.[0]?.only, keys?.[0]?.metrics], [[], 'all'])
  const { scrape_configs } = parse(block('Prometheus', 'yaml'))
  assert.deepEqual(
    [scrape_configs[0].metrics_path, scrape_configs[0].authorization.type],
    ['/metrics', 'Bearer'],
  )
})

test('the backup is whole while the server writes, and a server with it sends nothing again', async (t) => {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  t.after(() => workspace.close())
  const { accessToken, dispatcher, control } = workspace
  const server = (file: string) => {
    const journal = journalOf(file, 1024 * 1024)
    const intercom = createIntercom({ accessToken, dispatcher, journal })
    const { fetch } = httpHandler(intercom, { idempotencyScope: 'key' })
    const note = async (key: number) => {
      const response = await fetch(
        new Request('http://localhost/actions/create_note', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': `note-${key}` },
          body: JSON.stringify({ contact_id: contact, body: `Note ${key}` }),
        }),
      )
      assert.equal(response.status, 200, await response.clone().text())
    }
    return { note, close: () => journal.close() }
  }
  const { contacts } = await createIntercom({ accessToken, dispatcher }).searchContacts({
    query_field: 'role',
    query_value: 'user',
    per_page: 1,
  })
  const contact = String(contacts[0]?.id)
  const [journal, copy] = [join(folder, 'journal.db'), join(folder, 'journal-copy.db')]
  const running = server(journal)
  await running.note(0)

  const command = block('Backup', 'sh').trim()
  let isDone = false
  const backup = runCommand('sh', ['-c', command], { cwd: folder }).finally(() => {
    isDone = true
  })
  let written = 1
  for (; !isDone || written < 10; written += 1) await running.note(written)
  const { code, stderr } = await backup
  assert.equal(code, 0, stderr)
  running.close()

  assert.equal(statSync(copy).mode & 0o077, 0, 'for its owner alone')
  const db = new DatabaseSync(copy, { readOnly: true })
  assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
  db.close()
  control.clearRequests()
  const restored = server(copy)
  await restored.note(0)
  restored.close()
  assert.equal(
    control.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/notes')).length,
    0,
  )
})

import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { actionNamed } from '../../src/actions/toolsets.ts'
import { approvalsFile, holding, openApprovals } from '../../src/approvals/index.ts'
import { runFlags } from '../../src/cli/commands/run.ts'
import type { Flags } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'
import { optionsFor } from '../../src/connect/index.ts'
import { createIntercom } from '../../src/index.ts'
import { commandLine as run } from '../support/command-line.ts'
import { developerHub, install } from '../support/connecting.ts'

const folder = mkdtempSync(join(tmpdir(), 'every-command-'))
const rows = join(folder, 'people.csv')
writeFileSync(rows, 'email,custom_attributes.unheard_of\nada@acme.example,7\n')

/** A command line of every command that speaks to Intercom, by the name of the command. */
const lines: Record<string, string[]> = {
  run: ['run', 'list_tags'],
  bulk: ['bulk', 'upsert_contact', rows],
  'bulk --check': ['bulk', 'upsert_contact', rows, '--check'],
  'bulk --dry-run': ['bulk', 'upsert_contact', rows, '--dry-run'],
  check: ['check'],
  compare: ['compare', '--writes', 'another', '--report', join(folder, 'report.json')],
  mcp: ['mcp'],
  serve: ['serve', '--port', '0'],
  worker: ['worker', '--port', '0'],
  approvals: ['approvals', 'page'],
}

async function connected(t: TestContext, ...ids: string[]) {
  const hub = await developerHub(t)
  for (const id of ids) await install(hub, id)
  const env = { MODULEX_INTERCOM_WORKSPACES_KEY: hub.key, XDG_STATE_HOME: folder }
  return { ...hub, env, own: ['--workspaces', hub.file] }
}

test('every command that speaks to Intercom takes a connected workspace', async () => {
  const run = actionNamed('list_tags')
  const all: [string, Flags | undefined][] = [['run', run && runFlags(run)]]
  for (const [name, { load }] of Object.entries(commands)) all.push([name, (await load()).flags])
  const speaking = all.filter(([, flags = {}]) => 'base_url' in flags)
  assert.deepEqual(
    speaking.map(([name]) => name).sort(),
    Object.keys(lines)
      .filter((name) => !name.includes(' '))
      .sort(),
  )
  for (const [name, flags = {}] of speaking)
    assert.ok('workspace' in flags && 'workspaces' in flags, `${name} takes none`)
})

test('each says in the same words what is wrong with the workspace that it is to use', async (t) => {
  const { env, own } = await connected(t, 'au00001', 'eu00001')
  for (const [name, line] of Object.entries(lines)) {
    const unknown = await run([...line, ...own, '--workspace', 'us00001'], { env })
    // A host that starts a server is told by each call; see test/tools/mcp-unconfigured.test.ts.
    assert.equal(
      unknown.code,
      name === 'mcp' ? 0 : name.startsWith('bulk') ? 1 : 2,
      `${name}: ${unknown.stderr}`,
    )
    assert.match(unknown.stderr, /the workspace us00001 is not connected/, name)
    const both = ['--workspace', 'au00001', '--base-url', 'https://api.intercom.io']
    assert.match(
      (await run([...line, ...own, ...both], { env })).stderr,
      /--base-url and a connected workspace exclude each other/,
      name,
    )
    if (name === 'approvals') continue // which sends what was held in either
    assert.match(
      (await run([...line, ...own], { env })).stderr,
      /several workspaces are connected: say which by --workspace au00001 or eu00001/,
      name,
    )
  }
})

test('compare and bulk --check ask the workspace that is named, and mark a token that it refuses', async (t) => {
  const { env, own, store } = await connected(t, 'au00001', 'eu00001')
  const inWorkspace = (name: string) =>
    run([...(lines[name] ?? []), ...own, '--workspace', 'eu00001'], { env })
  const other = await inWorkspace('compare')
  assert.match(`${other.code} ${other.stdout}`, /^2 .*opens another workspace than --writes names/s)
  const checked = await inWorkspace('bulk --check')
  assert.match(checked.stderr, /custom_attributes\.unheard_of/, 'it was asked for its attributes')

  const found = await store.find('eu00001')
  assert.ok(found)
  const { refused_at: _, state: __, ...workspace } = found
  await store.save(workspace, 'dG9rOm9mLW5vYm9keQ==')
  const refused = await inWorkspace('compare')
  assert.match(
    `${refused.code} ${refused.stdout}`,
    /^1 .*Intercom has refused the token of the workspace eu00001: connect it again/s,
  )
  assert.equal((await store.find('eu00001'))?.state, 'refused')
})

test('approvals sends what was held in any connected workspace, or in the one that is named', async (t) => {
  const { env, own, store } = await connected(t, 'au00001', 'eu00001')
  const { file, journal } = approvalsFile({ state: folder })
  const approvals = openApprovals(file)
  t.after(() => approvals.close())
  const found = await store.find('eu00001')
  assert.ok(found)
  const intercom = createIntercom({ ...optionsFor(store, found), journal })
  t.after(() => intercom.close())
  const held = async (email: string) => {
    const call = { action: 'upsert_contact', input: { email }, askedBy: 'a client' }
    const one = await (await holding(approvals, { caller: 'mcp' }).approver(intercom)).hold(
      call,
      async () => {
        const { preview } = await intercom.preview('upsert_contact', { email })
        assert.ok(preview)
        return { preview }
      },
    )
    assert.ok('approval' in one)
    return one.approval.id
  }
  for (const [which, state] of [
    [[], 'done'],
    [['--workspace', 'eu00001'], 'done'],
    [['--workspace', 'au00001'], 'approved'],
  ] as const) {
    const id = await held(`${which.length}-${state}@acme.example`)
    const { fingerprint } = JSON.parse((await run(['approvals', 'show', id], { env })).stdout)
    const line = ['approvals', 'approve', id, '--fingerprint', fingerprint, ...own, ...which]
    const { stdout, stderr } = await run(line, { env })
    assert.equal(JSON.parse(stdout).state, state, stderr)
  }
})

import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createWorkspace, readChanges, type WorkspaceOptions } from '../index.ts'
import { openStore } from '../store/open.ts'

async function open(options: WorkspaceOptions = {}) {
  const workspace = await createWorkspace({ adminKey: 'key', ...options })
  const ask = async (method: string, path: string, body?: object, more = {}) => {
    const token = path.startsWith('/_workspace') ? 'key' : workspace.accessToken
    const headers = { authorization: `Bearer ${token}`, ...more }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await workspace.fetch(new Request(`http://local${path}`, init))
    return { status: response.status, text: await response.text() }
  }
  const tag = (name: string) => ask('POST', '/tags', { name })
  return { workspace, control: workspace.control, ask, tag }
}

test('without a history all works that needs none, and what needs one says why it cannot', async () => {
  const { workspace, control, ask, tag } = await open({ history: false })
  assert.equal((await tag('One')).status, 200)
  control.snapshot('one')
  control.reset({ seed: 10 })
  control.restore('one')
  control.setSearchLag(5)
  const why = /keeps no history.*history: false.*--no-history/
  assert.throws(() => control.changes(), why)
  assert.throws(() => control.changesSince('a'), why)
  assert.throws(() => control.checkpoint('a'), why)
  assert.throws(() => control.checkpoints(), why)
  assert.throws(() => control.dropCheckpoint('a'), why)
  assert.throws(() => control.rewind('a'), why)
  assert.throws(() => control.onChange(() => {}), why)
  const live = { accept: 'text/event-stream' }
  for (const asked of [
    await ask('GET', '/_workspace/changes'),
    await ask('GET', '/_workspace/changes', undefined, live),
    await ask('GET', '/_workspace/changes?since=0', undefined, live),
    await ask('POST', '/_workspace/checkpoints', { name: 'a' }),
    await ask('POST', '/_workspace/rewind', { name: 'a' }),
  ]) {
    assert.equal(asked.status, 400)
    assert.match(asked.text, why)
  }
  await workspace.close()
})

test('a data file that was written without a history loses the one it had, and its checkpoints say so', async () => {
  const data = join(mkdtempSync(join(tmpdir(), 'history-')), 'data.db')
  const first = await open({ data })
  await first.tag('One')
  first.control.checkpoint('one')
  const before = first.control.changes()
  await first.workspace.close()
  assert.deepEqual(readChanges(data, {}).changes, before.changes)

  const second = await open({ data, history: false })
  await second.tag('Two')
  await second.workspace.close()

  const third = await open({ data })
  const { control } = third
  assert.deepEqual(
    control.checkpoints().map(({ name, reachable }) => [name, reachable]),
    [['one', false]],
  )
  assert.throws(() => control.rewind('one'), /no longer reaches back/)
  control.checkpoint('two')
  await third.tag('Three')
  const { changes, dropped, complete } = control.changes()
  assert.deepEqual(
    changes.map(({ fields }) => fields['name']),
    [{ before: null, after: 'Three' }],
  )
  assert.ok((changes[0]?.id ?? 0) > (before.changes.at(-1)?.id ?? 0), 'a number is given once')
  assert.deepEqual([dropped, complete], [before.changes.length, false])
  control.rewind('two')
  assert.doesNotMatch((await third.ask('GET', '/tags')).text, /Three/)
  assert.match((await third.ask('GET', '/tags')).text, /Two/)
  await third.workspace.close()
})

test('a demo seed that fills an old file ends what was recorded of it before', async () => {
  const data = join(mkdtempSync(join(tmpdir(), 'history-')), 'data.db')
  const first = await open({ data })
  const { text } = await first.tag('One')
  await first.ask('DELETE', `/tags/${JSON.parse(text).id}`)
  await first.workspace.close()
  const second = await open({ data, seed: 10 })
  assert.deepEqual(
    second.control.changes().changes.map(({ action, route }) => [action, route]),
    [['replaced', 'seed']],
  )
  await second.workspace.close()
})

for (const data of [undefined, join(mkdtempSync(join(tmpdir(), 'history-')), 'data.db')]) {
  test(`its limits are the caller's, ${data === undefined ? 'in memory' : 'in a file'}`, async () => {
    const { workspace, control, tag } = await open({ data, history: { writes: 150 } })
    for (let n = 0; n < 400; n++) await tag(`tag ${n}`)
    const { changes, dropped, complete } = control.changes({ limit: 10_000 })
    assert.ok(changes.length >= 150 && changes.length < 300, String(changes.length))
    assert.deepEqual([dropped + changes.length, complete], [400, false])
    await workspace.close()
  })
}

test('what changed since a checkpoint is read page by page, to the same list', async () => {
  const { workspace, control, ask, tag } = await open()
  await tag('before')
  control.checkpoint('start')
  for (let n = 0; n < 12; n++) await tag(`tag ${n}`)
  const all = control.changesSince('start').changes
  assert.equal(all.length, 12)
  const [paged, overHttp]: [unknown[], unknown[]] = [[], []]
  for (let since: number | undefined; ; ) {
    const page = control.changesSince('start', { since, limit: 5 })
    paged.push(...page.changes)
    since = page.next_since
    if (!page.has_more) break
  }
  for (let since = ''; ; ) {
    const page = JSON.parse((await ask('GET', `/_workspace/changes?checkpoint=start&limit=5${since}`)).text)
    overHttp.push(...page.changes)
    since = `&since=${page.next_since}`
    if (!page.has_more) break
  }
  assert.deepEqual([paged, overHttp], [all, all])
  const early = control.changesSince('start', { since: 0 }).changes
  assert.deepEqual(early, all, 'nothing from before the checkpoint')
  await workspace.close()
})

test('a history that was written in the first form is dropped with what pointed into it', async () => {
  const data = join(mkdtempSync(join(tmpdir(), 'history-')), 'data.db')
  const store = openStore(data, systemClock)
  store.db.raw.exec(`CREATE TABLE history (n INTEGER PRIMARY KEY, op TEXT);
    INSERT INTO history_checkpoints VALUES ('old', 7, 0, 0); INSERT INTO history_rewinds VALUES (3, 1)`)
  store.db.close()
  const { workspace, control } = await open({ data })
  assert.deepEqual([control.checkpoints(), control.changes().changes], [[], []])
  await workspace.close()
})

for (const history of [null, 0, 'no', [], { writes: 0 }, { writes: 1.5 }, { bytes: '1' }, { days: 1 }]) {
  test(`history: ${JSON.stringify(history)} is refused`, async () => {
    await assert.rejects(createWorkspace({ history } as never), /history must be true, false, or/)
  })
}

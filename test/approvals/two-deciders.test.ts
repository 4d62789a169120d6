import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { openApprovals } from '../../src/approvals/index.ts'
import type { Deciding } from '../support/deciding-thread.ts'

test('of two who decide at once on one file one holds each time, and the other is told who and what', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-deciders-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'approvals.db')
  const store = openApprovals(file)
  t.after(() => store.close())
  const call = { caller: 'crm', workspace: 'w', action: 'list_tags', preview: null, asked_by: null }
  const ids: string[] = []
  for (let number = 0; number < 40; number += 1)
    ids.push((await store.hold({ ...call, input: {}, idempotencyKey: `${number}` })).id)

  const people = ['Ann', 'Bert'].map((by) => {
    const workerData: Deciding = { file, ids, by }
    return {
      by,
      worker: new Worker(new URL('../support/deciding-thread.ts', import.meta.url), { workerData }),
    }
  })
  await Promise.all(people.map(({ worker }) => once(worker, 'message')))
  const answers = people.map(({ worker }) => once(worker, 'message'))
  for (const { worker } of people) worker.postMessage('go')
  const [[ann], [bert]] = (await Promise.all(answers)) as [[string[]], [string[]]]

  for (const [at, id] of ids.entries()) {
    const { state, decided_by } = (await store.get(id)) ?? {}
    const [own, other] = decided_by === 'Ann' ? [ann[at], bert[at]] : [bert[at], ann[at]]
    assert.equal(own, state)
    assert.match(
      String(other),
      new RegExp(`^already_decided: approval ${id} was ${state} by ${decided_by} at `),
    )
  }
})

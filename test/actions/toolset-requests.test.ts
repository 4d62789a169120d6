// Two witnesses of what the actions of toolsets send: Intercom's description, and the requests of its own SDK.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { IntercomClient } from 'intercom-client'
import { createIntercom } from '../../src/index.ts'
import { openCheckedWorkspace } from '../support/checked-workspace.ts'
import { officialCalls } from '../support/official-calls.ts'
import { type ToolsetSubjects, toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

// With INTERCOM_OPENAPI every request and every answer is held against the description.
const checked = await openCheckedWorkspace({ seed: 'small', checkRequests: true })
const { url, accessToken, workspace, exchanges } = checked
const intercom = createIntercom({ accessToken, baseUrl: url, toolsets: ['all'] })
const official = new IntercomClient({ environment: url, token: accessToken, version: '2.12', maxRetries: 0 })
const of = await toolsetSubjects(intercom)
const me = String((await official.admins.identify())?.id)
workspace.control.snapshot('start')
after(async () => {
  await intercom.close()
  await checked.close()
})

/** The last request that some calls make of the same start: the one they are made for. */
async function lastRequest(calls: () => Promise<unknown>) {
  workspace.control.restore('start')
  const before = exchanges.length
  await calls()
  assert.ok(exchanges.length > before)
  const { method, path, query, body, status } = exchanges.at(-1) ?? assert.fail()
  return { method, path, query, body, status }
}

for (const [name, example] of Object.entries(toolsetExamples) as [string, (of: ToolsetSubjects) => object][])
  test(`${name} sends what Intercom's SDK sends`, async () => {
    const input = example(of)
    const ours = await lastRequest(async () => {
      const { success, error } = await intercom.run(name, input)
      assert.deepEqual([success, error], [true, null])
    })
    const theirs = await lastRequest(async () => officialCalls[name]?.(official, { ...of, me }))
    assert.deepEqual(ours, theirs)
  })

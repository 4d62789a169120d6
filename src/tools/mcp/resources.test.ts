import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intercom } from '../../intercom.ts'
import { offerOf } from '../invoke.ts'
import { toolsOf } from '../policy.ts'
import { readResource, resourceTemplates } from './resources.ts'

test('the id of a resource is decoded as one segment, and aborting the request ends the call', async () => {
  const calls: unknown[][] = []
  const call = async (...given: unknown[]) => {
    calls.push(given)
    return { output: { success: true, error: null, result: {} }, failure: null }
  }
  const offer = offerOf({ call } as unknown as Intercom, {})
  const { signal } = new AbortController()
  const contents = []
  for (const id of ['a%2Fb%3Fc', '%']) {
    contents.push((await readResource(offer, `intercom://contacts/${id}`, signal)).contents)
  }
  assert.deepEqual(calls, [
    ['get_contact', { contact_id: 'a/b?c' }, { signal }],
    ['get_contact', { contact_id: '%' }, { signal }],
  ])
  assert.equal(contents.flat()[0]?.uri, 'intercom://contacts/a%2Fb%3Fc')
})

for (const approve of ['read', 'get_contact'] as const) {
  test(`what a person has to confirm (${approve}) is no resource, and is not read as one`, async () => {
    const call = async () => assert.fail('nothing is asked')
    const access = { approve: [approve] }
    const offer = offerOf({ call } as unknown as Intercom, access)
    const templates = resourceTemplates(toolsOf(access)).map(({ uriTemplate }) => uriTemplate)
    assert.ok(!templates.includes('intercom://contacts/{id}'))
    assert.equal(templates.includes('intercom://conversations/{id}'), approve !== 'read')
    const { signal } = new AbortController()
    await assert.rejects(readResource(offer, 'intercom://contacts/1', signal), {
      message: /intercom:\/\/contacts\/1/,
    })
  })
}

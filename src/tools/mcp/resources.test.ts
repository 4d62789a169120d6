import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intercom } from '../../intercom.ts'
import { offerOf } from '../offer.ts'
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

test('what a person has to be asked about is no resource, which nobody is asked about', async () => {
  const intercom = { call: async () => assert.fail('nothing is read') } as unknown as Intercom
  const offer = offerOf(intercom, { approve: ['get_contact'] })
  const templates = resourceTemplates([...offer.tools.values()]).map(({ name }) => name)
  assert.deepEqual([templates.includes('get_contact'), templates.includes('get_conversation')], [false, true])
  const { signal } = new AbortController()
  await assert.rejects(readResource(offer, 'intercom://contacts/1', signal), /Resource not found/)
})

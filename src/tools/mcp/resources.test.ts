import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intercom } from '../../intercom.ts'
import { offerOf } from '../invoke.ts'
import { readResource } from './resources.ts'

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

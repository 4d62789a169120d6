import assert from 'node:assert/strict'
import { test } from 'node:test'
import { intercomTools } from '../../src/tools/functions.ts'
import { scriptedIntercom } from '../support/scripted-intercom.ts'

const email = 'ada@example.com'
const lead = { type: 'contact', id: 'bbbbbbbbbbbbbbbbbbbbbbbb', role: 'lead', email }
const found = (...data: object[]) => ({ json: { data, total_count: data.length, pages: {} } })

for (const [what, script, input, changed] of [
  [
    'found',
    found({ ...lead, name: 'Ann', custom_attributes: { seats: 1 } }),
    { email, name: 'Ada' },
    { name: 'Ann → Ada', 'custom_attributes.seats': '1 → 2' },
  ],
  [
    'read',
    { json: { ...lead, name: null, custom_attributes: { seats: 2, city: 'Kiel' } } },
    { contact_id: lead.id, email, name: 'Ada' },
    { name: 'none → Ada', 'custom_attributes.city': 'Kiel → none' },
  ],
  ['as it was', found({ ...lead, name: 'Ada', custom_attributes: { seats: 2 } }), { email }, 'nothing'],
  ['new', found(), { email }, undefined],
] as const)
  test(`a compact answer says what has changed of a contact that was ${what}`, async () => {
    const after = { ...lead, name: 'Ada', custom_attributes: { seats: 2 } }
    const server = await scriptedIntercom([script, { json: after }])
    const { structured } = await intercomTools(server.intercom).call('upsert_contact', input)
    assert.deepEqual((structured['contact'] as Record<string, unknown>)['changed'], changed)
    const full = await intercomTools(server.intercom, { output: 'full' }).call('get_contact', {
      contact_id: lead.id,
    })
    assert.ok(!full.text.includes('changed'))
    await server.close()
  })

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { errorList, type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'
import { toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small' })
const connection = { accessToken: workspace.accessToken, dispatcher: workspace.dispatcher }
const intercom = createIntercom({ ...connection, toolsets: ['contacts'], settleMs: [1] })
const of = await toolsetSubjects(createIntercom({ ...connection, toolsets: ['all'] }))
workspace.control.snapshot('start')
after(async () => {
  await intercom.close()
  await workspace.close()
})

/** The requests that change something, since the last look. */
function written(): string[] {
  const seen = workspace.control.requests(1000).filter(({ method }) => method !== 'GET')
  workspace.control.clearRequests()
  return seen.map(({ method, path }) => `${method} ${path}`)
}

test('a contact is changed by its id, and only in what is given', async () => {
  const { contact: contact_id, admin } = of
  const before = await intercom.getContact({ contact_id })
  const { result, error } = await intercom.updateContact({
    contact_id,
    name: 'Ada Lovelace',
    owner_id: admin,
    custom_attributes: { plan: 'pro' },
  })
  assert.deepEqual([error, result?.name, result?.owner_id], [null, 'Ada Lovelace', Number(admin)])
  assert.equal(result?.email, before.result?.email)
  assert.deepEqual(result?.custom_attributes, { ...before.result?.custom_attributes, plan: 'pro' })
  const cleared = await intercom.updateContact({ contact_id, clear: ['name'] })
  assert.equal(cleared.result?.name, null)
})

for (const [input, problem] of [
  [{}, /contact_id is given, and nothing to change/],
  [{ owner_id: 'Bo' }, /owner_id is not the id of a teammate; find it with list_admins/],
  [{ role: 'lead' }, /role/],
  [{ name: '' }, /name is empty; to empty it, use clear: \["name"\]/],
  [{ email: 'ada at example.com' }, /email is not an e-mail address/],
  [{ phone: 'none' }, /phone is "none", which a program writes for a missing value/],
  [{ custom_attributes: { signup: '{{signup}}' } }, /custom_attributes.signup is "\{\{signup\}\}"/],
  [{ name: 'A', clear: ['name'] }, /clear names "name", which is also given a value/],
  [{ custom_attributes: { plam: 'x' } }, /custom_attributes.plam does not exist in this workspace/],
] as const)
  test(`update_contact refuses ${JSON.stringify(input)}, and changes nothing`, async () => {
    const contact_id = of.contact
    const before = await intercom.getContact({ contact_id })
    const { success, error } = await intercom.run('update_contact', { contact_id, ...input } as never)
    assert.equal(success, false)
    assert.match(String(error), problem)
    assert.deepEqual((await intercom.getContact({ contact_id })).result, before.result)
  })

test('a contact is archived and brought back, as often as it is asked for', async () => {
  workspace.control.restore('start')
  const { contact: contact_id } = of
  for (const archived of [true, true, false, false]) {
    const { success, result } = await intercom.archiveContact({ contact_id, archived })
    assert.deepEqual([success, result?.archived], [true, archived])
    assert.equal((await intercom.getContact({ contact_id })).success, !archived)
  }
})

test('a contact is deleted once, and a second call says that there is none', async () => {
  workspace.control.restore('start')
  const { contact: contact_id } = of
  assert.equal((await intercom.deleteContact({ contact_id })).success, true)
  const again = await intercom.deleteContact({ contact_id })
  assert.match(String(again.error), /404.*deleted or merged already/)
})

test('a lead is merged into a user, and what cannot be merged is refused before anything is sent', async () => {
  workspace.control.restore('start')
  const { contact, lead } = of
  written()
  for (const [from_contact_id, into_contact_id, problem] of [
    [contact, lead, /is the user and .* the lead\. Nothing was merged\. Swap/],
    [contact, contact, /into_contact_id is the same as from_contact_id/],
    [contact, 'f'.repeat(24), /404.*search_contacts/],
  ] as const) {
    const { error } = await intercom.mergeContacts({ from_contact_id, into_contact_id })
    assert.match(String(error), problem)
  }
  assert.deepEqual(written(), [])
  const { success, result } = await intercom.mergeContacts({
    from_contact_id: lead,
    into_contact_id: contact,
  })
  assert.deepEqual([success, result?.id], [true, contact])
  assert.equal((await intercom.getContact({ contact_id: lead })).failure?.status, 404)
})

test('a merge whose answer is lost is proved by the state, and not sent again', async () => {
  workspace.control.restore('start')
  written()
  workspace.control.addFault({ kind: 'commit_reset', route: 'POST /contacts/merge', count: 1 })
  const { contact, lead } = of
  const fresh = createIntercom({ ...connection, toolsets: ['contacts'], settleMs: [1] })
  const { success, trace } = await fresh.mergeContacts({ from_contact_id: lead, into_contact_id: contact })
  assert.deepEqual([success, trace.verified_by], [true, 'read_back'])
  assert.deepEqual(written(), ['POST /contacts/merge'])
})

test('a merge that never arrived stays unknown, and nothing is sent again', async () => {
  const user = { json: { type: 'contact', id: 'u', role: 'user' } }
  const lead = { json: { type: 'contact', id: 'l', role: 'lead' } }
  const lost: Reply = (_, socket) => socket.destroy()
  const server = await scriptedIntercom([lead, user, lost, lead], {
    toolsets: ['contacts'],
    onUnknown: 'verify',
    settleMs: [1],
  })
  const { failure, output } = await server.intercom.call('merge_contacts', {
    from_contact_id: 'l',
    into_contact_id: 'u',
  })
  assert.equal(failure?.outcome, 'unknown')
  assert.match(
    String(output.error),
    /may have been merged\. Do not send it again\..*whether l is still there/,
  )
  assert.equal(server.received.filter(({ method }) => method === 'POST').length, 1)
  await server.close()
})

test('a tag is taken off a contact, and its absence is no failure', async () => {
  workspace.control.restore('start')
  const { contact: contact_id, tag: tag_id } = of.taggedContact
  written()
  assert.equal((await intercom.removeTagFromContact({ contact_id, tag_id })).success, true)
  assert.equal(written().length, 1)
  assert.equal((await intercom.removeTagFromContact({ contact_id, tag_id })).success, true)
  assert.deepEqual(written(), [])
  const unknown = await intercom.removeTagFromContact({ contact_id: 'f'.repeat(24), tag_id })
  assert.match(String(unknown.error), /404/)
})

test('a tag is found in any case, and made once', async () => {
  const { result } = await intercom.upsertTag({ name: 'Asked for a refund' })
  const again = await intercom.upsertTag({ name: 'ASKED FOR A REFUND' })
  assert.equal(again.result?.id, result?.id)
})

test('notes come in pages, and the page after the last is empty', async () => {
  const { contact: contact_id } = of
  for (const body of ['One', 'Two', 'Three']) await intercom.createNote({ contact_id, body })
  const first = await intercom.listContactNotes({ contact_id, per_page: 2 })
  assert.equal(first.notes.length, 2)
  assert.match(String(first.notes[0]?.body), /Three/)
  const last = Number(first.pages?.total_pages)
  assert.deepEqual((await intercom.listContactNotes({ contact_id, per_page: 2, page: last + 1 })).notes, [])
})

test('segments, attributes and subscriptions are listed', async () => {
  const { segments } = await intercom.listSegments()
  assert.ok(segments.every(({ count }) => typeof count === 'number'))
  const [segment] = segments
  const named = await intercom.listSegments({ name_contains: String(segment?.name) })
  assert.ok(named.segments.some(({ id }) => id === segment?.id))
  assert.ok((await intercom.listSegments({ contact_id: of.contact })).success)
  const own = await intercom.listAttributes()
  assert.ok(own.total_count > 0 && own.attributes.every(({ custom }) => custom))
  const all = await intercom.listAttributes({ include_standard: true, name_contains: 'email' })
  assert.ok(all.attributes.some(({ name }) => name === 'email'))
})

test('a choice is stored where its kind asks for it, and taken away where not', async () => {
  const { contact: contact_id } = of
  const { subscriptions } = await intercom.listSubscriptions()
  assert.ok(subscriptions.length > 0)
  for (const { id: subscription_id, consent_type } of subscriptions) {
    const other = consent_type === 'opt_in' ? 'opt_out' : 'opt_in'
    for (const [consent, stored] of [
      [consent_type, true],
      [consent_type, true],
      [other, false],
      [other, false],
    ] as const) {
      const { success } = await intercom.updateSubscription({ contact_id, subscription_id, consent })
      assert.equal(success, true)
      const own = await intercom.listSubscriptions({ contact_id })
      assert.equal(
        own.subscriptions.some(({ id }) => id === subscription_id),
        stored,
      )
    }
  }
  const unknown = await intercom.updateSubscription({ contact_id, subscription_id: '999', consent: 'opt_in' })
  assert.match(String(unknown.error), /no subscription 999.*list_subscriptions/)
})

test('a 404 for a person who never was stays a failure after a lost answer', async () => {
  const missing: Reply = { status: 404, json: errorList('not_found', 'User Not Found') }
  const server = await scriptedIntercom([missing], { toolsets: ['contacts'] })
  const { success } = await server.intercom.run('remove_tag_from_contact', { contact_id: 'c', tag_id: '7' })
  assert.equal(success, false)
  assert.ok(server.received.every(({ method }) => method === 'GET'))
  await server.close()
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { scriptedIntercom } from '../support/scripted-intercom.ts'
import { toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small' })
const connection = { accessToken: workspace.accessToken, dispatcher: workspace.dispatcher }
const intercom = createIntercom({ ...connection, toolsets: ['companies', 'events'], settleMs: [1] })
const of = await toolsetSubjects(createIntercom({ ...connection, toolsets: ['all'] }))
after(async () => {
  await intercom.close()
  await workspace.close()
})

test('companies are listed in pages, and those of a contact, a tag or a segment', async () => {
  const all = await intercom.listCompanies({ per_page: 500 })
  assert.deepEqual([all.error, all.pages?.per_page], [null, 60], 'clamped to what Intercom takes')
  assert.ok(all.companies.length > 0 && all.total_count >= all.companies.length)
  const last = Number(all.pages?.total_pages)
  assert.deepEqual((await intercom.listCompanies({ per_page: 500, page: last + 1 })).companies, [])
  const own = await intercom.listCompanies({ contact_id: of.member.contact })
  assert.ok(own.companies.some(({ id }) => id === of.member.company))
  const both = await intercom.listCompanies({ contact_id: of.member.contact, tag_id: '1' })
  assert.match(String(both.error), /give one of the three at most/)
})

test('a company is found by its id, by your own id and by its name', async () => {
  const { result } = await intercom.getCompany({ id: of.company })
  assert.equal(result?.id, of.company)
  const { company_id, name } = result ?? { company_id: '', name: '' }
  assert.equal((await intercom.getCompany({ company_id })).result?.id, of.company)
  assert.equal((await intercom.getCompany({ name })).result?.id, of.company)
  assert.match(String((await intercom.getCompany({ name: 'No such company' })).error), /404.*list_companies/)
  assert.match(String((await intercom.getCompany({})).error), /id or company_id or name is needed/)
})

for (const [data, expected] of [
  [[], /not_found: no company has it/],
  [[{ id: 'a' }, { id: 'b' }], /ambiguous: 2 companies have it: a, b\. Give one id/],
  [[{ type: 'company', id: 'a' }], null],
] as const)
  test(`a search by name that answers a list of ${data.length} is read too`, async () => {
    const server = await scriptedIntercom([{ json: { type: 'list', data } }], { toolsets: ['companies'] })
    const { error } = await server.intercom.run('get_company', { name: 'Acme' })
    if (expected === null) assert.equal(error, null)
    else assert.match(String(error), expected)
    await server.close()
  })

test('a company is created once and changed only in what is given', async () => {
  const company_id = 'acme-77'
  const made = await intercom.upsertCompany({ company_id, name: 'Acme', size: 12, monthly_spend: 300 })
  const again = await intercom.upsertCompany({ company_id, industry: 'Tools' })
  assert.deepEqual([made.error, again.result?.id], [null, made.result?.id])
  assert.deepEqual([again.result?.name, again.result?.monthly_spend], ['Acme', 300])
})

for (const [input, problem] of [
  [{ monthly_spend: 1.5 }, /monthly_spend must be a whole number/],
  [{ monthly_spend: 2 ** 31 }, /monthly_spend is more than 2147483647, which Intercom would cut/],
  [{ name: ' ' }, /name is empty/],
  [{ name: '{{company}}' }, /name is "\{\{company\}\}"/],
  [{ company: 'Acme' }, /company.*name/],
  [{ custom_attributes: { nope: 1 } }, /custom_attributes.nope does not exist in this workspace/],
] as const)
  test(`upsert_company refuses ${JSON.stringify(input)}`, async () => {
    const { success, error } = await intercom.run('upsert_company', {
      company_id: 'refused-1',
      ...input,
    } as never)
    assert.equal(success, false)
    assert.match(String(error), problem)
    assert.equal((await intercom.getCompany({ company_id: 'refused-1' })).success, false)
  })

test('a contact joins and leaves a company', async () => {
  const { lead: contact_id, company: id } = of
  const isIn = async () =>
    (await intercom.listCompanyContacts({ id, per_page: 150 })).contacts.some((one) => one.id === contact_id)
  for (let times = 0; times < 2; times++) {
    assert.equal((await intercom.addContactToCompany({ contact_id, id })).success, true)
    assert.equal(await isIn(), true)
  }
  assert.equal((await intercom.removeContactFromCompany({ contact_id, id })).success, true)
  assert.equal(await isIn(), false)
  const unknown = await intercom.removeContactFromCompany({ contact_id, id: 'f'.repeat(24) })
  assert.match(String(unknown.error), /404.*Nothing was changed/)
})

test('an event is recorded once, also when its answer is lost, and is listed and counted', async () => {
  const { contact: contact_id } = of
  workspace.control.addFault({ kind: 'commit_reset', route: 'POST /events', count: 1 })
  const created_at = String(Math.floor(Date.now() / 1000) - 60)
  const event = { contact_id, event_name: 'invited-friend', created_at, metadata: { plan: 'pro' } }
  const { error, result } = await intercom.createEvent(event)
  assert.deepEqual(
    [error, result?.event_name, result?.created_at],
    [null, 'invited-friend', Number(created_at)],
  )
  const listed = await intercom.listEvents({ contact_id })
  const own = listed.events.filter((one) => 'event_name' in one && one.event_name === 'invited-friend')
  assert.equal(own.length, 1)
  const counted = await intercom.listEvents({ contact_id, summary: true })
  assert.ok(counted.events.some((one) => 'count' in one && one.name === 'invited-friend' && one.count === 1))
})

test('events go on at the cursor', async () => {
  const { lead: contact_id } = of
  for (const second of [30, 20, 10])
    await intercom.createEvent({
      contact_id,
      event_name: 'paid',
      created_at: String(Math.floor(Date.now() / 1000) - second),
    })
  const seen: unknown[] = []
  let before: string | undefined
  do {
    const page = await intercom.listEvents({ contact_id, per_page: 2, ...(before && { before }) })
    seen.push(...page.events)
    before = page.pages?.next.before
  } while (before !== undefined)
  assert.equal(seen.length, 3)
})

for (const [input, problem] of [
  [{ event_name: ' ' }, /event_name is empty/],
  [{ created_at: '2026-01-01' }, /created_at needs a time and its zone/],
  [{ metadata: { nested: { deep: 1 } } }, /metadata.nested takes text, a number/],
  [
    { metadata: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, n])) },
    /more than 10 names/,
  ],
] as const)
  test(`create_event refuses ${JSON.stringify(input)}`, async () => {
    const call = { contact_id: of.contact, event_name: 'x', ...input }
    const { success, error } = await intercom.run('create_event', call as never)
    assert.equal(success, false)
    assert.match(String(error), problem)
  })

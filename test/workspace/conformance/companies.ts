import assert from 'node:assert/strict'
import test from 'node:test'
import type { World } from './world.ts'

interface Company {
  readonly id: string
  readonly company_id: string
  readonly user_count: number
  readonly monthly_spend: number
  readonly plan: { readonly name?: string }
  readonly tags: { readonly tags: readonly { readonly name: string }[] }
}
interface CompanyList {
  readonly data: readonly Company[]
  readonly total_count: number
  readonly pages: { readonly next: string | null }
}

/** Companies, who is in them, and their tags. */
export function driveCompanies(world: World): void {
  const { ask, refused, user, lead, tag } = world

  test('a company is made, found again by its company_id, changed and read', async () => {
    const body = {
      company_id: 'conformance-1',
      name: 'Conformance Ltd',
      plan: 'Enterprise',
      size: 40,
      website: 'https://example.com',
      industry: 'Testing',
      remote_created_at: 1_374_138_000,
      monthly_spend: 155.98,
      custom_attributes: {},
    }
    const made = await ask<Company>('POST', '/companies', { body })
    assert.deepEqual([made.monthly_spend, made.plan.name], [155, 'Enterprise'])
    const again = await ask<Company>('POST', '/companies', {
      body: { company_id: 'conformance-1', size: 41 },
    })
    assert.equal(again.id, made.id)
    assert.deepEqual(await ask('GET', `/companies/${made.id}`), again)
    await ask('PUT', `/companies/${made.id}`, { body: { name: 'Conformance Inc' } })
    for (const filter of ['company_id=conformance-1', 'name=Conformance%20Inc']) {
      assert.equal((await ask<Company>('GET', `/companies?${filter}`)).id, made.id)
    }
    await ask('POST', '/companies', { body: {} })
  })

  test('contacts join a company and leave it', async () => {
    const { id } = await ask<Company>('GET', '/companies?company_id=conformance-1')
    const attached = await ask<Company>('POST', `/contacts/${user.id}/companies`, { body: { id } })
    assert.equal(attached.user_count, 1)
    await ask('POST', `/contacts/${user.id}/companies`, { body: { id } })
    await ask('POST', `/contacts/${lead.id}/companies`, { body: { id } })
    await ask('GET', `/contacts/${user.id}`)
    assert.equal((await ask<CompanyList>('GET', `/contacts/${user.id}/companies`)).data[0]?.id, id)
    const people = await ask<CompanyList>('GET', `/companies/${id}/contacts?per_page=1`)
    assert.equal(people.total_count, 2)
    await ask('GET', `/companies/${id}/segments`)
    const detached = await ask<Company>('DELETE', `/contacts/${lead.id}/companies/${id}`)
    assert.equal(detached.user_count, 1)
  })

  test('companies are tagged and untagged by name', async () => {
    const companies = [{ company_id: 'conformance-1' }]
    await ask('POST', '/tags', { body: { name: tag.name, companies } })
    const tagged = await ask<CompanyList>('GET', `/companies?tag_id=${tag.id}`)
    assert.deepEqual(
      tagged.data.map((company) => company.tags.tags.map(({ name }) => name)),
      [[tag.name]],
    )
    await ask('POST', '/tags', { body: { name: tag.name, companies: [{ ...companies[0], untag: true }] } })
    assert.equal((await ask<CompanyList>('GET', `/companies?tag_id=${tag.id}`)).total_count, 0)
  })

  test('companies are listed in pages, both ways round, and scrolled', async () => {
    const first = await ask<CompanyList>('POST', '/companies/list?page=1&per_page=7&order=desc')
    const { total_count } = await ask<CompanyList>('GET', '/companies?per_page=7&page=2')
    assert.equal(first.total_count, total_count)
    assert.ok(total_count >= 10, `${total_count} companies have people`)
    await ask('POST', '/companies/list?order=asc', { body: {} })
    assert.deepEqual((await ask<CompanyList>('POST', '/companies/list?page=900')).data, [])
    await ask('GET', '/companies?segment_id=1')
    const seen: string[] = []
    let scroll = await ask<CompanyList & { scroll_param: string }>('GET', '/companies/scroll')
    assert.equal((await refused('GET', '/companies/scroll')).code, 'scroll_exists')
    while (scroll.data.length > 0) {
      seen.push(...scroll.data.map(({ id }) => id))
      scroll = await ask('GET', `/companies/scroll?scroll_param=${scroll.scroll_param}`)
    }
    assert.equal(new Set(seen).size, total_count)
  })

  test('a company that is deleted leaves its people', async () => {
    const { id } = await ask<Company>('GET', '/companies?company_id=conformance-1')
    await ask('DELETE', `/companies/${id}`)
    assert.equal((await refused('GET', `/companies/${id}`)).code, 'company_not_found')
    assert.deepEqual((await ask<CompanyList>('GET', `/contacts/${user.id}/companies`)).data, [])
  })
}

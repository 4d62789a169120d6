import { valuesAt } from './call.ts'
import type { Ask, Witness } from './witness.ts'

/**
 * Adds to the local Intercom what its demo data has none of: whole families, and objects of which nothing is set, so
 * that a key that Intercom leaves out, or answers with null, is known to be such. What it refuses is left out.
 */
export async function prepare(local: Witness): Promise<void> {
  const send = async (method: Ask['method'], path: string, body?: unknown, at = 'id') => {
    const answer = await local({ method, path, body, safe: false })
    return 'broken' in answer ? '' : (valuesAt(answer.json, at)[0] ?? '')
  }
  const admin = await send('GET', '/me')
  const company = await send('POST', '/companies', { company_id: 'compare-bare', name: 'Bare' })
  const user = await send('POST', '/contacts', { role: 'user', email: 'bare@compare.example' })
  await send('POST', `/contacts/${user}/companies`, { id: company })
  await send('POST', '/contacts', { role: 'lead' })

  const collection = await send('POST', '/help_center/collections', { name: 'Compare' })
  await send('POST', '/help_center/collections', {
    name: 'Within',
    description: 'Below',
    parent_id: collection,
  })
  await send('POST', '/articles', { title: 'A draft', author_id: Number(admin) })
  const whole = {
    title: 'An article',
    description: 'About a thing',
    body: '<p>A body</p>',
    author_id: Number(admin),
  }
  await send('POST', '/articles', {
    ...whole,
    state: 'published',
    parent_id: collection,
    parent_type: 'collection',
  })
  await send('POST', '/articles', {
    ...whole,
    translated_content: { fr: { ...whole, type: 'article_content' } },
  })
  await send('POST', '/news/news_items', { title: 'News', body: '<p>Body</p>', sender_id: Number(admin) })
  const source = await send('POST', '/ai/content_import_sources', {
    sync_behavior: 'api',
    url: 'https://compare.example',
  })
  const page = { title: 'A page', html: '<p>A page</p>', url: 'https://compare.example/a', locale: 'en' }
  await send('POST', '/ai/external_pages', { ...page, external_id: 'a', source_id: Number(source) })

  await addAttributes(send)
  const types = await local({ method: 'GET', path: '/ticket_types', safe: true })
  for (const type of 'broken' in types ? [] : valuesAt(types.json, 'data[].id')) {
    const ticket = await send('POST', '/tickets', { ticket_type_id: type, contacts: [{ id: user }] })
    const reply = { message_type: 'comment', type: 'admin', admin_id: admin, body: 'A reply' }
    await send('POST', `/tickets/${ticket}/reply`, reply)
  }
}

/** Attributes of every kind: which keys one has depends on it, and workspaces have all kinds. */
async function addAttributes(send: (method: 'POST', path: string, body: object) => Promise<string>) {
  const choice = { data_type: 'options', options: [{ value: 'a' }, { value: 'b' }] }
  for (const model of ['contact', 'company'])
    for (const [name, more] of Object.entries({ words: { data_type: 'string' }, choice }))
      await send('POST', '/data_attributes', { model, name: `compare_${model}_${name}`, ...more })
  const type = await send('POST', '/ticket_types', { name: 'Compare' })
  for (const data_type of ['string', 'list', 'integer', 'decimal', 'boolean', 'datetime', 'files'])
    await send('POST', `/ticket_types/${type}/attributes`, {
      ...{ name: `compare ${data_type}`, description: 'Of a kind', data_type },
      ...(data_type === 'list' && { list_items: 'a,b' }),
    })
}

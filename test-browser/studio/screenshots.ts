// Makes docs/images/studio-*.png: each view with something in it, as it comes with the demo data.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { launched } from '../chromium.ts'
import { studio, visitorsOf } from './support.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })
const [browser, server] = await Promise.all([launched(), studio(['--sends', 'confirm'])])
const open = visitorsOf(browser, server)
try {
  type Conversations = { conversations: { id: string }[] }
  const { conversations } = await server.intercom<Conversations>('GET', '/conversations?per_page=3')
  const admin_id = (await server.intercom<{ id: string }>('GET', '/me')).id
  const [first = '', second = ''] = conversations.map(({ id }) => id)
  const reply = (body: string) => ({ message_type: 'comment', type: 'admin', admin_id, body })
  const { data } = await server.intercom<{ data: { id: string }[] }>('GET', '/contacts?per_page=1')
  const contact_id = data[0]?.id ?? ''

  // What an agent does: a look, a note, a tag, and a reply that waits for a person.
  await server.action('get_contact', { contact_id })
  await server.action('create_note', { contact_id, body: 'Prefers to be called in the morning.' })
  await server.action('search_contacts', { query_field: 'role', query_value: 'lead' })
  await server.control('POST', '/checkpoints', { name: 'before the agent' })
  await server.intercom('PUT', `/contacts/${contact_id}`, { custom_attributes: { plan: 'Team', seats: 12 } })
  await server.intercom(
    'POST',
    `/conversations/${second}/reply`,
    reply('<p>It is fixed. Please reload the page.</p>'),
  )
  await server.action('reply_to_conversation', {
    conversation_id: first,
    reply_type: 'admin',
    admin_id,
    body: '<p>Thanks for writing. It is switched on for you from tomorrow.</p>',
  })

  type Shot = { name: string; path: string; colorScheme: 'light' | 'dark'; choose?: RegExp }
  const input = encodeURIComponent('{"query_field":"role","query_value":"lead"}')
  const shots: Shot[] = [
    { name: 'desk', path: `/desk/${first}`, colorScheme: 'light' },
    { name: 'actions', path: `/actions/search_contacts?input=${input}`, colorScheme: 'light' },
    { name: 'sends', path: '/sends', colorScheme: 'light', choose: /Reply/ },
    { name: 'traffic', path: '/traffic', colorScheme: 'dark', choose: /POST/ },
    {
      name: 'lab',
      path: '/lab/changes/before%20the%20agent',
      colorScheme: 'dark',
      choose: /Contact updated/,
    },
  ]
  for (const { name, path, colorScheme, choose } of shots) {
    const { page, close } = await open(path, { colorScheme, reducedMotion: 'reduce' })
    if (choose !== undefined) await page.locator('.list-row', { hasText: choose }).first().click()
    if (name === 'actions') await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForTimeout(1500)
    await page.screenshot({ path: `${folder}/studio-${name}.png` })
    await close()
  }
} finally {
  await browser.close()
  await server.stop()
}

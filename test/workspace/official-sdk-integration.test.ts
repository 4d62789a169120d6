// The official SDK's own walk through everything at once (docs/intercom-api.md 9).
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openSdkWorld } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

test('a company, its people, their conversations and a tag on them all come together', async () => {
  const { admins = [] } = await client.admins.list()
  const admin_id = String(admins[0]?.id)
  const company = await client.companies.createOrUpdate({ company_id: 'walk-1', name: 'Walk & Co' })
  const user = await client.contacts.create({ email: 'walk@example.com', name: 'Wanda Walk' })
  const lead = await client.contacts.create({ role: 'lead', name: 'Leo Walk' })
  const tag = await client.tags.create({ name: 'Walking' })

  const contact_id = String(user.id)
  const attached = await client.companies.attachContact({ contact_id, id: company.id })
  assert.equal(attached.company_id, 'walk-1')
  const tagged = await client.tags.tagContact({ contact_id, id: tag.id })
  assert.equal(tagged.name, 'Walking')

  for (const [type, { id }] of [
    ['user', user],
    ['lead', lead],
  ] as const) {
    const message = await client.conversations.create({ from: { type, id: String(id) }, body: 'Hello there' })
    const conversation_id = String(message.conversation_id)
    await client.tags.tagConversation({ conversation_id, id: tag.id, admin_id })
    const found = await client.conversations.find({ conversation_id })
    assert.deepEqual(
      found.tags?.tags?.map(({ name }) => name),
      ['Walking'],
    )
    const types = found.conversation_parts?.conversation_parts?.map(({ part_type }) => part_type)
    assert.equal(types?.includes('company_updated'), type === 'user')
  }
  const query = { field: 'tag_ids', operator: '=', value: tag.id } as const
  assert.equal((await client.conversations.search({ query })).data.length, 2)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorkspace, expectChanges } from '../index.ts'

/** A workspace whose agent has renamed Ann, tagged her and left a note. */
async function afterTheAgent() {
  const workspace = await createWorkspace({ rateLimit: false })
  const ask = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${workspace.accessToken}` }
    const request = new Request(`http://local${path}`, { method, headers, body: JSON.stringify(body) })
    return (await (await workspace.fetch(request)).json()) as { id: string }
  }
  const ann = (await ask('POST', '/contacts', { email: 'ann@example.com', name: 'Ann' })).id
  const tag = (await ask('POST', '/tags', { name: 'VIP' })).id
  workspace.control.checkpoint('before')
  await ask('PUT', `/contacts/${ann}`, { name: 'Bea', phone: '+4930123456' })
  await ask('POST', `/contacts/${ann}/tags`, { id: tag })
  await ask('POST', `/contacts/${ann}/notes`, { body: 'Called' })
  const found = workspace.control.changesSince('before')
  await workspace.close()
  return { ann, tag, found }
}

test('exactly these changes, in any order', async () => {
  const { ann, tag, found } = await afterTheAgent()
  const renamed = { entity: 'contact', entity_id: ann, fields: { name: 'Bea', phone: { before: null } } }
  const tagged = { entity: 'contact', fields: { tags: { added: [tag] } } }
  const noted = {
    entity: 'note',
    action: 'created',
    fields: { body: '<p>Called</p>' },
    customer_saw: false,
  } as const
  expectChanges(found, [noted, tagged, renamed])
  expectChanges(found.changes, [{ entity: 'contact' }, renamed, { entity: 'note' }])
  const wrong = [
    [noted, tagged],
    [noted, tagged, renamed, noted],
    [noted, tagged, { ...renamed, fields: { name: 'Bea' } }],
    [noted, tagged, { ...renamed, fields: { name: 'Bob', phone: '+4930123456' } }],
    [noted, tagged, { ...renamed, fields: { ...renamed.fields, email: null } }],
    [noted, tagged, { ...renamed, action: 'created' }],
    [noted, { ...tagged, fields: { tags: { added: [] } } }, renamed],
    [{ ...noted, customer_saw: true }, tagged, renamed],
    [{ ...noted, token: 'token-0000000000' }, tagged, renamed],
  ] as const
  for (const expected of wrong) assert.throws(() => expectChanges(found, expected), assert.AssertionError)
  assert.throws(() => expectChanges({ ...found, has_more: true }, []), /more changes than were listed/)
  assert.throws(() => expectChanges({ ...found, complete: false }, []), /no longer in the history/)
  assert.throws(() => expectChanges('start' as never, []), /changesSince\(name\)/)
})

test('the error shows what is missing and what should not be there', async () => {
  const { ann, found } = await afterTheAgent()
  const expected = [
    { entity: 'contact', fields: { name: 'Bob' } },
    { entity: 'note' },
    { entity: 'contact', fields: { tags: {} } },
  ]
  assert.throws(
    () => expectChanges(found, expected.slice(0, 2)),
    (error: unknown) => {
      assert.ok(error instanceof assert.AssertionError)
      const lines = error.message.split('\n')
      assert.deepEqual(lines.slice(0, 3), [
        'The changes are not the expected ones.',
        '  - missing:    contact: fields.name "Bob"'.replace('fields.', ''),
        `  + unexpected: contact ${ann} updated: phone null → "+4930123456", name "Ann" → "Bea"`,
      ])
      assert.match(lines[3] ?? '', /^ {2}\+ unexpected: contact .* updated: tags \+\d+$/)
      assert.equal((error.actual as string[]).length, 3)
      assert.equal((error.expected as string[])[0], 'contact: name "Bob"')
      return true
    },
  )
})

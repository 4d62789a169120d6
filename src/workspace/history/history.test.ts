import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorkspace } from '../index.ts'
import { tables } from '../store/schema.ts'
import { type HistoryTable, history } from './entities.ts'
import { isRecorded, keyOf } from './keys.ts'

/** A workspace with two contacts and a conversation, and what calls it. */
async function open() {
  const workspace = await createWorkspace({ rateLimit: false })
  const { control, accessToken } = workspace
  control.clock.freeze()
  control.clock.set(1_780_000_000)
  const ask = async (method: string, path: string, body?: object, token = accessToken) => {
    const headers = { authorization: `Bearer ${token}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await workspace.fetch(new Request(`http://local${path}`, init))
    const text = await response.text()
    const json = (text === '' ? {} : JSON.parse(text)) as { id: string; conversation_id: string }
    return { ...json, requestId: response.headers.get('x-request-id'), status: response.status }
  }
  const admin = (await ask('GET', '/me')).id
  const ann = (await ask('POST', '/contacts', { email: 'ann@example.com', name: 'Ann' })).id
  const from = { type: 'user', id: ann }
  const talk = (await ask('POST', '/conversations', { from, body: 'Help' })).conversation_id
  control.checkpoint('start')
  return { workspace, control, ask, admin, ann, talk }
}

test('every table says what its changes are, and names only columns that it has', () => {
  for (const [name, { columns }] of Object.entries(tables)) {
    const known = (history as Record<string, HistoryTable | undefined>)[name]
    assert.ok(known !== undefined, `src/workspace/history/entities.ts needs an entry for the table ${name}`)
    if (known === 'unrecorded') continue
    const named =
      'entity' in known
        ? [
            ...[...(known.follows ?? []), ...(known.context ?? [])],
            ...[...Object.keys(known.references ?? {}), ...Object.keys(known.members ?? {})],
            ...[known.id ?? 'id', ...(known.gone ? [known.gone.column] : [])],
          ]
        : 'list' in known
          ? [known.owner, known.member]
          : []
    assert.deepEqual(
      named.filter((column) => !(column in columns)),
      [],
      name,
    )
  }
  const recorded = Object.keys(tables).filter(isRecorded)
  assert.deepEqual(
    recorded.filter((name) => keyOf(name).length === 0),
    [],
  )
})

test('a change says when, who, on which request, what it was and is, and whether a customer saw it', async () => {
  const { workspace, control, ask, admin, ann, talk } = await open()
  const change = { name: 'Bea', custom_attributes: { plan: 'pro', seats: 3 } }
  const { requestId } = await ask('PUT', `/contacts/${ann}`, change)
  const [changed, ...others] = control.changesSince('start').changes
  const token = control.changes().changes[0]?.token
  assert.match(String(token), /^token-[0-9a-f]{10}$/)
  assert.deepEqual(others, [])
  assert.deepEqual(changed, {
    id: changed?.id,
    at: 1_780_000_000_000,
    cause: 'request',
    request_id: requestId,
    route: 'PUT /contacts/{id}',
    token,
    admin_id: admin,
    entity: 'contact',
    entity_id: ann,
    action: 'updated',
    fields: {
      name: { before: 'Ann', after: 'Bea' },
      'custom_attributes.plan': { before: null, after: 'pro' },
      'custom_attributes.seats': { before: null, after: 3 },
    },
    customer_saw: false,
    undone: false,
  })

  control.checkpoint('thread')
  const reply = { type: 'admin', admin_id: admin, body: 'Hello' }
  await ask('POST', `/conversations/${talk}/reply`, { ...reply, message_type: 'comment' })
  await ask('POST', `/conversations/${talk}/reply`, { ...reply, message_type: 'note' })
  await ask('POST', `/conversations/${talk}/parts`, { type: 'admin', admin_id: admin, message_type: 'close' })
  const { changes } = control.changesSince('thread')
  assert.deepEqual(
    changes.map(({ entity, action, fields, customer_saw }) => {
      return [`${entity} ${action}`, 'body' in fields, customer_saw]
    }),
    [
      ['conversation_part created', true, true],
      ['conversation updated', false, false],
      ['conversation_part created', true, false],
      ['conversation_part created', false, false],
      ['conversation updated', false, false],
    ],
  )
  assert.deepEqual(changes[1]?.fields, { read: { before: true, after: false } })
  assert.deepEqual(changes[4]?.fields, { state: { before: 'open', after: 'closed' } })
  await workspace.close()
})

test('links are members of lists, and what leaves nothing behind is no change', async () => {
  const { workspace, control, ask, ann } = await open()
  const vip = (await ask('POST', '/tags', { name: 'VIP' })).id
  control.checkpoint('tagged')
  await ask('POST', `/contacts/${ann}/tags`, { id: vip })
  await ask('POST', `/contacts/${ann}/tags`, { id: vip })
  await ask('PUT', `/contacts/${ann}`, { name: 'Ann' })
  await ask('PUT', '/contacts/none', { name: 'Bob' })
  await ask('POST', '/contacts', { email: 'ann@example.com' })
  const { changes } = control.changesSince('tagged')
  assert.deepEqual(
    changes.map(({ entity_id, fields }) => [entity_id, fields]),
    [[ann, { tags: { added: [vip], removed: [] } }]],
  )
  await ask('DELETE', `/contacts/${ann}`)
  assert.equal(control.changes({ entity: 'contact' }).changes.at(-1)?.action, 'deleted')
  await workspace.close()
})

test('what went is told as it was when it went, not as it once was', async () => {
  const { workspace, control, ask } = await open()
  const { id } = await ask('POST', '/tags', { name: 'Old' })
  await ask('POST', '/tags', { id, name: 'New' })
  await ask('DELETE', `/tags/${id}`)
  assert.deepEqual(
    control.changesSince('start').changes.map(({ action, fields }) => [action, fields['name']]),
    [
      ['created', { before: null, after: 'Old' }],
      ['updated', { before: 'Old', after: 'New' }],
      ['deleted', { before: 'New', after: null }],
    ],
  )
  await workspace.close()
})

test('changes are chosen by token, entity and time, and read page by page; no token is in them', async () => {
  const { workspace, control, ask, ann } = await open()
  const agent = control.createToken().access_token
  await ask('POST', `/contacts/${ann}/notes`, { body: 'One' }, agent)
  control.clock.set(1_780_000_500)
  await ask('PUT', `/contacts/${ann}`, { name: 'Two' }, agent)
  await ask('POST', '/tags', { name: 'Three' })
  const entities = (query: Parameters<typeof control.changes>[0]) =>
    control.changes(query).changes.map(({ entity }) => entity)
  assert.deepEqual(entities({ token: agent }), ['note', 'contact'])
  const token = control.changes({ token: agent }).changes[0]?.token ?? ''
  assert.deepEqual(entities({ token, entity: 'contact', entity_id: ann }), ['contact'])
  assert.deepEqual(entities({ since: new Date(1_780_000_500_000) }), ['contact', 'tag'])
  const all = control.changes()
  assert.ok(!JSON.stringify(all).includes(agent))
  const paged: unknown[] = []
  for (let since = 0; ; ) {
    const page = control.changes({ since, limit: 1 })
    paged.push(...page.changes)
    since = page.next_since
    if (!page.has_more) break
  }
  assert.deepEqual(paged, all.changes)
  const [first] = all.changes
  assert.deepEqual(
    control.changes({ since: first?.id }).changes,
    all.changes.filter(({ id }) => id !== first?.id),
  )
  await workspace.close()
})

test('what fits no change is said, and does not read as if nothing had changed', async () => {
  const { workspace, control, ask } = await open()
  await ask('POST', '/tags', { name: 'One' })
  control.checkpoint('now')
  const wrong: [Parameters<typeof control.changes>[0], RegExp][] = [
    [{ entity: 'contacts' }, /no changes of "contacts"; did you mean "contact"\?/],
    [{ entity: '' }, /no changes of ""/],
    [{ since: control.newestChange + 1 }, /no change \d+ in this history, whose newest is \d+/],
  ]
  for (const [query, message] of wrong) {
    assert.throws(() => control.changes(query), message)
    assert.throws(() => control.changesSince('now', query), message)
  }
  assert.deepEqual(control.changes({ since: control.newestChange }).changes, [])
  assert.deepEqual(control.changes({ entity: 'article' }).changes, [])
  await workspace.close()
})

test('a snooze that ends is a change of the clock; a reset and a seed are one change each', async () => {
  const { workspace, control, ask, admin, talk } = await open()
  const snooze = { type: 'admin', admin_id: admin, message_type: 'snoozed', snoozed_until: 1_780_000_100 }
  await ask('POST', `/conversations/${talk}/parts`, snooze)
  control.checkpoint('asleep')
  control.clock.advance(500)
  const woke = control.changesSince('asleep').changes.at(-1)
  assert.deepEqual([woke?.cause, woke?.at, woke?.token], ['clock', 1_780_000_100_000, null])
  const { next_since: since } = control.changes()
  control.reset({ seed: 'small' })
  const { changes } = control.changes({ since })
  assert.deepEqual(
    changes.map(({ entity, action, route }) => [entity, action, route]),
    [['workspace', 'replaced', 'reset']],
  )
  assert.throws(() => control.rewind('asleep'), /There is no checkpoint 'asleep'; none was set/)
  await workspace.close()
})

test('a ticket that is closed, snoozed or opened again is a change of its own', async () => {
  const { workspace, control, ask, ann } = await open()
  const { id } = await ask('POST', '/tickets', { ticket_type_id: '1', contacts: [{ id: ann }] })
  const told = async (body: object) => {
    control.checkpoint('before')
    await ask('PUT', `/tickets/${id}`, body)
    const { changes } = control.changesSince('before')
    return changes.flatMap(({ entity, entity_id, fields }) => (entity_id === id ? { entity, fields } : []))
  }
  const open_ = (before: boolean, after: boolean) => ({
    entity: 'ticket',
    fields: { open: { before, after } },
  })
  assert.deepEqual(await told({ open: false }), [open_(true, false)])
  assert.deepEqual(await told({ open: true }), [open_(false, true)])
  const until = 1_780_003_600
  const snoozed = { entity: 'ticket', fields: { snoozed_until: { before: null, after: until } } }
  assert.deepEqual(await told({ snoozed_until: until }), [snoozed])
  await workspace.close()
})

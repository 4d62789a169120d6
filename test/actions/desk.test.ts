import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { actionNamed } from '../../src/actions/toolsets.ts'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'

const workspace = await createWorkspace({ seed: 'small' })
const intercom = createIntercom({
  accessToken: workspace.accessToken,
  dispatcher: workspace.dispatcher,
  toolsets: ['desk'],
})
after(async () => {
  await intercom.close()
  await workspace.close()
})
const { result: me } = await intercom.listAdmins()
const admin = String(me?.admins[1]?.id)
const { conversations } = await intercom.searchConversations({
  query_field: 'state',
  query_operator: '=',
  query_value: 'open',
})
const conversation_id = String(conversations[0]?.id)

/** The requests that change something, since the last look. */
function written(): string[] {
  const seen = workspace.control.requests().filter(({ method }) => method !== 'GET')
  workspace.control.clearRequests()
  return seen.map(({ method, path }) => `${method} ${path}`)
}
const parts = `POST /conversations/${conversation_id}/parts`

test('a conversation is closed, opened, snoozed and assigned once, however often it is asked for', async () => {
  written()
  const until = Math.floor(Date.now() / 1000) + 86_400
  const calls = [
    ['close_conversation', {}, { state: 'closed' }],
    ['open_conversation', {}, { state: 'open' }],
    ['snooze_conversation', { snoozed_until: String(until) }, { state: 'snoozed', snoozed_until: until }],
    [
      'snooze_conversation',
      { snoozed_until: String(until + 3600) },
      { state: 'snoozed', snoozed_until: until + 3600 },
    ],
    ['open_conversation', { admin_id: admin }, { state: 'open', snoozed_until: null }],
    [
      'assign_conversation',
      { assignee_type: 'admin', assignee_id: admin },
      { admin_assignee_id: Number(admin) },
    ],
    ['assign_conversation', { assignee_type: 'admin', assignee_id: '0' }, { admin_assignee_id: null }],
  ] as const
  for (const [name, input, expected] of calls) {
    for (const sent of [[parts], []]) {
      const { success, error, result } = await intercom.run(name, { conversation_id, ...input } as never)
      assert.deepEqual([success, error], [true, null])
      const conversation = result as unknown as Record<string, unknown>
      const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, conversation[key]]))
      assert.deepEqual(shown, expected, name)
      assert.deepEqual(written(), sent, `${name}: what is so already is left`)
    }
  }
})

test('a tag is put on a conversation and taken off, and its absence is no failure', async () => {
  const { result: tags } = await intercom.listTags()
  const tag_id = String(tags?.data[0]?.id)
  const has = async () => {
    const { result } = await intercom.getConversation({ conversation_id })
    return result?.tags.tags.some(({ id }) => id === tag_id)
  }
  if (await has()) await intercom.removeTagFromConversation({ conversation_id, tag_id })
  for (let times = 0; times < 2; times++) {
    assert.equal((await intercom.addTagToConversation({ conversation_id, tag_id })).success, true)
    assert.equal(await has(), true)
  }
  for (let times = 0; times < 2; times++) {
    assert.equal((await intercom.removeTagFromConversation({ conversation_id, tag_id })).success, true)
    assert.equal(await has(), false)
  }
  const unknown = await intercom.removeTagFromConversation({ conversation_id: '1', tag_id })
  assert.match(String(unknown.error), /404.*search_conversations/)
})

test('what is to change of a conversation must be said, and a date may be ISO', async () => {
  const nothing = await intercom.updateConversation({ conversation_id })
  assert.match(String(nothing.error), /custom_attributes is needed, or read: what is to change/)
  const read = await intercom.updateConversation({ conversation_id, read: false })
  assert.equal(read.result?.read, false)
})

for (const [snoozed_until, problem] of [
  ['2026-02-01', /needs a time and its zone/],
  ['2001-02-01T09:00:00Z', /is not in the future/],
  ['2099-02-01T09:00:00', /Unix seconds or an ISO date/],
  ['4073580000000', /looks like milliseconds/],
  ['tomorrow', /Unix seconds or an ISO date/],
] as const)
  test(`a snooze until ${snoozed_until} is refused before anything is sent`, async () => {
    written()
    const { success, error } = await intercom.snoozeConversation({ conversation_id, snoozed_until })
    assert.equal(success, false)
    assert.match(String(error), problem)
    assert.deepEqual(written(), [])
  })

test('a close whose answer is lost is read back, and not sent again', async () => {
  await intercom.openConversation({ conversation_id })
  written()
  workspace.control.addFault({ kind: 'commit_reset', route: 'POST /conversations/{id}/parts', count: 1 })
  const closing = createIntercom({
    accessToken: workspace.accessToken,
    dispatcher: workspace.dispatcher,
    toolsets: ['desk'],
    settleMs: [1],
  })
  const { success, trace, result } = await closing.closeConversation({ conversation_id })
  assert.deepEqual([success, trace.verified_by, result?.state], [true, 'read_back', 'closed'])
  assert.deepEqual(written(), [parts])
})

const own = { type: 'admin', id: '9' }
const ann = { type: 'admin', id: '5' }
const assigns = { assignee_type: 'admin', assignee_id: '5' }
const until = { snoozed_until: 4_000_000_000 }
const snoozed = { state: 'snoozed', ...until }

/**
 * What a part is for a call of admin 9 that is read back, in a conversation that is now so: what it made, what another
 * made alike, or neither.
 */
const readBack: [
  name: string,
  input: object,
  part: object,
  expected: 'own' | 'another’s' | null,
  conversation?: object,
][] = [
  ['close_conversation', {}, { part_type: 'close', author: own }, 'own'],
  ['close_conversation', {}, { part_type: 'close', author: ann }, 'another’s'],
  ['close_conversation', {}, { part_type: 'close', author: { type: 'bot', id: '9' } }, 'another’s'],
  ['close_conversation', {}, { part_type: 'close', author: null }, 'another’s'],
  ['close_conversation', {}, { part_type: 'comment', author: own }, null],
  ['open_conversation', {}, { part_type: 'open', author: own, body: null }, 'own'],
  ['open_conversation', {}, { part_type: 'open', author: own, body: '<p>Hello</p>' }, null],
  ['snooze_conversation', until, { part_type: 'snoozed', author: own }, 'own', snoozed],
  [
    'snooze_conversation',
    until,
    { part_type: 'snoozed', author: own },
    'another’s',
    { ...snoozed, snoozed_until: 9 },
  ],
  [
    'snooze_conversation',
    until,
    { part_type: 'snoozed', author: own },
    'another’s',
    { ...snoozed, state: 'open' },
  ],
  ['snooze_conversation', until, { part_type: 'snoozed', author: own }, 'another’s'],
  ['snooze_conversation', until, { part_type: 'snoozed', author: ann }, 'another’s', snoozed],
  ['snooze_conversation', until, { part_type: 'open', author: own }, null, snoozed],
  ['assign_conversation', assigns, { part_type: 'assignment', author: own, assigned_to: ann }, 'own'],
  ['assign_conversation', assigns, { part_type: 'assign_and_reopen', author: own, assigned_to: ann }, 'own'],
  ['assign_conversation', assigns, { part_type: 'assignment', author: own, assigned_to: own }, null],
  ['assign_conversation', assigns, { part_type: 'assignment', author: own, assigned_to: null }, null],
  ['assign_conversation', assigns, { part_type: 'open', author: own, assigned_to: ann }, null],
  [
    'assign_conversation',
    assigns,
    { part_type: 'assignment', author: own, assigned_to: { type: 'team', id: '5' } },
    null,
  ],
  [
    'assign_conversation',
    { ...assigns, assignee_id: '0' },
    { part_type: 'assignment', author: own, assigned_to: null },
    'own',
    { admin_assignee_id: null, team_assignee_id: 3 },
  ],
  [
    'assign_conversation',
    { ...assigns, assignee_id: '0' },
    { part_type: 'assignment', author: own, assigned_to: { type: 'nobody_admin', id: null } },
    'another’s',
    { admin_assignee_id: 5, team_assignee_id: null },
  ],
  [
    'assign_conversation',
    { assignee_type: 'team', assignee_id: '0' },
    { part_type: 'assignment', author: own, assigned_to: { type: 'nobody_admin', id: null } },
    'own',
    { admin_assignee_id: 5, team_assignee_id: null },
  ],
  [
    'assign_conversation',
    { ...assigns, assignee_id: '0' },
    { part_type: 'assignment', author: own, assigned_to: ann },
    null,
  ],
]

test('of the parts of a conversation those are read back that the call may have made', async () => {
  for (const [name, rest, part, expected, now] of readBack) {
    const made = { id: 7, created_at: 20, body: null, ...part }
    const answer = {
      ...now,
      conversation_parts: { conversation_parts: [made, null, { ...made, id: 6, created_at: 10 }] },
    }
    const verify = actionNamed(name)?.verify
    const input = { conversation_id: '1', admin_id: '9', ...rest }
    const found = await verify?.look({ get: async () => answer } as never, input as never, 0)
    const same = expected === 'own'
    // Of two snoozes alike the conversation shows the newest.
    const older = same && name !== 'snooze_conversation'
    assert.deepEqual(
      [found?.items.map((item) => [item.id, item.same]), verify?.made(answer as never, input as never)],
      // What cannot be read, the last, may be any part.
      expected === null
        ? [[['', false]], []]
        : [
            [
              ['6', older],
              ['7', same],
              ['', false],
            ],
            [6, 7],
          ],
      `${name} ${JSON.stringify(part)}`,
    )
  }
})

test('the conversation that is changed must be named', async () => {
  written()
  const { error } = await intercom.closeConversation({ conversation_id: 'LAST' })
  assert.match(String(error), /must name one conversation/)
  assert.deepEqual(written(), [])
})

test('teams are found by a part of their name', async () => {
  const all = await intercom.listTeams()
  const name = String(all.teams[0]?.name)
  const found = await intercom.listTeams({ name_contains: name.slice(1).toUpperCase() })
  assert.ok(found.teams.some((team) => team.name === name))
  assert.deepEqual((await intercom.listTeams({ name_contains: 'no such team' })).total_count, 0)
})

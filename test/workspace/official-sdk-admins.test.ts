import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Intercom } from 'intercom-client'
import { openSdkWorld } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const { admins = [] } = await client.admins.list()
const first = Number(admins[0]?.id)

test('the official SDK lists admins, two of them with an inbox seat, the bot last', async () => {
  const seated = admins.filter((admin) => admin?.has_inbox_seat)
  assert.ok(seated.length >= 2)
  assert.equal(admins.at(-1)?.name, 'Fin')
})

test('it finds an admin, and says whose token it is', async () => {
  const admin = await client.admins.find({ admin_id: first })
  assert.equal(admin?.id, String(first))
  assert.equal(admin?.type, 'admin')
  const me = await client.admins.identify()
  assert.equal(me?.id, String(first))
  assert.match(me?.app?.id_code ?? '', /^\w+$/)
})

test('it sends an admin away and back', async () => {
  const set = (away_mode_enabled: boolean) =>
    client.admins.away({ admin_id: first, away_mode_enabled, away_mode_reassign: away_mode_enabled })
  const away = await set(true)
  assert.deepEqual([away?.away_mode_enabled, away?.away_mode_reassign], [true, true])
  const back = await set(false)
  assert.deepEqual([back?.away_mode_enabled, back?.away_mode_reassign], [false, false])
})

test('it reads the activity log by dates, as its own suite does', async () => {
  const logs = await client.admins.listAllActivityLogs({
    created_at_after: '2020-01-01T00:00:00.000Z',
    created_at_before: '2100-01-01T00:00:00.000Z',
  })
  assert.equal(logs.type, 'activity_log.list')
  const types = logs.activity_logs?.map((log) => log?.activity_type)
  assert.deepEqual(types?.slice(0, 2), ['admin_away_mode_change', 'admin_away_mode_change'])
  assert.equal(types?.at(-1), 'admin_login_success')
})

test('it lists teams and finds one by id', async () => {
  const { teams = [] } = await client.teams.list()
  const team = await client.teams.find({ team_id: String(teams[0]?.id) })
  assert.equal(team.name, teams[0]?.name)
  assert.ok(team.admin_ids?.every((id) => admins.some((admin) => admin?.id === String(id))))
})

test('an admin or a team that nobody is comes back as the SDK says not found', async () => {
  await assert.rejects(client.admins.find({ admin_id: 1 }), Intercom.NotFoundError)
  const away = { admin_id: 1, away_mode_enabled: true, away_mode_reassign: false }
  await assert.rejects(client.admins.away(away), Intercom.NotFoundError)
  await assert.rejects(client.teams.find({ team_id: '1' }), Intercom.NotFoundError)
})

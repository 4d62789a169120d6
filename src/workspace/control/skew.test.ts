import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createWorkspace } from '../index.ts'

async function open(t: TestContext, now: number) {
  t.mock.timers.enable({ apis: ['Date'], now })
  const workspace = await createWorkspace({ rateLimit: { app: 1, phase: 4 } })
  t.after(() => workspace.close())
  const lead = async () => {
    const headers = { authorization: `Bearer ${workspace.accessToken}` }
    const init = { method: 'POST', headers, body: '{"role":"lead"}' }
    const answer = await workspace.fetch(new Request('http://local/contacts', init))
    const reset = Number(answer.headers.get('x-ratelimit-reset'))
    const date = Date.parse(answer.headers.get('date') ?? '') / 1000
    const { created_at } = (await answer.json()) as { created_at?: number }
    return { status: answer.status, reset, date, created_at }
  }
  return { control: workspace.control, lead }
}

for (const skew of [30, -30, 7]) {
  test(`a server ${skew} s off says so in Date, Reset and created_at, and its windows last ten seconds`, async (t) => {
    const start = 1_780_000_002
    const { control, lead } = await open(t, start * 1000)
    control.clock.skew(skew)
    const first = await lead()
    assert.deepEqual([first.status, first.date, first.created_at], [200, start + skew, start + skew])
    assert.ok(first.reset % 10 === 4 && first.reset > start + skew && first.reset <= start + skew + 10)
    assert.equal((await lead()).status, 429)
    const left = first.reset - first.date
    t.mock.timers.tick(left * 1000 - 1)
    assert.equal((await lead()).status, 429)
    t.mock.timers.tick(1)
    const next = await lead()
    assert.deepEqual([next.status, next.reset], [200, first.reset + 10])
  })
}

test('a skew stays beside a moved clock, and ends with a reset', async (t) => {
  const start = 1_780_000_002
  const { control, lead } = await open(t, start * 1000)
  control.clock.skew(-30)
  control.clock.set(1_900_000_000)
  const { date, created_at } = await lead()
  assert.deepEqual([date, created_at], [start - 30, 1_900_000_000])
  assert.deepEqual(control.clock.get(), {
    now: 1_900_000_000,
    offset: 1_900_000_000 - start,
    frozen: false,
    skew: -30,
  })
  control.reset()
  assert.equal(control.clock.get().skew, 0)
  assert.equal((await lead()).date, start)
  assert.throws(() => control.clock.skew(Number.NaN), /-86400 to 86400/)
})

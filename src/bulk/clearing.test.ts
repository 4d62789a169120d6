import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobOf } from '../../test/support/bulk-job.ts'
import { actionOf, rowsIn } from '../../test/support/bulk-rows.ts'
import { clearedBy } from './clearing.ts'

const file = 'email,Full Name,phone,custom_attributes.plan,custom_attributes.seats:number\n'

test('an empty cell empties its field in the columns that --clear names, and in no other', async () => {
  const { inputs, uses } = await rowsIn(`${file}a@b.c,,"",,""\nc@d.e,Ada," ",pro,3\n`, {
    map: ['Full Name=name'],
    clear: ['Full Name,custom_attributes.plan', 'custom_attributes.seats'],
  })
  assert.deepEqual(inputs, [
    { email: 'a@b.c', clear: ['name', 'custom_attributes.plan', 'custom_attributes.seats'] },
    { email: 'c@d.e', name: 'Ada', custom_attributes: { plan: 'pro', seats: 3 } },
  ])
  assert.deepEqual(
    uses?.map(({ parameter, clears }) => [parameter, clears]),
    [
      ['email', false],
      ['name', true],
      ['phone', false],
      ['custom_attributes.plan', true],
      ['custom_attributes.seats', true],
    ],
  )
})

test('a row may name more that it empties', async () => {
  const { inputs } = await rowsIn(
    'email,name,phone,clear\na@b.c,,,phone\nc@d.e,,,"[""phone""]"\ne@f.g,,1,\n',
    {
      clear: ['name'],
    },
  )
  assert.deepEqual(inputs, [
    { email: 'a@b.c', clear: ['phone', 'name'] },
    { email: 'c@d.e', clear: ['phone', 'name'] },
    { email: 'e@f.g', phone: '1', clear: ['name'] },
  ])
})

test('--clear of what is no column, or cannot be emptied, is refused before anything is sent', async () => {
  for (const [clear, says] of [
    ['nam', /--clear names "nam", which is not a column.* Did you mean "name"\?/],
    ['phone', /--clear names "phone", which is not a column/],
    ['email', /--clear cannot empty "email": it takes name, phone, avatar, external_id and/],
    ['custom_attributes', /--clear cannot empty "custom_attributes"/],
  ] as const) {
    await assert.rejects(rowsIn('email,name,custom_attributes\na@b.c,,\n', { clear: [clear] }), says)
  }
  const note = { action: 'create_note', clear: ['body'] }
  await assert.rejects(rowsIn('contact_id,body\n1,x\n', note), /create_note empties no fields/)
  const json = { name: 'rows.jsonl', clear: ['name'] }
  await assert.rejects(rowsIn('{"email":"a@b.c"}\n', json), /--clear name the columns of a CSV file/)
})

test('what rows emptied is counted, also by a run that resumes, and --clear belongs to the job', async (t) => {
  const job = jobOf(t, 'email,name,phone\na@b.c,,\nc@d.e,,1\ne@f.g,x,\n')
  const of = { action: actionOf('upsert_contact') }
  const reading = { clear: ['name,phone'] }
  const stop = new AbortController()
  const first = await job.run(
    () => {
      stop.abort()
      return undefined
    },
    { ...of, reading, concurrency: 1, signal: stop.signal },
  )
  assert.deepEqual([first.succeeded, first.cleared, first.left], [1, 2, 2])
  await assert.rejects(
    job.run(undefined, { ...of, reading: { clear: ['name'] } }),
    /different --map, --ignore or --clear/,
  )
  await assert.rejects(job.run(undefined, { ...of, reading: {} }), /different --map, --ignore or --clear/)
  const second = await job.run(undefined, { ...of, reading })
  assert.deepEqual([second.succeeded, second.cleared, second.left], [3, 4, 0])
  assert.deepEqual(
    job.lines().map(({ cleared }) => cleared),
    [2, 1, 1],
  )
  assert.equal((await job.run(undefined, { ...of, reading })).cleared, 4)
})

test('nothing is emptied in a contact that was created, or by a row that failed', () => {
  const clear = { clear: ['name', 'phone', 'name'] }
  assert.equal(clearedBy(clear, { success: true, action_type: 'updated' }), 2)
  assert.equal(clearedBy(clear, { success: true, action_type: 'created' }), 0)
  assert.equal(clearedBy(clear, { success: false }), 0)
  assert.equal(clearedBy({}, { success: true }), 0)
  assert.equal(clearedBy(undefined, { success: true }), 0)
})

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { commandLine } from '../support/command-line.ts'
import { correspondence } from '../support/correspondence.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const plain = createIntercom({ accessToken, baseUrl: url })
const { conversation, bodies, reply } = await correspondence(plain)
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-held-rows-'))
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

const env = {
  INTERCOM_ACCESS_TOKEN: accessToken,
  INTERCOM_API_BASE_URL: url,
  XDG_STATE_HOME: folder,
}

async function run(args: string[], more: Record<string, string> = {}) {
  const { code, stdout, stderr } = await commandLine(args, { env: { ...env, ...more } })
  return { code, stderr, json: stdout === '' ? null : JSON.parse(stdout) }
}

/** A file of replies, a line each. */
function rowsIn(name: string, rows: object[]): string {
  const file = join(folder, name)
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'))
  return file
}

test('rows are held, decided on together, and sent once when the job runs again', async () => {
  const [one, two] = [await conversation(), await conversation()]
  const file = rowsIn('replies.jsonl', [
    { ...reply(one, 'Held row A'), message_type: 'note' },
    reply(one, 'Held row B'),
    reply(two, 'Held row C'),
    reply('999999999', 'Held row D'),
  ])
  const job = ['bulk', 'reply_to_conversation', file, '--sends', 'confirm']
  const inRows = async () =>
    [...(await bodies(one)), ...(await bodies(two))].filter((body) => body.includes('Held row')).length
  const first = await run(job)
  assert.deepEqual([first.code, first.json.error], [1, '1 of 4 rows failed. 2 wait for a person'])
  assert.partialDeepStrictEqual(first.json, { succeeded: 1, held: 2, failed: 1, left: 0, stopped: null })
  assert.equal(await inRows(), 1)
  const caller = first.json.held_by
  const all = ['--all', '--caller', caller]
  assert.match(
    first.stderr,
    new RegExp(`^held +2  wait for a person: modulex-intercom approvals show ${all.join(' ')};`, 'm'),
  )
  assert.deepEqual((await run(job)).json.held, 2)

  const shown = await run(['approvals', 'show', ...all])
  assert.match(
    shown.stderr,
    /^2 calls of bulk:[\da-f]{8} \(replies\.jsonl\.reply_to_conversation\.job\) wait/m,
  )
  const [first_id] = shown.json.approvals.map(({ id }: { id: string }) => id)
  await run(['approvals', 'decline', first_id, '--reason', 'No'])
  const { fingerprint } = (await run(['approvals', 'show', ...all])).json
  const approved = await run(['approvals', 'approve', ...all, '--fingerprint', fingerprint])
  assert.deepEqual([approved.code, approved.json.decided.length, await inRows()], [0, 1, 1])

  for (const _ of ['sends', 'finds it finished']) {
    assert.partialDeepStrictEqual((await run(job)).json, { succeeded: 2, held: 0, failed: 2, left: 0 })
    assert.equal(await inRows(), 2)
  }
  const results = readFileSync(join(`${file}.reply_to_conversation.job`, 'results.jsonl'), 'utf8')
  const outcomes = results
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).outcome)
  assert.deepEqual(outcomes.toSorted(), ['held', 'held', 'not_sent', 'not_sent', 'success', 'success'])
})

test('a job that asks people does not go on without asking, nor with another file', async () => {
  const file = rowsIn('once.jsonl', [reply(await conversation(), 'Held row E')])
  const job = ['bulk', 'reply_to_conversation', file]
  assert.equal((await run([...job, '--sends', 'confirm'])).json.held, 1)
  for (const more of [[], ['--sends', 'confirm', '--approvals', join(folder, 'other.db')]]) {
    const { code, stderr } = await run([...job, ...more])
    assert.equal(code, 2)
    assert.match(stderr, /was started with a different --sends, --approve or --approvals/)
  }
})

const refused: [more: string[], message: RegExp][] = [
  [['--sends', 'off'], /reply_to_conversation is disabled by --sends off/],
  [['--sends', 'yes'], /--sends takes allow, confirm, off/],
  [['--approve', 'sends'], /approve: unknown name "sends"/],
  [['--sends', 'confirm', '--local'], /--local and --sends confirm cannot be combined/],
]
for (const [more, message] of refused) {
  test(`bulk ${more.join(' ')} is refused before anything is read`, async () => {
    const { code, json, stderr } = await run(['bulk', 'reply_to_conversation', '/no/such/file', ...more])
    assert.deepEqual([code, json], [2, null])
    assert.match(stderr, message)
  })
}

import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { commandLine } from '../support/command-line.ts'
import { correspondence } from '../support/correspondence.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-'))
const workspace = await createWorkspace({ seed: 'small', rateLimit: { app: 100_000, workspace: false } })
const { url, accessToken } = await workspace.listen()
const env = {
  INTERCOM_ACCESS_TOKEN: accessToken,
  INTERCOM_API_BASE_URL: url,
  XDG_STATE_HOME: join(folder, 'state'),
}
const { contact_id } = await correspondence(createIntercom({ accessToken, baseUrl: url }))
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

const bulk = (args: string[], input?: string) =>
  commandLine(['bulk', ...args], { env, ...(input === undefined ? {} : { input }) })

let files = 0
function file(content: string, name = 'rows.csv'): string {
  const path = join(folder, `${files++}-${name}`)
  writeFileSync(path, content)
  return path
}

const notes = (count: number) =>
  `contact_id,body\n${Array.from({ length: count }, (_, n) => `${contact_id},Note ${n}`).join('\n')}\n`
const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)

test('rows of a file are sent once each, and a second run sends nothing', async () => {
  const emails = [1, 2, 3].map((n) => `bulk-${n}@example.com`)
  const path = file(
    `email;custom_attributes.seats:number\n${emails.map((email, n) => `${email};${n}`).join('\n')}\n`,
  )
  const first = await bulk(['upsert_contact', path])
  assert.equal(first.code, 0, first.stderr)
  const { action, succeeded, left, results } = JSON.parse(first.stdout)
  assert.deepEqual([action, succeeded, left, linesOf(results).length], ['upsert_contact', 3, 0, 3])
  const { outcome, request_id, output } = JSON.parse(linesOf(results)[0] ?? '')
  assert.deepEqual([outcome, output.action_type, typeof request_id], ['success', 'created', 'string'])
  assert.match(first.stderr, /succeeded +3$/m)
  const state = join(folder, 'state', 'modulex-intercom')
  assert.deepEqual(
    [statSync(state).mode & 0o777, statSync(join(state, 'rate-limit.db')).mode & 0o777],
    [0o700, 0o600],
  )
  const calls = workspace.control.requests().length
  const second = await bulk(['upsert_contact', path])
  assert.deepEqual([second.code, JSON.parse(second.stdout).finished_before], [0, true])
  assert.match(second.stderr, /already finished; nothing was sent/)
  assert.equal(workspace.control.requests().length, calls)
})

test('an empty cell changes nothing, except in a column that --clear names', async () => {
  const intercom = createIntercom({ accessToken, baseUrl: url })
  const emails = ['bulk-clear-1@example.com', 'bulk-clear-2@example.com']
  const whole = { name: 'Ada', phone: '+4912345', custom_attributes: { plan: 'pro' } }
  const ids = await Promise.all(
    emails.map(async (email) => {
      const { contact } = await intercom.upsertContact({ email, external_id: email, ...whole })
      return String(contact?.id)
    }),
  )
  const now = async () =>
    await Promise.all(
      ids.map(async (contact_id) => {
        const { result } = await intercom.getContact({ contact_id })
        return [result?.name, result?.phone, result?.external_id, result?.custom_attributes['plan'] ?? null]
      }),
    )
  const rows = `email,name,phone,external_id,custom_attributes.plan\n${emails[0]},"","","",""\n${emails[1]},,,,\n`
  const untouched = await bulk(['upsert_contact', file(rows)])
  assert.deepEqual([untouched.code, JSON.parse(untouched.stdout).cleared], [0, 0])
  assert.deepEqual(await now(), [
    ['Ada', '+4912345', emails[0], 'pro'],
    ['Ada', '+4912345', emails[1], 'pro'],
  ])
  const path = file(`${rows}new-bulk-clear@example.com,,,,\n`)
  const flags = ['--clear', 'name,custom_attributes.plan', '--clear', 'external_id']
  const dry = await bulk(['upsert_contact', path, ...flags, '--dry-run'])
  assert.match(dry.stderr, /^name +name, emptied by an empty cell$/m)
  assert.match(dry.stdout, /"name":null,"external_id":"","custom_attributes":\{"plan":null\}/)
  const { code, stdout, stderr } = await bulk(['upsert_contact', path, ...flags])
  assert.deepEqual([code, JSON.parse(stdout).cleared], [0, 6], stderr)
  assert.match(stderr, /succeeded +3 +fields cleared: 6/)
  assert.deepEqual(await now(), [
    [null, '+4912345', null, null],
    [null, '+4912345', null, null],
  ])
})

test('failed rows are kept as they were, and the exit code is 1', async () => {
  const path = file(
    `contact_id,body\n${contact_id},fine\n000000000000000000000000,"no one"\n${contact_id},\n`,
  )
  const { code, stdout, stderr } = await bulk(['create_note', path])
  const { success, failed, failed_rows } = JSON.parse(stdout)
  assert.deepEqual([code, success, failed], [1, false, 2])
  assert.equal(
    readFileSync(failed_rows, 'utf8'),
    [
      'bulk_failure_reason,contact_id,body',
      '"404 not_found: User Not Found. Find the contact id with search_contacts.",000000000000000000000000,"no one"',
      `"invalid_input: body is required. Nothing was sent.",${contact_id},\n`,
    ].join('\n'),
  )
  assert.match(stderr, /^ {2}1 × User Not Found, first in line 3$/m)
  assert.match(stderr, /^ {2}1 × body is required, first in line 4$/m)
  assert.match(stderr, /^line 4, column body: body is required/m)
})

test('failed rows that somebody has put right are said to be kept when others take their place', async () => {
  const path = file(`contact_id,body\n${contact_id},\n`)
  const left = String(JSON.parse((await bulk(['create_note', path])).stdout).failed_rows)
  writeFileSync(left, 'put right')
  assert.deepEqual(JSON.parse((await bulk(['create_note', path])).stdout).kept_files, [])
  assert.equal(readFileSync(left, 'utf8'), 'put right')
  rmSync(`${left}.sha256`) // as if something else had been written last
  const { code, stdout, stderr } = await bulk(['create_note', path])
  const kept = left.replace('failed.csv', 'failed.1.csv')
  assert.deepEqual([code, JSON.parse(stdout).kept_files], [1, [kept]])
  assert.ok(stderr.includes(`kept as ${kept}\n`), stderr)
  assert.equal(readFileSync(kept, 'utf8'), 'put right')
})

test('a disk that is full when the failed rows are to be written is said beside the table and in the summary', {
  skip: existsSync('/dev/full') ? false : 'Linux only',
}, async () => {
  const path = file(`contact_id,body\n${contact_id},fine\n${contact_id},\n`)
  const job = `${path}.create_note.job`
  mkdirSync(job)
  writeFileSync(join(job, 'lock.db'), '')
  symlinkSync('/dev/full', join(job, 'failed.csv.next'))
  const { code, stdout, stderr } = await bulk(['create_note', path])
  const { success, error, failed, failed_rows } = JSON.parse(stdout)
  assert.deepEqual([code, success, failed, failed_rows], [1, false, 1, null])
  for (const text of [error, stderr]) {
    assert.match(text, /could not be written .*ENOSPC.* the same command again to write them/)
  }
  assert.match(stderr, /^failed +1$/m)
  assert.doesNotMatch(stderr, /\n\s+at /)
})

test('a job folder of another user, or that everybody may write in, is not used', async (t) => {
  const path = file(notes(1))
  const job = `${path}.create_note.job`
  mkdirSync(job)
  writeFileSync(join(job, 'lock.db'), '', { mode: 0o644 })
  chmodSync(job, 0o777)
  const open = await bulk(['create_note', path])
  assert.notEqual(open.code, 0)
  assert.match(open.stderr + open.stdout, /everybody may write in it/)
  chmodSync(job, 0o755)
  const { getuid } = process
  t.after(() => Object.assign(process, { getuid }))
  Object.assign(process, { getuid: () => statSync(job).uid + 1 })
  const { openFolder } = await import('../../src/bulk/job-folder.ts')
  assert.throws(() => openFolder(job), /it belongs to another user/)
  assert.equal(statSync(join(job, 'lock.db')).mode & 0o777, 0o644)
})

test('--check sends nothing, makes no folder, and names every bad row by line and column', async () => {
  const good = file(notes(3))
  assert.equal((await bulk(['create_note', good, '--check'])).code, 0)
  const path = file(`contact_id,body\n${`${contact_id},\n`.repeat(120)}`)
  const { code, stdout, stderr } = await commandLine(['bulk', 'create_note', path, '--check'])
  assert.deepEqual([code, JSON.parse(stdout).bad_rows], [1, 120])
  assert.equal(stderr.match(/^line \d+, column body: /gm)?.length, 100)
  assert.match(stderr, /and 20 more bad rows/)
  for (const one of [good, path]) assert.ok(!existsSync(`${one}.create_note.job`))
})

test('--dry-run prints the first requests and the time at the rate Intercom tells, and writes nothing', async () => {
  const path = file(notes(1000))
  const { code, stdout, stderr } = await bulk(['create_note', path, '--dry-run', '--rate', '10'])
  const printed = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const request = { dry_run: true, method: 'POST', path: `/contacts/${contact_id}/notes` }
  assert.deepEqual(
    printed,
    [0, 1, 2].map((n) => ({ ...request, body: { body: `Note ${n}` } })),
  )
  assert.equal(code, 0)
  assert.match(stderr, /1,000 rows, about 1\.0 requests each/)
  assert.match(stderr, /At 10\.0 requests a second \(--rate\) that takes about 1 min 40 s/)
  const allowed = await bulk(['create_note', path, '--dry-run'])
  assert.match(allowed.stderr, /At 9900\.0 requests a second \(Intercom allows 100000 in ten seconds\)/)
  const upsert = await bulk(['upsert_contact', file('email\nnew-one@example.com\n'), '--dry-run'])
  assert.match(upsert.stderr, /1 row, about 2\.0 requests each/)
  const read = await bulk(['get_contact', file(`contact_id\n${contact_id}\n`), '--dry-run'])
  assert.deepEqual(JSON.parse(read.stdout), { method: 'GET', path: `/contacts/${contact_id}`, body: null })
  assert.ok(!existsSync(`${path}.create_note.job`))
})

test('stdin is JSON Lines or CSV by its first character, and needs a folder', async () => {
  const refused = await bulk(['get_contact', '-'], '{}')
  assert.deepEqual([refused.code, refused.stdout], [2, ''])
  assert.match(refused.stderr, /stdin needs --job/)
  for (const [n, text] of [`{"contact_id":"${contact_id}"}\n`, `contact_id\n${contact_id}\n`].entries()) {
    const out = join(folder, `stdin-${n}.jsonl`)
    const { code, stdout } = await bulk(
      ['get_contact', '-', '--job', join(folder, `stdin-${n}`), '--out', out],
      text,
    )
    assert.deepEqual([code, JSON.parse(stdout).succeeded], [0, 1])
    assert.equal(JSON.parse(linesOf(out)[0] ?? '').output.result.id, contact_id)
  }
})

test('--local needs no token and keeps its folder among the temporary files', async () => {
  const args = ['bulk', 'upsert_contact', file('email\nlocal@example.com\n'), '--local']
  const { code, stdout } = await commandLine(args)
  const { job, succeeded } = JSON.parse(stdout)
  assert.deepEqual([code, succeeded], [0, 1])
  rmSync(job, { recursive: true })
})

const usages: [string, string[], RegExp][] = [
  ['no action', [], /bulk needs the name of an action/],
  ['an unknown action', ['create_nte', 'x'], /unknown action "create_nte"\. Did you mean "create_note"/],
  ['no file', ['create_note'], /needs a file, or - for stdin/],
  ['a file that is not there', ['create_note', '/nowhere/x.csv'], /cannot be read \(ENOENT/],
  ['a folder', ['create_note', tmpdir()], /is not a file/],
  [
    'an unknown column',
    ['create_note', file('contact_id,bdy\n')],
    /unknown parameter "bdy"\. Did you mean "body"/,
  ],
  ['a separator that is none', ['create_note', file(notes(1)), '--separator', 'x'], /--separator must be/],
  [
    'a rate of nothing',
    ['create_note', file(notes(1)), '--rate', '0'],
    /--rate must be a whole number of at least 1/,
  ],
  ['an action that is switched off', ['create_note', file(notes(1)), '--read-only'], /is disabled by/],
  ['--local with --job', ['create_note', file(notes(1)), '--local', '--job', folder], /cannot be combined/],
]
for (const [what, args, words] of usages) {
  test(`${what} is wrong usage of bulk: words on stderr, nothing on stdout, exit code 2`, async () => {
    const { code, stdout, stderr } = await bulk(args)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /\n\s+at /)
  })
}

test('a token that is no good is said before anything is sent, and stands nowhere', async () => {
  const path = file(notes(2))
  const { code, stdout, stderr } = await commandLine(['bulk', 'create_note', path], {
    env: { ...env, INTERCOM_ACCESS_TOKEN: 'a-token-that-is-no-good' },
  })
  assert.equal(code, 1)
  assert.match(JSON.parse(stdout).error, /401 unauthorized/)
  assert.doesNotMatch(stdout + stderr, /a-token-that-is-no-good/)
  assert.equal((await bulk(['create_note', path])).code, 0)
  const job = `${path}.create_note.job`
  for (const name of readdirSync(job)) {
    assert.ok(!readFileSync(join(job, name)).includes(accessToken), name)
    assert.equal(statSync(join(job, name)).mode & 0o077, 0, name)
  }
})

test('rows that change the same contact go one after another', async () => {
  workspace.control.addFault({ kind: 'delay', ms: 1000, route: 'PUT /contacts/{id}', count: 1 })
  const rows = file(`contact_id,name\n${contact_id},First\n${contact_id},Last\n`)
  const { code, stderr } = await bulk(['update_contact', rows, '--toolsets', 'contacts'])
  assert.equal(code, 0, stderr)
  const intercom = createIntercom({ accessToken, baseUrl: url })
  assert.equal((await intercom.getContact({ contact_id })).result?.name, 'Last')
  await intercom.close()
})

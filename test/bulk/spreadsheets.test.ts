import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { commandLine } from '../support/command-line.ts'

// Files as spreadsheets and exporters write them, by `bulk` on the command line.
const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-sheets-'))
const workspace = await createWorkspace({ seed: 'small', rateLimit: { app: 100_000, workspace: false } })
const { url, accessToken } = await workspace.listen()
const env = {
  INTERCOM_ACCESS_TOKEN: accessToken,
  INTERCOM_API_BASE_URL: url,
  XDG_STATE_HOME: join(folder, 'state'),
}
const intercom = createIntercom({ accessToken, baseUrl: url })
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

/** Runs `bulk upsert_contact` on a copy of a fixture, since its job lies beside it. */
async function upsert(name: string, ...flags: string[]) {
  const path = join(folder, name)
  if (!existsSync(path)) copyFileSync(join(fixtures, name), path)
  const ended = await commandLine(['bulk', 'upsert_contact', path, ...flags], { env })
  return { ...ended, path, summary: ended.stdout.startsWith('{\n') ? JSON.parse(ended.stdout) : null }
}

async function contact(email: string) {
  const { contacts } = await intercom.searchContacts({ query_value: email })
  return contacts[0] ?? null
}

test('all unknown columns are told at once with the flags that would do, and those flags do', async () => {
  const refused = await upsert('excel-semicolons.csv', '--check')
  assert.deepEqual([refused.code, refused.stdout], [2, ''])
  assert.match(
    refused.stderr,
    /unknown parameters "First Name" \(did you mean "name"\?\), "Last Name" .*, "User ID" \(did you mean "external_id"\?\), "Plan" .*, "Notes", "Owner"/,
  )
  assert.match(
    refused.stderr,
    /--map "User ID=external_id,Plan=custom_attributes\.plan" --ignore "First Name/,
  )
  const flags = ['--map', 'First Name=name', '--map', 'User ID=external_id,Plan=custom_attributes.plan']
  const ignore = ['--ignore', 'Last Name,Notes', '--ignore', 'owner']
  for (const how of ['--check', '--dry-run']) {
    const { code, stderr } = await upsert('excel-semicolons.csv', how, ...flags, ...ignore)
    assert.equal(code, 0, stderr)
    const table = [
      'column      parameter',
      'E-Mail      email',
      'First Name  name',
      'Last Name   (left out)',
      'User ID     external_id',
      'Plan        custom_attributes.plan',
      'Notes       (left out)',
      'Owner       (left out)',
      'Skipped blank rows: 2',
    ]
    assert.ok(stderr.includes(`${table.join('\n')}\n`), stderr)
  }
  const { code, summary, stderr } = await upsert('excel-semicolons.csv', ...flags, ...ignore)
  assert.deepEqual([code, summary.rows, summary.skipped, summary.succeeded], [0, 2, 2, 2], stderr)
  assert.match(stderr, /^Skipped blank rows: 2$/m)
  const ada = await contact('ada@x.example')
  assert.deepEqual([ada?.name, ada?.external_id], ['Ada', '7'])
  assert.equal(
    (await upsert('excel-semicolons.csv', ...flags, '--ignore', 'Last Name,Notes,Owner')).summary
      .finished_before,
    true,
  )
  const other = await upsert(
    'excel-semicolons.csv',
    ...flags,
    '--map',
    'Last Name=phone',
    '--ignore',
    'Notes,Owner',
  )
  assert.equal(other.code, 2)
  assert.match(other.stderr, /different --map, --ignore or --clear/)
})

test('a line sep=, text of Excel in UTF-16 with tabs, and a JSON array are read', async () => {
  for (const [name, email, expected] of [
    ['excel-sep.csv', 'ada@x.example', 'Lovelace; Ada'],
    ['excel-unicode-text.txt', 'zoë@x.example', 'Zoë'],
    ['array.json', 'grace@x.example', 'Grace'],
  ] as const) {
    const { code, stderr } = await upsert(name)
    assert.equal(code, 0, stderr)
    assert.equal((await contact(email))?.name, expected)
  }
  assert.equal((await contact('zoë@x.example'))?.external_id, '00123')
})

test('quoted blanks change nothing', async () => {
  const given = { email: 'ada@x.example', name: 'Ada', phone: '+4930123456' }
  await intercom.upsertContact(given)
  const { code, summary } = await upsert('every-cell-quoted.csv')
  assert.deepEqual([code, summary.rows, summary.skipped], [0, 2, 1])
  const ada = await contact('ada@x.example')
  assert.deepEqual([ada?.name, ada?.phone], [given.name, given.phone])
})

test('what a spreadsheet has made of values is told by line and column, and grouped', async () => {
  const { code, stderr, summary } = await upsert('spreadsheet-values.csv', '--check')
  assert.deepEqual([code, summary.rows, summary.bad_rows], [1, 6, 5])
  for (const words of [
    /^line 2, column phone: phone is in scientific notation: .* \(given "4\.91512E\+12"\)$/m,
    /^line 3, column external_id: external_id is in scientific notation/m,
    /^line 4, column phone: phone holds a spreadsheet’s error value; .* \(given "#N\/A"\)$/m,
    /^line 5, column name: name holds a spreadsheet’s error value/m,
    /^line 6, column external_id: external_id was exported as a decimal number/m,
  ])
    assert.match(stderr, words)
})

test('--check asks the workspace for its attributes, and says what each row would fail by', async () => {
  const { code, stderr, summary } = await upsert('local-values.csv', '--check')
  assert.deepEqual([code, summary.bad_rows], [1, 4], stderr)
  for (const words of [
    /^line 2, column custom_attributes\.renewal_date: .*takes Unix seconds or an ISO date.*"31\.12\.2025"/m,
    /^line 3, column custom_attributes\.renewal_date: .*2025-01-01$/m,
    /^line 4, column custom_attributes\.renewal_date: .*1735689600$/m,
    /^line 5, column custom_attributes\.seats:number: .*with a decimal point and no other separators \(given "12,5"\)$/m,
  ])
    assert.match(stderr, words)
  const path = join(folder, 'booleans.csv')
  writeFileSync(path, 'email,custom_attributes.vip\nada@x.example,TRUE\n')
  const booleans = await commandLine(['bulk', 'upsert_contact', path, '--check'], { env })
  assert.match(
    booleans.stderr,
    /takes true or false, not "TRUE"\. Call the column "custom_attributes\.vip:boolean"$/m,
  )
  const blind = await commandLine(['bulk', 'upsert_contact', join(folder, 'local-values.csv'), '--check'])
  assert.match(blind.stderr, /No access token: custom attributes are not checked/)
  assert.deepEqual([blind.code, JSON.parse(blind.stdout).bad_rows], [1, 1])
})

test('where the workspace cannot be asked, --check says so and checks the rest', async () => {
  const fault = workspace.control.addFault({ kind: 'status', status: 403, route: 'GET /data_attributes' })
  const forbidden = await upsert('local-values.csv', '--check')
  workspace.control.clearFaults(fault.id)
  assert.equal(forbidden.summary.bad_rows, 1, forbidden.stderr)
  assert.match(forbidden.stderr, /Rows were not checked .* this token cannot read the definitions/)
  const path = join(folder, 'local-values.csv')
  const offline = await commandLine(['bulk', 'upsert_contact', path, '--check'], {
    env: { ...env, INTERCOM_ACCESS_TOKEN: 'a-token-that-is-no-good' },
  })
  assert.match(offline.stderr, /Rows were not checked against the workspace's custom attributes: 401/)
  assert.deepEqual([offline.code, JSON.parse(offline.stdout).bad_rows], [1, 1])
})

test('an attribute that does not exist fails every row before it is sent, the job stops, and goes on later', async () => {
  const calls = () => workspace.control.requests().filter(({ method }) => method !== 'GET').length
  const before = calls()
  const { code, stderr, summary, path } = await upsert('unknown-attribute.csv')
  assert.deepEqual(
    [code, summary.stopped, summary.failed, summary.left, calls()],
    [1, 'one_reason', 50, 70, before],
  )
  assert.match(
    stderr,
    /^ {2}50 × custom_attributes\.first_seen does not exist in this workspace\. It has plan, seats, .*, first in line 2$/m,
  )
  assert.match(stderr, /^Stopped: The first 50 rows were all rejected for one reason: .*--keep-going$/m)
  assert.match(JSON.parse(JSON.stringify(summary)).error, /The first 50 rows/)
  const checked = await upsert('unknown-attribute.csv', '--check')
  assert.match(checked.stderr, /^ {2}120 × custom_attributes\.first_seen does not exist in this workspace/m)
  await fetch(`${url}/data_attributes`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'intercom-version': '2.12',
    },
    body: JSON.stringify({ name: 'first_seen', model: 'contact', data_type: 'string' }),
  })
  const resumed = await upsert('unknown-attribute.csv')
  assert.deepEqual(
    [resumed.summary.succeeded, resumed.summary.failed, resumed.summary.left],
    [70, 50, 0],
    resumed.stderr,
  )
  const failed = await commandLine(['bulk', 'upsert_contact', String(resumed.summary.failed_rows)], { env })
  assert.deepEqual([failed.code, JSON.parse(failed.stdout).succeeded], [0, 50])
  assert.match(readFileSync(`${path}.upsert_contact.job/failed.csv`, 'utf8'), /^bulk_failure_reason,email,/)
})

test('Intercom’s own refusals are grouped too, and --keep-going sends all rows', async () => {
  const path = join(folder, 'notes.csv')
  const rows = Array.from({ length: 60 }, (_, n) => `${(n + 1).toString(16).padStart(24, '0')},Hello`)
  writeFileSync(path, `contact_id,body\n${rows.join('\n')}\n`)
  const first = await commandLine(
    ['bulk', 'create_note', path, '--rate', '1000', '--job', join(folder, 'notes-1')],
    { env },
  )
  const summary = JSON.parse(first.stdout)
  assert.match(first.stderr, /^ {2}\d+ × User Not Found, first in line 2$/m)
  assert.deepEqual([first.code, summary.failed >= 50, summary.succeeded], [1, true, 0])
  const going = await commandLine(
    ['bulk', 'create_note', path, '--keep-going', '--job', join(folder, 'notes-2')],
    {
      env,
    },
  )
  assert.deepEqual([JSON.parse(going.stdout).failed, JSON.parse(going.stdout).stopped], [60, null])
  assert.match(going.stderr, /^ {2}60 × User Not Found, first in line 2$/m)
})

const refusals: [name: string, words: RegExp][] = [
  ['workbook.xlsx', /the file is an Excel workbook \(\.xlsx\); .* In Excel choose File, Save As, CSV UTF-8/],
  ['workbook.csv', /the file is an Excel workbook/],
  ['page.csv', /the file is an HTML page/],
  ['no-header.csv', /unknown parameters "ada@x\.example", "Ada"\. The first line must name the parameters/],
  [
    'whole-lines-quoted.csv',
    /unknown parameter "email;name".* is the separator ";", with quotes around whole lines\?/,
  ],
  ['empty.csv', /the file is empty\. Its first line must name the parameters/],
]
for (const [name, words] of refusals) {
  test(`${name} is wrong usage that says what to do`, async () => {
    for (const flags of [['--check'], []]) {
      const { code, stdout, stderr, path } = await upsert(name, ...flags)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, words)
      assert.ok(!existsSync(`${path}.upsert_contact.job/job.json`))
    }
  })
}

test('a file with a header alone says that there are no rows', async () => {
  for (const flags of [['--check'], []]) {
    const { code, stderr, summary } = await upsert('header-only.csv', ...flags)
    assert.deepEqual([code, summary.rows], [0, 0])
    assert.match(stderr, /There (?:are|were) no rows/)
  }
})

test('a token among the values is not shown', async () => {
  const path = join(folder, 'token.csv')
  writeFileSync(path, `email,role\na@x.example,${accessToken}\n`)
  const { stderr, stdout } = await commandLine(['bulk', 'upsert_contact', path, '--check'], { env })
  assert.match(stderr, /line 2, column role: role must be/)
  assert.ok(!`${stderr}${stdout}`.includes(accessToken.slice(0, 8)), stderr)
})

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { catalogue } from '../../src/actions/toolsets.ts'
import { bulkCommand } from '../../src/cli/commands/bulk.ts'
import { kebab } from '../../src/cli/flags.ts'
import { createIntercom, describe } from '../../src/index.ts'
import { commandLine } from '../support/command-line.ts'
import { type Called, type Desk, type Json, openDesk } from './trajectory.ts'
import { overMcp } from './transports.ts'

const skills = new URL('../../plugin/skills/', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'skills-'))
after(() => rmSync(folder, { recursive: true }))

const textOf = (name: string) => readFileSync(new URL(`${name}/SKILL.md`, skills), 'utf8')
const blocksOf = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  )

/** The calls of a skill, in the order of its text. */
const callsOf = (name: string): [tool: string, input: string][] =>
  blocksOf(textOf(name), 'tool').map((line) => {
    const [, tool = '', input = ''] = /^(\w+) (\{.*\})$/.exec(line) ?? assert.fail(line)
    return [tool, input]
  })

/** What a model takes from an answer for the placeholders of later calls. */
const taken: Record<string, (result: Json) => Record<string, string>> = {
  search_conversations: ({ conversations: [row] }) => (row ? { 'conversation id': row.id } : {}),
  search_contacts: ({ contacts: [row] }) => (row ? { 'contact id': row.id } : {}),
  list_admins: ({ result }) => ({
    'teammate id': String(result.admins.find(({ has_inbox_seat }: Json) => has_inbox_seat).id),
  }),
  upsert_contact: ({ contact }) => ({ 'contact id': contact.id }),
}

/** Does what a skill says, call by call, as its text has them. */
async function played(desk: Desk, name: string, given: Record<string, string>): Promise<Called[]> {
  const { accessToken, dispatcher } = desk.workspace
  const intercom = createIntercom({ accessToken, dispatcher, settleMs: [1] })
  const { call, close } = await overMcp(intercom)
  const known = { ...given }
  const answers: Called[] = []
  for (const [tool, text] of callsOf(name)) {
    const filled = text.replaceAll(
      /<(email|name|draft|\w+ id)>/g,
      (_, key) => known[key] ?? assert.fail(`${tool}: ${key}`),
    )
    const answer = await call(tool, JSON.parse(filled))
    assert.ok(answer.ok, `${tool} ${filled}: ${answer.text}`)
    Object.assign(known, taken[tool]?.(answer.result))
    answers.push(answer)
  }
  await close()
  await intercom.close()
  return answers
}

for (const name of readdirSync(skills)) {
  test(`the skill ${name} has the form of a skill, and names only what there is`, () => {
    const text = textOf(name)
    const [, front = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
    const { name: own, description, ...rest } = parse(front)
    assert.deepEqual([own, Object.keys(rest)], [name, ['license']])
    assert.ok(/^[a-z]+(-[a-z]+)*$/.test(name) && name.length <= 64)
    assert.ok(description.length <= 1024 && body.split('\n').length < 500)
    const words = new Set([
      ...catalogue.flatMap((action) => [action.name, ...Object.keys(describe(action).parameters)]),
      ...[
        'has_inbox_seat',
        'action_type',
        'team_assignee_id',
        'admin_assignee_id',
        'tag_ids',
        'custom_attributes',
      ],
    ])
    const named = [...body.matchAll(/`([a-z]+(?:_[a-z]+)+)\b/g)].map(([, word = '']) => word)
    assert.ok(named.length > 0)
    assert.deepEqual(
      named.filter((word) => !words.has(word)),
      [],
    )
    const flags = Object.keys(bulkCommand.flags).map((flag) => `--${kebab(flag)}`)
    const given = [...body.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag)
    assert.deepEqual(
      given.filter((flag) => !flags.includes(flag)),
      [],
    )
  })
}

test('a model that follows triage-inbox sees who waits, and writes to no customer', async (t) => {
  const desk = await openDesk()
  t.after(() => desk.workspace.close())
  const sent = desk.outbox().length
  const answers = await played(desk, 'triage-inbox', {})
  const [counted, listed] = answers
  assert.ok(counted?.result.total_count > 0)
  const waiting: number[] = listed?.result.conversations.map(
    (row: Json) => Date.parse(row.waiting_since) || row.waiting_since,
  )
  assert.ok(waiting.length > 1)
  assert.deepEqual(
    waiting,
    waiting.toSorted((a, b) => a - b),
    'longest waiting first',
  )
  const thread = await desk.thread(listed?.result.conversations[0].id)
  assert.match(String(thread.at(-1)), /^note by admin: Triage: high/)
  assert.equal(desk.outbox().length, sent)
})

test('a model that follows answer-customer answers the right conversation, once', async (t) => {
  const desk = await openDesk()
  t.after(() => desk.workspace.close())
  const contact = await desk.person({ email: 'rosa@skills.test', name: 'Rosa' })
  const conversation = await desk.conversation(contact, 'I was charged twice')
  const given = { email: 'rosa@skills.test', draft: '<p>We are looking into the second charge.</p>' }
  await played(desk, 'answer-customer', given)
  assert.deepEqual(await desk.thread(conversation), [
    'comment by admin: We are looking into the second charge.',
  ])
})

test('a model that follows import-contacts writes each person once, and its commands do a sheet', async (t) => {
  const desk = await openDesk()
  t.after(() => desk.workspace.close())
  await played(desk, 'import-contacts', { email: 'ada@skills.test', name: 'Ada' })
  const search = { query: { field: 'email', operator: '~', value: 'skills.test' } }
  const found = async () =>
    (await desk.http('POST', '/contacts/search', search)).data.map(({ name }: Json) => name).toSorted()
  assert.deepEqual(await found(), ['Ada'])

  const { url, accessToken } = await desk.workspace.listen()
  writeFileSync(join(folder, 'people.csv'), 'email,name\nada@skills.test,\nbob@skills.test,Bob\n')
  const env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url, XDG_STATE_HOME: folder }
  const before = process.cwd()
  process.chdir(folder)
  t.after(() => process.chdir(before))
  const commands = blocksOf(textOf('import-contacts'), 'sh')
  assert.equal(commands.length, 2)
  for (const [index, command] of commands.entries()) {
    const [program, ...words] = command.split(' ')
    assert.equal(program, 'modulex-intercom')
    const { code, stderr } = await commandLine(words, { env })
    assert.equal(code, 0, stderr)
    assert.deepEqual(await found(), index === 0 ? ['Ada'] : ['Ada', 'Bob'])
  }
})

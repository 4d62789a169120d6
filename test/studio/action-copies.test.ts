import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { catalogue, toolsetOf } from '../../src/actions/toolsets.ts'
import { createIntercom } from '../../src/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { copiesOf } from '../../src/studio/actions/copies.ts'
import { mcpHttp } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { commandLine } from '../support/command-line.ts'
import { toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

// What can be copied is run as it stands, for every action, each from the same state of one workspace.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
workspace.control.clock.freeze()
const { url, accessToken } = await workspace.listen()
const env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
const intercom = createIntercom({ accessToken, baseUrl: url, toolsets: ['all'] })
const of = await toolsetSubjects(intercom)
const examples = { ...actionExamples, ...toolsetExamples } as unknown as Record<
  string,
  (given: typeof of) => Record<string, unknown>
>
const home = mkdtempSync(join(tmpdir(), 'copies-'))
workspace.control.snapshot('start')
after(async () => {
  await workspace.close()
  rmSync(home, { recursive: true })
})

const origin = 'http://127.0.0.1:8321'
const calls = catalogue.map((action) => {
  const { name } = action
  const input = examples[name]?.(of) ?? {}
  return { name, input, copies: copiesOf({ action: { name, toolset: toolsetOf(action) }, input, origin }) }
})

/** What each call answers by the function itself, from the same state. */
const expected = new Map<string, unknown>()
for (const { name, input } of calls) {
  expected.set(name, JSON.parse(JSON.stringify(await intercom.run(name as string, input))))
  if (effectOf(name) !== 'read') workspace.control.restore('start')
}

/** Runs each call from the same state, and holds what came of it against the function itself. */
async function each(act: (call: (typeof calls)[number], at: number) => Promise<unknown>): Promise<void> {
  for (const [at, call] of calls.entries()) {
    assert.deepEqual(await act(call, at), expected.get(call.name), call.name)
    if (effectOf(call.name) !== 'read') workspace.control.restore('start')
  }
}

function effectOf(name: string): string | undefined {
  return catalogue.find((one) => one.name === name)?.effect
}

/** The words of command lines, as a POSIX shell reads them; variables have these values. */
function wordsOf(lines: readonly string[], variables: Record<string, string> = {}): string[][] {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\1'; }; npx() { curl "$@"; }\n${lines.join('\n')}`
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { env: variables, encoding: 'utf8' })
  assert.equal(stderr, '')
  return stdout
    .split('\u0001')
    .slice(0, -1)
    .map((line) => line.split('\0').slice(0, -1))
}

test('TypeScript', async () => {
  Object.assign(process.env, env)
  const entry = fileURLToPath(new URL('../../src/index.ts', import.meta.url))
  await each(async ({ name, copies }) => {
    const file = join(home, `${name}.ts`)
    const source = copies.typescript.replace("'modulex-intercom'", JSON.stringify(entry))
    writeFileSync(file, `${source}export { answer }\n`)
    const { answer } = await import(pathToFileURL(file).href)
    return JSON.parse(JSON.stringify(answer))
  })
})

test('curl', async () => {
  const { fetch } = httpHandler(intercom)
  const lines = wordsOf(
    calls.map(({ copies }) => copies.curl),
    { MODULEX_INTERCOM_API_KEY: 'a-key' },
  )
  await each(async (_, index) => {
    const [target = '', ...rest] = lines[index] ?? []
    const [headers, body] = [new Headers(), rest.at(-1) ?? '']
    assert.equal(rest.at(-2), '--data-raw')
    for (const [at, word] of rest.entries()) {
      const [, header = '', value = ''] = rest[at - 1] === '-H' ? (/^([\w-]+): (.*)$/.exec(word) ?? []) : []
      if (header !== '') headers.set(header, value)
    }
    assert.equal(headers.get('authorization'), 'Bearer a-key')
    return await (await fetch(new Request(target, { method: 'POST', headers, body }))).json()
  })
})

test('shell commands are read as what was filled in, and one of each toolset is run', async () => {
  const lines = wordsOf(calls.map(({ copies }) => copies.shell))
  const sets = new Set<string | null>()
  for (const [at, { name, input }] of calls.entries()) {
    const [program, ...args] = lines[at] ?? []
    const set = toolsetOf({ name })
    const json = args.at(-1) ?? ''
    assert.deepEqual(
      [program, args],
      ['modulex-intercom', ['run', name, ...(set === null ? [] : ['--toolsets', set]), '--input', json]],
    )
    assert.deepEqual(JSON.parse(json), input)
    if (sets.has(set)) continue
    sets.add(set)
    const { code, stdout, stderr } = await commandLine(args, { env })
    assert.equal(code, 0, stderr)
    assert.deepEqual(JSON.parse(stdout), expected.get(name))
    workspace.control.restore('start')
  }
})

test('an MCP call', async () => {
  const { fetch } = mcpHttp(intercom, { output: 'full' })
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }
  await each(async ({ copies }) => {
    const answer = await fetch(new Request(`${origin}/mcp`, { method: 'POST', headers, body: copies.mcp }))
    const text = await answer.text()
    return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text).result.structuredContent
  })
})

test('texts that a shell or a language would read otherwise stay what they are', async () => {
  const body = `it's "$HOME" \`id\` $(id) \\ \n*/ \${x} \u2028 <b>é</b> 🙂 !!`
  const input = {
    contact_id: of.contact,
    body,
    custom: JSON.parse('{"__proto__": {"a": 1}, "a b": [[], {}], "é": null}'),
  }
  const { typescript, curl, shell, mcp } = copiesOf({
    action: { name: 'create_note', toolset: null },
    input,
    origin,
    idempotencyKey: 'a-1',
  })
  const [, literal = ''] = /createNote\(([\s\S]*)\)\nif/.exec(typescript) ?? []
  const file = join(home, 'literal.ts')
  writeFileSync(file, `export const value = ${literal}`)
  const { value } = await import(pathToFileURL(file).href)
  assert.equal(JSON.stringify(value), JSON.stringify(input))
  const [words = [], command = []] = wordsOf([curl, shell])
  assert.deepEqual(JSON.parse(words.at(-1) ?? ''), input)
  assert.ok(words.includes('Idempotency-Key: a-1'))
  assert.deepEqual(JSON.parse(command.at(-1) ?? ''), input)
  assert.deepEqual(JSON.parse(mcp).params, { name: 'create_note', arguments: input })
})

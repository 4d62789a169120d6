import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { createWorkspace, type Fixture } from '../../src/workspace/index.ts'

const at = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const fits = ajv.compile(JSON.parse(at('docs/fixtures.schema.json')))

const [, sample = ''] = /```yaml\n([\s\S]*?)```/.exec(at('docs/fixtures.md')) ?? []
for (const [name, text] of [
  ['the story', at('examples/bicycle-shop.yaml')],
  ['the sample of the page', sample],
] as const) {
  test(`${name} fits the schema that editors get, and loads`, async () => {
    const fixtures: Fixture = parse(text)
    assert.ok(fits(fixtures), JSON.stringify(fits.errors))
    await (await createWorkspace({ fixtures })).close()
  })
}

test('the schema that editors get refuses what the loader does', async () => {
  const wrong = [
    { contacts: [{ emial: 'a@b.example' }] },
    { contact: [] },
    { app: { region: 'Mars' } },
    { contacts: [{ email: 'a@b.example', created_at: 'yesterday' }] },
    { conversations: [{ contact: 'a', created_at: 1, body: 'Hi', parts: [{ at: 2, by: 'b', rate: 6 }] }] },
    { conversations: [{ contact: 'a', created_at: 1 }] },
  ]
  for (const fixtures of wrong) {
    assert.equal(fits(fixtures), false, JSON.stringify(fixtures))
    await assert.rejects(createWorkspace({ fixtures: fixtures as Fixture }), { name: 'FixtureError' })
  }
})

test('the story is short', () => {
  assert.ok(at('examples/bicycle-shop.yaml').split('\n').length < 60)
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { rest } from '../support/rest.ts'
import { overMcp } from '../trajectories/transports.ts'

const workspace = await createWorkspace({ seed: 2 })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher, dryRun: true })
const { call } = intercomTools(intercom)
const mcp = await overMcp(intercom)
after(async () => {
  await mcp.close()
  await workspace.close()
})

/** A host's input as JSON text in, an error or the request that would be sent out. */
type Edge = (text: string) => Promise<string>

const edges: Record<string, Edge> = {
  REST: async (text) => {
    const { status, code, body } = await rest(intercom).post('/actions/upsert_contact', text)
    if (status !== 200) assert.deepEqual([status, code], [422, 'invalid_input'])
    return JSON.stringify(body)
  },
  'a tool called with text': async (text) => JSON.stringify((await call('upsert_contact', text)).structured),
  'a tool called with an object': async (text) =>
    JSON.stringify((await call('upsert_contact', JSON.parse(text))).structured),
  MCP: async (text) => JSON.stringify((await mcp.call('upsert_contact', JSON.parse(text))).result),
}

const inputOf = (number: string) => `{"email":"ada@example.com","custom_attributes":{"n":${number}}}`

for (const [edge, answer] of Object.entries(edges)) {
  test(`${edge}: a whole number that JavaScript cannot hold is refused, any other is sent as it is`, async () => {
    for (const number of ['9007199254740993', '-12345678901234567890']) {
      const text = inputOf(number)
      const nested = JSON.stringify({ ...JSON.parse(inputOf('1')), custom_attributes: `{"n":${number}}` })
      for (const given of [text, nested]) {
        assert.match(await answer(given), /"success":false.* number that would be rounded; send it as text/)
      }
    }
    for (const number of ['9007199254740991', '-9007199254740991', '0.1', '"9007199254740993"']) {
      assert.match(await answer(inputOf(number)), new RegExp(`"custom_attributes":{"n":${number}}`))
    }
  })
}

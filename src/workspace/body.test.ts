import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createWorkspace } from './index.ts'

const bytes = Buffer.concat([Buffer.from('{"name":"a'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])

test('a body that is not UTF-8 is refused, in memory and over a socket, and nothing is stored', async () => {
  const workspace = await createWorkspace()
  const { url, accessToken } = await workspace.listen()
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
  const inMemory = await workspace.fetch(new Request(`${url}/tags`, { method: 'POST', headers, body: bytes }))
  assert.equal(inMemory.status, 400)
  const { status, body } = await new Promise<{ status: number | undefined; body: string }>(
    (resolve, reject) => {
      const sent = request(`${url}/tags`, { method: 'POST', headers, agent: false }, async (response) =>
        resolve({ status: response.statusCode, body: await text(response) }),
      )
      sent.on('error', reject).end(bytes)
    },
  )
  assert.equal(status, 400)
  assert.match(body, /not valid UTF-8/)
  const tags = await (await workspace.fetch(new Request(`${url}/tags`, { headers }))).json()
  assert.deepEqual(tags, { type: 'list', data: [] })
  await workspace.close()
})

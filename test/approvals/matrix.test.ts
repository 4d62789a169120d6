import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { holding, openApprovals } from '../../src/approvals/index.ts'
import { createIntercom } from '../../src/index.ts'
import { mcpHttp, mcpServers } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'

// Every MCP client of the table in docs/approvals.md; its other rows name the file that tests them.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const { conversation, bodies, reply } = await correspondence(createIntercom({ accessToken, dispatcher }))
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-matrix-'))
const store = openApprovals(join(folder, 'approvals'))
const intercom = createIntercom({ accessToken, dispatcher, journal: join(folder, 'journal') })
after(async () => {
  await intercom.close()
  store.close()
  await workspace.close()
  rmSync(folder, { recursive: true })
})

const page = readFileSync(new URL('../../docs/approvals.md', import.meta.url), 'utf8')
const rows = page
  .slice(page.indexOf('## Which caller takes which road'))
  .split('\n## ')[0]
  ?.split('\n')
  .filter((line) => /^\|(?! caller|---)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, caller = '', shows = '', road = '', tested = '']) => ({ caller, shows, road, tested }))
assert.ok(rows && rows.length > 15)

const abilities: Record<string, object> = {
  nothing: {},
  forms: { elicitation: { form: {} } },
  pages: { elicitation: { url: {} } },
  'forms, pages': { elicitation: { form: {}, url: {} } },
  apps: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } },
}
abilities['forms, apps'] = { ...abilities['forms'], ...abilities['apps'] }

/** What a client meets that calls, and whose user says yes where they are asked. */
async function met(transport: string, revision: string, shows: string): Promise<string> {
  const capabilities = abilities[shows]
  assert.ok(capabilities, shows)
  const link = (id: string) => `https://desk.example.com/approvals/${id}`
  const options = { sends: 'confirm', approvals: holding(store, { caller: 'a caller', link }) } as const
  const client = new Client(
    { name: 'A host', version: '1' },
    {
      capabilities,
      versionNegotiation: { mode: revision === '2025-11-25' ? 'legacy' : { pin: '2026-07-28' } },
    },
  )
  const asked: string[] = []
  if ('elicitation' in capabilities)
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.mode === 'url' ? 'its page' : 'a form')
      return { action: 'accept', ...(params.mode === 'url' ? {} : { content: { confirm: true } }) }
    })
  if (transport === 'stdio') {
    const [near, far] = InMemoryTransport.createLinkedPair()
    serveStdio(mcpServers(intercom, options), { transport: far })
    await client.connect(near)
  } else {
    const { fetch } = mcpHttp(intercom, options)
    const ours = async (url: string | URL, init?: RequestInit) => await fetch(new Request(url, init))
    await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch: ours }))
  }
  const conversation_id = await conversation()
  const body = `By ${transport} ${revision} ${shows}`
  const { isError, content, _meta } = await client.callTool({
    name: 'reply_to_conversation',
    arguments: reply(conversation_id, body),
  })
  await client.close()
  const sent = (await bodies(conversation_id)).filter((one) => one.includes(body)).length
  const isHeld = JSON.stringify(content).includes(': held: ')
  assert.deepEqual([isError ?? false, isHeld], [sent === 0, sent === 0], JSON.stringify(content))
  const inbox = sent === 1 ? [] : ['the inbox']
  const app = sent === 0 && _meta?.['modulex-intercom/approval'] !== undefined ? ['the app'] : []
  return [...new Set(asked), ...inbox, ...app].join(', ')
}

for (const { caller, shows, road, tested } of rows) {
  const [, transport, revision] = /^MCP over (stdio|HTTP), (\S+)$/.exec(caller) ?? []
  if (transport === undefined || revision === undefined) {
    test(`${caller}: tested by ${tested}`, () => {
      const [, path = ''] = /\]\((\.\.\/[^)]+)\)/.exec(tested) ?? []
      assert.match(readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8'), /held|approv/i)
    })
  } else {
    test(`${caller}, a client that shows ${shows}: ${road}`, async () => {
      assert.equal(await met(transport, revision, shows), road)
    })
  }
}

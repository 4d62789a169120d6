import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { bin, key, served } from '../test-hosts/served.ts'

/** What an operator signs in with. */
export const operatorKey = 'an-operators-key-of-the-browser-tests'

/** A server on a local Intercom that holds what is sent, with an operator. */
export async function desk(flags: string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-desk-'))
  const args = [
    'serve',
    '--local',
    '--port',
    '0',
    '--sends',
    'confirm',
    '--approvals',
    join(folder, 'approvals.db'),
    ...flags,
  ]
  const server = await served([bin, ...args], {
    MODULEX_INTERCOM_API_KEY: key,
    MODULEX_INTERCOM_OPERATOR_KEY: operatorKey,
    XDG_STATE_HOME: folder,
  })

  async function action(name: string, input: object): Promise<Called> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${server.url}/actions/${name}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(input),
    })
    return { location: response.headers.get('location'), ...(await response.json()) }
  }

  const found = await action('list_conversations', {})
  const [conversation] = found.conversations ?? []
  const { result } = await action('list_admins', {})
  const admin = result?.admins?.find(({ has_inbox_seat }) => has_inbox_seat)
  const inputOf = (body: string) => ({
    conversation_id: conversation?.id,
    reply_type: 'admin',
    admin_id: admin?.id,
    body,
  })
  const reply = (body: string) => action('reply_to_conversation', inputOf(body))
  return {
    url: server.url,
    /** The reply as a model sends it. */
    call: (body: string) => ({ name: 'reply_to_conversation', arguments: inputOf(body) }),
    /** A client of its MCP server that shows apps. */
    async client(): Promise<Client> {
      const extensions = { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }
      const client = new Client(
        { name: 'reference', version: '1' },
        { capabilities: { extensions }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
      )
      const requestInit = { headers: { authorization: `Bearer ${key}` } }
      await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit }))
      return client
    },
    /** Holds a reply; answers the path of its approval. */
    async hold(body: string): Promise<string> {
      const { location, error } = await reply(body)
      if (location === null) throw new Error(`not held: ${error}`)
      return location
    },
    reply,
    /** What was said in the conversation. */
    async said(): Promise<string> {
      return JSON.stringify(await action('get_conversation', { conversation_id: conversation?.id }))
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

type Called = {
  location: string | null
  success: boolean
  error: string | null
  conversations?: { id: string }[]
  result?: { admins?: { id: string; has_inbox_seat: boolean }[] }
}

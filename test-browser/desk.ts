import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, key, served } from '../test-hosts/served.ts'

/** What an operator signs in with. */
export const operatorKey = 'an-operators-key-of-the-browser-tests'

/** A server on a local Intercom that holds what is sent, with an operator. */
export async function desk() {
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
  const reply = (body: string) =>
    action('reply_to_conversation', {
      conversation_id: conversation?.id,
      reply_type: 'admin',
      admin_id: admin?.id,
      body,
    })
  return {
    url: server.url,
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

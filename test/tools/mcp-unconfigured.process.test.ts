import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { catalogue } from '../../src/actions/toolsets.ts'
import { bareEnv } from '../openapi-validator/child-env.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const token = 'dG9rOmFfdG9rZW5fb2ZfdGhlX3Rlc3Q='
const setToken =
  /Nothing was sent\. Set INTERCOM_ACCESS_TOKEN where the host starts this server \("env" in its configuration\), or add --local/

const environments: [what: string, env: Record<string, string>, says: RegExp][] = [
  ['no token', {}, /missing_token: there is no access token\. /],
  ['a blank token', { INTERCOM_ACCESS_TOKEN: '  ' }, /missing_token: there is no access token\. /],
  [
    'a placeholder that the host did not fill in',
    { INTERCOM_ACCESS_TOKEN: '{{INTERCOM_TOKEN}}' },
    /invalid_token: the access token is a placeholder/,
  ],
  [
    'a host that is not Intercom’s',
    { INTERCOM_ACCESS_TOKEN: token, INTERCOM_API_BASE_URL: 'https://app.intercom.com' },
    /invalid_base_url: app\.intercom\.com is not one of Intercom's hosts.*Set INTERCOM_API_BASE_URL where the host/,
  ],
  [
    'a proxy that is none',
    { INTERCOM_ACCESS_TOKEN: token, HTTPS_PROXY: 'http://a proxy' },
    /invalid_proxy: HTTPS_PROXY is not the URL of a proxy.*Set that variable where the host/,
  ],
  [
    'a key of connected workspaces that cannot be read',
    { MODULEX_INTERCOM_WORKSPACES_KEY_FILE: '/nowhere' },
    /MODULEX_INTERCOM_WORKSPACES_KEY_FILE: \/nowhere cannot be read.*Correct this where the host/,
  ],
]

for (const [what, env, says] of environments) {
  test(`mcp with ${what} starts, offers the tools, and each call answers what to set`, async (t) => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bin, 'mcp', '--sends', 'confirm', '--toolsets', 'all'],
      env: { ...bareEnv(), ...env },
      stderr: 'pipe',
    })
    let said = ''
    transport.stderr?.on('data', (chunk) => {
      said += String(chunk)
    })
    const client = new Client({ name: 'test', version: '1' })
    t.after(() => client.close())
    await client.connect(transport)
    const { tools } = await client.listTools()
    assert.deepEqual(
      tools.map(({ name }) => name),
      catalogue.map(({ name }) => name),
    )
    for (const [name, args] of [
      ['list_tags', {}],
      ['close_conversation', { conversation_id: '7' }],
      ['delete_contact', { contact_id: '7' }],
      ['reply_to_conversation', { conversation_id: '7', reply_type: 'admin', admin_id: '1', body: 'Hi' }],
    ] as const) {
      const { isError, content, structuredContent } = await client.callTool({ name, arguments: args })
      const [first] = content as { text: string }[]
      assert.equal(isError, true)
      assert.match(String(first?.text), says)
      if (!says.source.includes('where the host')) assert.match(String(first?.text), setToken)
      assert.deepEqual(structuredContent, { success: false, error: first?.text, result: null })
    }
    await assert.rejects(client.readResource({ uri: 'intercom://contacts/1' }), says)
    await client.close()
    assert.match(said, /^mcp: .*The tools are offered anyway; each call answers with this error\.\n$/)
  })
}

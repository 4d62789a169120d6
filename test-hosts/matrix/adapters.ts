import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Intercom } from '../../src/index.ts'
import { intercomTools as aiSdkTools } from '../../src/tools/ai-sdk.ts'
import { intercomTools as functionTools } from '../../src/tools/functions.ts'
import { intercomTools as langChainTools } from '../../src/tools/langchain.ts'
import { intercomTools as agentTools } from '../../src/tools/openai-agents.ts'
import { bin, key, served } from '../served.ts'
import { throughAgents, throughAiSdk } from './scripted.ts'

/** Runs an action by name; answers its envelope, nothing left out. */
export type Adapter = (name: string, input: object) => Promise<unknown>

/** For processes. */
const all = ['--toolsets', 'all']

/** The adapters by name, over one workspace; the processes among them end with `stop`. */
export async function adapters(
  intercom: Intercom<'all'>,
  env: Record<string, string>,
): Promise<{ adapters: Record<string, Adapter>; stop(): Promise<void> }> {
  const server = await served([bin, 'serve', '--port', '0', '--output', 'full', ...all], {
    ...env,
    MODULEX_INTERCOM_API_KEY: key,
  })
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const stdio = await mcp(
    new StdioClientTransport({
      command: process.execPath,
      args: [bin, 'mcp', '--output', 'full', ...all],
      env,
    }),
  )
  const http = await mcp(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } }),
  )
  const options = { output: 'full' } as const
  const plain = functionTools(intercom, options)
  const strict = functionTools(intercom, { ...options, strict: true })
  const aiSdk = aiSdkTools(intercom, options)
  const langChain = langChainTools(intercom, options).tools
  const agents = agentTools(intercom, options)
  return {
    adapters: {
      'plain tools': async (name, input) => (await plain.call(name, JSON.stringify(input))).structured,
      'strict tools': async (name, input) => (await strict.call(name, input)).structured,
      'MCP stdio': (name, input) => stdio.call(name, input),
      'MCP HTTP': (name, input) => http.call(name, input),
      'AI SDK': (name, input) => throughAiSdk(aiSdk, name, input),
      LangChain: async (name, input) => {
        const tool = langChain.find((one) => one.name === name)
        const call = { type: 'tool_call', id: '1', name, args: input } as const
        return (await tool?.invoke(call))?.artifact
      },
      'OpenAI Agents': (name, input) => throughAgents(agents, name, input),
      REST: async (name, input) => {
        const url = `${server.url}/actions/${name}`
        return await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })).json()
      },
      CLI: async (name, input) => {
        const child = spawn(process.execPath, [bin, 'run', name, '--input', '-', ...all], {
          env: { ...process.env, ...env },
          stdio: ['pipe', 'pipe', 'ignore'],
        })
        child.stdin.end(JSON.stringify(input))
        return JSON.parse(await text(child.stdout))
      },
    },
    async stop() {
      await Promise.all([stdio.close(), http.close()])
      await server.stop()
    },
  }
}

async function mcp(transport: Transport) {
  const client = new Client({ name: 'matrix', version: '1.0.0' })
  await client.connect(transport)
  return {
    call: async (name: string, input: object) => {
      const { structuredContent } = await client.callTool({ name, arguments: { ...input } })
      return structuredContent
    },
    close: () => client.close(),
  }
}

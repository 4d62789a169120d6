import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Intercom } from '../../src/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { mcpHttp } from '../../src/tools/mcp/index.ts'
import type { Call, Json } from './trajectory.ts'

/** A way of calling the actions that ends with its job. */
export type Transport = (intercom: Intercom) => Promise<{ call: Call; close(): Promise<void> }>

/** Over MCP, in the newest protocol. */
export const overMcp: Transport = async (intercom) => {
  const { fetch } = mcpHttp(intercom)
  const client = new Client(
    { name: 'trajectories', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  await client.connect(
    new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
      fetch: (input, init) => fetch(new Request(input, init)),
    }),
  )
  return {
    call: async (tool, input = {}) => {
      const answer = await client.callTool({ name: tool, arguments: { ...input } }).catch(String)
      if (typeof answer === 'string') return { ok: false, result: null, text: answer } // not a tool
      const { isError, structuredContent, content } = answer
      const [first] = content as { text: string }[]
      return { ok: isError === false, result: structuredContent, text: String(first?.text) }
    },
    close: () => client.close(),
  }
}

/** Over REST, as a model sees it whose host hands it the body. */
export const overRest: Transport = async (intercom) => {
  const { fetch } = httpHandler(intercom, { output: 'compact' })
  return {
    call: async (tool, input = {}) => {
      const response = await fetch(
        new Request(`http://localhost/actions/${tool}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(input),
        }),
      )
      const result = (await response.json()) as Json
      return { ok: response.status === 200, result, text: result.error ?? JSON.stringify(result) }
    },
    close: async () => {},
  }
}

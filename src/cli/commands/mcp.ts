import { once } from 'node:events'
import { accessFlags, accessOf } from '../access.ts'
import type { Command } from '../command.ts'
import { connect, connectionFlags } from '../connection.ts'
import { say } from '../print.ts'

const { dry_run: _, ...flags } = connectionFlags

/** MCP over stdin and stdout: what agents on this machine start by themselves. */
export const mcpCommand: Command = {
  name: 'mcp',
  usage: '[flags]',
  summary: 'serve the actions to an MCP client over stdin and stdout',
  flags: { ...flags, ...accessFlags },
  words: 0,
  async run(values) {
    const access = accessOf(values)
    const { intercom, options, close } = await connect(values)
    const { mcpStdio } = await import('../../tools/mcp/index.ts')
    // one line, since a message may quote what came in
    const onError = ({ message }: Error) => say(`mcp: ${JSON.stringify(message.slice(0, 300))}`)
    const { readOnly, only } = options
    const server = mcpStdio(intercom, { ...access, readOnly, only, onError })
    const stop = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
    await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close'), once(stop.signal, 'abort')])
    await server.close()
    await close()
    return 0
  },
}

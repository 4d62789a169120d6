import { once } from 'node:events'
import { type Command, interrupted, say } from '../command.ts'
import { accessFlags, accessOf, connect, connectionFlags } from '../connection.ts'

const { dry_run: _, ...flags } = connectionFlags

/** MCP over stdin and stdout, for clients that start their servers themselves. */
export const mcpCommand: Command = {
  usage: '[flags]',
  summary: 'serve the actions to an MCP client over stdin and stdout',
  flags: { ...flags, ...accessFlags },
  async run(values) {
    const access = accessOf(values)
    const { intercom, close } = await connect(values)
    const { mcpStdio } = await import('../../tools/mcp/index.ts')
    // one line, since a message may quote what came in
    const onError = ({ message }: Error) => say(`mcp: ${JSON.stringify(message.slice(0, 300))}`)
    const server = mcpStdio(intercom, { ...access, onError })
    await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close'), interrupted()])
    await server.close()
    await close()
    return 0
  },
}

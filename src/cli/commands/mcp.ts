import { once } from 'node:events'
import { actionNamed } from '../../actions/toolsets.ts'
import { regions } from '../../client/credentials.ts'
import { failed } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import { createIntercom, type Intercom } from '../../intercom.ts'
import type { Access } from '../../tools/policy.ts'
import { type Command, interrupted, say } from '../command.ts'
import { accessFlags, accessOf, connect, connectionFlags, toolsetsIn } from '../connection.ts'
import { namesIn, textIn, UsageError } from '../flags.ts'

const { dry_run: _, ...flags } = connectionFlags

type Served = Pick<Intercom, 'call' | 'actions' | 'toolsets'>

/** MCP over stdin and stdout, for clients that start their servers themselves. */
export const mcpCommand: Command = {
  usage: '[flags]',
  summary: 'serve the actions to an MCP client over stdin and stdout',
  flags: { ...flags, ...accessFlags },
  async run(values) {
    const access = accessOf(values)
    const { intercom, close, ...sends } = await connected(values, access)
    const { mcpStdio } = await import('../../tools/mcp/index.ts')
    // one line, since a message may quote what came in
    const onError = ({ message }: Error) => say(`mcp: ${JSON.stringify(message.slice(0, 300))}`)
    const server = mcpStdio(intercom, { ...access, ...sends, onError })
    await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close'), interrupted()])
    await server.close()
    await close()
    return 0
  },
}

/**
 * The client; where the environment gives no usable one, a stand-in that says so: a host that sees its server end
 * shows "connection closed" and nothing else. A wrong command line still ends it.
 */
async function connected(
  values: Record<string, unknown>,
  { sends, approve }: Pick<Access, 'sends' | 'approve'>,
): Promise<{ intercom: Served; close(): Promise<void> } & Pick<Access, 'sends' | 'approve'>> {
  try {
    const { intercom, close } = await connect(values)
    return { intercom, close, sends, approve }
  } catch (error) {
    if (values['local'] === true || !(error instanceof IntercomError || error instanceof UsageError))
      throw error
    const intercom = standIn(values, error)
    say(`mcp: ${error.message}. The tools are offered anyway; each call answers with this error.`)
    // nobody is asked to confirm what cannot be sent
    return { intercom, close: async () => {}, sends: sends === 'off' ? 'off' : 'allow', approve: [] }
  }
}

/** What to set, where it is not the token. */
const variables: Record<string, string> = {
  invalid_base_url: 'INTERCOM_API_BASE_URL',
  invalid_proxy: 'that variable',
}

/** Answers every call with what is missing. Throws for what is wrong with the command line itself. */
function standIn(values: Record<string, unknown>, error: IntercomError | UsageError): Served {
  const { actions, toolsets } = createIntercom({
    accessToken: 'in-place-of-a-token',
    baseUrl: textIn(values['base_url']) ?? regions.US,
    readOnly: values['read_only'] === true,
    only: namesIn(values['only']),
    toolsets: toolsetsIn(values),
    dispatcher: { dispatch: () => false }, // no proxy of the environment is looked at
  })
  const code = error instanceof IntercomError ? error.code : 'missing_token'
  const variable = variables[code] ?? 'INTERCOM_ACCESS_TOKEN'
  const hint = `Nothing was sent. Set ${variable} where the host starts this server ("env" in its configuration), or add --local to its arguments to try an embedded Intercom; then start it again.`
  const message = error instanceof IntercomError ? error.message : 'there is no access token'
  const problem = new IntercomError(message, { code, hint })
  const call = async (name: string) => {
    const action = actionNamed(name) ?? { name }
    return failed(action, problem, (text) => text)
  }
  return { call: call as unknown as Intercom['call'], actions, toolsets } // no trace: nothing was called
}

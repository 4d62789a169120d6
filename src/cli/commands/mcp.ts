import { once } from 'node:events'
import { actionNamed } from '../../actions/toolsets.ts'
import { regions } from '../../client/credentials.ts'
import { failed } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import { createIntercom, type Intercom } from '../../intercom.ts'
import type { ToolOptions } from '../../tools/offer.ts'
import { approvalsFlag } from '../approvals/file.ts'
import { type Holding, openHolding } from '../approvals/holding.ts'
import { type Command, interrupted, say } from '../command.ts'
import {
  accessFlags,
  accessOf,
  confirmByFlag,
  confirmByOf,
  connect,
  connectionFlags,
  NoToken,
  toolsetsIn,
  workspaceFlags,
} from '../connection.ts'
import { namesIn, textIn, UsageError } from '../flags.ts'

const { dry_run: _, ...flags } = connectionFlags

type Served = Pick<Intercom, 'call' | 'actions' | 'toolsets'>

/** MCP over stdin and stdout, for clients that start their servers themselves. */
export const mcpCommand: Command = {
  usage: '[flags]',
  flags: { ...flags, ...workspaceFlags, ...accessFlags, ...confirmByFlag, ...approvalsFlag },
  examples: ['mcp --local', 'mcp --sends confirm', 'mcp --read-only --toolsets all'],
  async run(values) {
    const confirmBy = confirmByOf(values)
    const { intercom, close, held, ...access } = await connected(values)
    const { mcpStdio } = await import('../../tools/mcp/index.ts')
    // one line, since a message may quote what came in
    const onError = ({ message }: Error) => say(`mcp: ${JSON.stringify(message.slice(0, 300))}`)
    const server = mcpStdio(intercom, { ...access, confirmBy, approvals: held?.approvals, onError })
    held?.start(intercom)
    await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close'), interrupted()])
    await server.close()
    await held?.close()
    await close()
    return 0
  },
}

type Connected = { intercom: Served; held: Holding | null; close(): Promise<void> } & ToolOptions

/**
 * The client; where the environment gives no usable one, a stand-in that says so: a host that sees its server end
 * shows "connection closed" and nothing else. A wrong command line still ends it.
 */
async function connected(values: Record<string, unknown>): Promise<Connected> {
  const access = accessOf(values)
  const problem = values['local'] === true ? null : await problemOf(values) // before any file is made
  if (problem !== null) {
    const intercom = standIn(values, problem)
    say(`mcp: ${problem.message}. The tools are offered anyway; each call answers with this error.`)
    // nobody is asked to confirm what cannot be sent
    const sends = access.sends === 'off' ? 'off' : 'allow'
    return { ...access, sends, approve: [], intercom, close: async () => {}, held: null }
  }
  const held = await openHolding('mcp', access, values)
  const { intercom, close } = await connect(values, { journal: held?.journal })
  return { ...access, intercom, close, held }
}

/** What is wrong with the environment. */
async function problemOf(values: Record<string, unknown>): Promise<IntercomError | UsageError | null> {
  try {
    await (await connect(values)).close()
    return null
  } catch (error) {
    if (error instanceof IntercomError || error instanceof UsageError) return error
    throw error
  }
}

/** What to set, by what is wrong with it. */
const variables: Record<string, string> = {
  missing_token: 'INTERCOM_ACCESS_TOKEN',
  invalid_token: 'INTERCOM_ACCESS_TOKEN',
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
  const [code, message] =
    error instanceof NoToken
      ? ['missing_token', 'there is no access token']
      : [error instanceof IntercomError ? error.code : 'workspaces_failed', error.message]
  const variable = variables[code]
  const hint =
    variable === undefined
      ? 'Nothing was sent. Correct this where the host starts this server, then start it again.'
      : `Nothing was sent. Set ${variable} where the host starts this server ("env" in its configuration), or add --local to its arguments to try an embedded Intercom; then start it again.`
  const problem = new IntercomError(message, { code, hint })
  const call = async (name: string) => {
    const action = actionNamed(name) ?? { name }
    return failed(action, problem, (text) => text)
  }
  return { call: call as unknown as Intercom['call'], actions, toolsets } // no trace: nothing was called
}

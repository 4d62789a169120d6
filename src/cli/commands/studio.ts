import { type Command, interrupted, orUsageError, printJsonLine, say } from '../command.ts'
import { portFrom, textIn } from '../flags.ts'
import { adminKey, ownAdminKey } from '../keys.ts'
import { localStudio, studioPolicyFlags } from '../studio/local.ts'
import { openWorkspace, usualStudioPort, workspaceFlags } from './workspace.ts'

/** The studio on a local Intercom, until Ctrl-C. */
export const studioCommand: Command = {
  usage: '[flags]',
  flags: {
    port: {
      type: 'integer',
      description: 'port of the studio on 127.0.0.1; 0 picks a free one',
      default: usualStudioPort,
    },
    intercom_port: {
      type: 'integer',
      description: 'port of the local Intercom on 127.0.0.1; 0 picks a free one',
      default: 0,
    },
    ...workspaceFlags,
    ...studioPolicyFlags,
  },
  examples: ['studio', 'studio --fixtures shop.yaml', 'studio --data desk.db --sends confirm'],
  async run(values) {
    const key = adminKey() ?? ownAdminKey()
    const port = portFrom(values, 'port', usualStudioPort)
    const { workspace, url, accessToken, close } = await openWorkspace(
      values,
      key,
      portFrom(values, 'intercom_port'),
    )
    const data = textIn(values['data'])
    const open = () => localStudio(workspace, { url, adminKey: key, data, port, values })
    const studio = await orUsageError(open).catch(async (error: unknown) => {
      await close()
      throw error
    })
    printJsonLine({
      url: studio.link(),
      intercom_url: url,
      access_token: accessToken,
      mcp_url: `${studio.url}/mcp`,
      rest_url: studio.url,
    })
    say(
      `The studio is ready on a local Intercom at ${url}. MCP is served at ${studio.url}/mcp, REST at ${studio.url}/actions. Press Ctrl-C to stop it.`,
    )
    const stopOffering = studio.offerLinks()
    await interrupted()
    stopOffering()
    await studio.close()
    await close()
    return 0
  },
}

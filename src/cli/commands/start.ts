import { actions } from '../../actions/index.ts'
import { createIntercom } from '../../intercom.ts'
import type { Command } from '../command.ts'
import { printJsonLine, say } from '../print.ts'
import { tour } from '../tour/tour.ts'
import { adminKey, interrupted, portOf, serveFlags, usage } from './workspace.ts'

/** A local Intercom with demo data, shown by a tour of every action. */
export const startCommand: Command = {
  name: 'start',
  usage: '[--port --exit]',
  summary: 'serve a local Intercom with demo data and run every action on it',
  flags: {
    ...serveFlags,
    exit: { type: 'boolean', description: 'end after the tour; status 0 only if all succeeded' },
  },
  words: 0,
  async run(values) {
    const { createWorkspace } = await import('../../workspace/index.ts')
    const workspace = await usage(createWorkspace({ seed: 'small', adminKey: adminKey() }))
    const { url, accessToken } = await usage(workspace.listen({ port: portOf(values) }))
    say(
      `A local Intercom with demo data listens on ${url}. Each line: an action, and what plain HTTP then shows.\n`,
    )
    const intercom = createIntercom({ accessToken, baseUrl: url })
    const succeeded = await tour(intercom, { url, accessToken })
    const complete = succeeded === actions.length
    say(`\n${succeeded} of ${actions.length} actions succeeded, each one checked over plain HTTP.`)
    printJsonLine({ url, access_token: accessToken })
    if (values['exit'] !== true) {
      say('The local Intercom stays up. Ctrl-C ends it.')
      await interrupted()
    }
    await workspace.close()
    return complete ? 0 : 1
  },
}

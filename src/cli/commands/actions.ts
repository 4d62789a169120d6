import { chosen } from '../../actions/select.ts'
import { toolsetOf } from '../../actions/toolsets.ts'
import { type Command, printJson } from '../command.ts'
import { toolsetFlag, toolsetsIn } from '../connection.ts'

export const actionsCommand: Command = {
  usage: '[flags]',
  flags: toolsetFlag,
  examples: ['actions', 'actions --toolsets all'],
  async run(values) {
    printJson(
      chosen({ toolsets: toolsetsIn(values) }).map((action) => {
        const { name, title, effect, description } = action
        const toolset = toolsetOf(action)
        return { name, title, effect, description, ...(toolset === null ? {} : { toolset }) }
      }),
    )
    return 0
  },
}

import { chosen } from '../../actions/select.ts'
import { describe } from '../../core/describe.ts'
import { manifestOf } from '../../tools/manifest.ts'
import { type Command, printJson } from '../command.ts'
import { toolsetFlag, toolsetsIn } from '../connection.ts'

export const manifestCommand: Command = {
  usage: '[flags]',
  flags: toolsetFlag,
  examples: ['manifest', 'manifest --toolsets desk,contacts'],
  async run(values) {
    printJson(manifestOf(chosen({ toolsets: toolsetsIn(values) }).map(describe)))
    return 0
  },
}

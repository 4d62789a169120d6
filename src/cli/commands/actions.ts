import { actions } from '../../actions/index.ts'
import type { Command } from '../command.ts'
import { printJson } from '../print.ts'

/** Lists what `run` takes. */
export const actionsCommand: Command = {
  name: 'actions',
  usage: '',
  summary: 'list the actions',
  flags: {},
  words: 0,
  async run() {
    printJson(actions.map(({ name, title, effect, description }) => ({ name, title, effect, description })))
    return 0
  },
}

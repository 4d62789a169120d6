import { manifestOf } from '../../tools/manifest.ts'
import type { Command } from '../command.ts'
import { printJson } from '../print.ts'

/** What an integration catalogue needs to know, as one JSON object. */
export const manifestCommand: Command = {
  name: 'manifest',
  usage: '',
  summary: 'print the integration as one JSON object: credential, limits, actions with their schemas',
  flags: {},
  words: 0,
  async run() {
    printJson(manifestOf())
    return 0
  },
}

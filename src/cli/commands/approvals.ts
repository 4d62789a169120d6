import { didYouMean } from '../../core/nearest.ts'
import { sentences } from '../../errors.ts'
import { list, show } from '../approvals/chosen.ts'
import { approve, decline, edit } from '../approvals/decide.ts'
import { approvalsFlag } from '../approvals/file.ts'
import { page } from '../approvals/page.ts'
import type { Command } from '../command.ts'
import { connectionFlags, workspaceFlags } from '../connection.ts'
import { type Flags, kebab, UsageError } from '../flags.ts'

const flags: Flags = {
  ...approvalsFlag,
  state: {
    type: 'string',
    description: 'list those that are waiting, approved, declined, lapsed, done, or all',
    default: 'waiting',
    values: ['waiting', 'approved', 'declined', 'lapsed', 'done', 'all'],
  },
  caller: { type: 'string', description: 'only those of this caller' },
  all: { type: 'boolean', description: 'with --caller: all that this caller has waiting, in one decision' },
  fingerprint: {
    type: 'string',
    description: 'the fingerprint that show printed; needed where there is no terminal to ask on',
  },
  text: { type: 'string', description: 'edit: the text to send instead, or - to read it from stdin' },
  input: { type: 'string', description: 'edit: the same as a JSON object, such as {"body": "…"}' },
  reason: { type: 'string', description: 'decline: why; the caller is told' },
  wait: { type: 'integer', description: 'seconds to wait for the outcome, where another process sends' },
  port: { type: 'integer', description: 'page: port on 127.0.0.1; 0 picks a free one', default: 0 },
  base_url: connectionFlags.base_url,
  ...workspaceFlags,
}

type Verb = {
  run(values: Record<string, unknown>, id: string | undefined): Promise<number>
  takes: readonly string[]
}

/** Flags of the verbs that send. */
const sending = ['base_url', 'workspace', 'workspaces']
const deciding = ['fingerprint', 'caller', 'all', 'wait', ...sending]
const verbs: Readonly<Record<string, Verb>> = {
  list: { run: list, takes: ['state', 'caller'] },
  show: { run: show, takes: ['caller', 'all'] },
  approve: { run: approve, takes: deciding },
  edit: { run: edit, takes: ['text', 'input', 'fingerprint', 'wait', ...sending] },
  page: { run: page, takes: ['port', ...sending] },
  decline: { run: decline, takes: ['reason', 'caller', 'all'] },
}

/** What waits for a person, and their decisions. */
export const approvalsCommand: Command = {
  usage: '[list|show|approve|edit|decline|page] [ID] [flags]',
  flags,
  more: `Without a command it lists. approve and edit show all that would be sent and ask on the terminal. Without a terminal
they need the --fingerprint that show prints, so that nothing is approved that was not shown. What is approved is sent
at once if INTERCOM_ACCESS_TOKEN is the token of the call, or its workspace is connected, otherwise by the process that
asked, within seconds (with --all always by that process). page serves the same in the browser, on this machine; prints {"url"} once ready.`,
  positionals: 2,
  words: Object.keys(verbs),
  examples: ['approvals', 'approvals show apr_…', 'approvals approve apr_…', 'approvals page'],
  async run(values, [name = 'list', id]) {
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
    if (verb === undefined) {
      const names = Object.keys(verbs)
      const near = didYouMean(name, names) ?? `It takes ${names.join(', ')}`
      throw new UsageError(sentences(`approvals does not take ${JSON.stringify(name)}`, near))
    }
    const other = Object.keys(values).find((flag) => flag !== 'approvals' && !verb.takes.includes(flag))
    if (other !== undefined) throw new UsageError(`approvals ${name} does not take --${kebab(other)}`)
    return await verb.run(values, id)
  },
}

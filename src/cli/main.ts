import { Redactor } from '../client/redact.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, sentences } from '../errors.ts'
import type { Command } from './command.ts'
import { actionsCommand } from './commands/actions.ts'
import { bulkCommand } from './commands/bulk.ts'
import { checkCommand } from './commands/check.ts'
import { manifestCommand } from './commands/manifest.ts'
import { mcpCommand } from './commands/mcp.ts'
import { runAction } from './commands/run.ts'
import { serveCommand } from './commands/serve.ts'
import { startCommand } from './commands/start.ts'
import { workerCommand } from './commands/worker.ts'
import { workspaceCommand } from './commands/workspace.ts'
import { flagHelp, parseFlags, UsageError } from './flags.ts'
import { say } from './print.ts'
import { version } from './version.ts'

const commands: Command[] = [
  startCommand,
  bulkCommand,
  actionsCommand,
  manifestCommand,
  checkCommand,
  workspaceCommand,
  mcpCommand,
  serveCommand,
  workerCommand,
]

/** Runs a command line; answers the exit code: 0 success, 1 the action failed, 2 wrong usage. */
export async function main(args: string[]): Promise<number> {
  try {
    return await dispatch(args)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof IntercomError)) throw error
    const redactor = new Redactor(process.env['INTERCOM_ACCESS_TOKEN'] ?? '')
    say(`modulex-intercom: ${redactor.message(error.message)}`)
    return 2
  }
}

async function dispatch([name, ...rest]: string[]): Promise<number> {
  if (name === undefined) throw new UsageError(`what shall it do?\n\n${overview()}`)
  if (name === 'help' || name === '--help' || name === '-h') {
    console.log(overview())
    return 0
  }
  if (name === '--version' || name === '-v') {
    console.log(version)
    return 0
  }
  if (name === 'run') return await runAction(rest)
  const command = commands.find((one) => one.name === name)
  if (command === undefined) {
    const names = ['run', ...commands.map((one) => one.name)]
    throw new UsageError(
      sentences(`unknown command ${JSON.stringify(name)}`, didYouMean(name, names), 'See --help.'),
    )
  }
  const { values, words, help } = parseFlags(rest, command.flags)
  if (help) {
    console.log(
      `modulex-intercom ${command.name} ${command.usage}\n\n${command.summary}\n\n${flagHelp(command.flags)}`,
    )
    return 0
  }
  if (words.length > command.words) throw new UsageError(`${name} does not take ${JSON.stringify(words[0])}`)
  return await command.run(values, words)
}

function overview(): string {
  const rows = [
    ['run <action> [flags]', 'run one action; its flags: run <action> --help'],
    ...commands.map(({ name, usage, summary }) => [`${name} ${usage}`.trim(), summary] as const),
  ]
  const lines = rows.map(([left = '', right = '']) => `  ${left.padEnd(24)}  ${right}`)
  return `modulex-intercom: Intercom for any agent or workflow

${lines.join('\n')}

JSON goes to stdout, words to stderr. Exit codes: 0 success, 1 the action failed, 2 wrong usage.
The access token comes from INTERCOM_ACCESS_TOKEN, the host from INTERCOM_API_BASE_URL; --local needs neither.`
}

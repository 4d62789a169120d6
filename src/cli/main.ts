import manifest from '../../package.json' with { type: 'json' }
import { Redactor } from '../client/redact.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, sentences } from '../errors.ts'
import { type Command, printJson, say } from './command.ts'
import { connectionFlags, toolsetsIn } from './connection.ts'
import { type Flag, type Flags, flagHelp, parseFlags, UsageError } from './flags.ts'

const toolsetFlag: Flags = { toolsets: connectionFlags['toolsets'] as Flag }

const actionsCommand: Command = {
  usage: '',
  summary: 'list the actions that are always there, or with --toolsets those of toolsets too',
  flags: toolsetFlag,
  async run(values) {
    const [{ chosen }, { toolsetOf }] = await Promise.all([
      import('../actions/select.ts'),
      import('../actions/toolsets.ts'),
    ])
    const all = chosen({ toolsets: toolsetsIn(values) })
    printJson(
      all.map((action) => {
        const { name, title, effect, description } = action
        const toolset = toolsetOf(action)
        return { name, title, effect, description, ...(toolset === null ? {} : { toolset }) }
      }),
    )
    return 0
  },
}

const manifestCommand: Command = {
  usage: '',
  summary: 'print the integration as one JSON object: credential, limits, actions with their schemas',
  flags: toolsetFlag,
  async run(values) {
    const [{ manifestOf }, { chosen }, { describe }] = await Promise.all([
      import('../tools/manifest.ts'),
      import('../actions/select.ts'),
      import('../core/describe.ts'),
    ])
    printJson(manifestOf(chosen({ toolsets: toolsetsIn(values) }).map(describe)))
    return 0
  },
}

/** By name. Only the one that runs is loaded: an MCP client waits for the start of `mcp`. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  bulk: async () => (await import('./commands/bulk.ts')).bulkCommand,
  actions: async () => actionsCommand,
  manifest: async () => manifestCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  workspace: async () => (await import('./commands/workspace.ts')).workspaceCommand,
  'workspace changes': async () => (await import('./commands/workspace-changes.ts')).workspaceChangesCommand,
  mcp: async () => (await import('./commands/mcp.ts')).mcpCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  connect: async () => (await import('./commands/connect.ts')).connectCommand,
  approvals: async () => (await import('./commands/approvals.ts')).approvalsCommand,
  worker: async () => (await import('./commands/worker.ts')).workerCommand,
}

/** Runs a command line; answers the exit code: 0 success, 1 the action failed, 2 wrong usage. */
export async function main(args: string[]): Promise<number> {
  try {
    return await dispatch(args)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof IntercomError)) throw error
    const isOfToken = error instanceof IntercomError && error.code === 'invalid_token' // holds nothing of it
    const redactor = new Redactor(isOfToken ? '' : (process.env['INTERCOM_ACCESS_TOKEN'] ?? ''))
    say(`modulex-intercom: ${redactor.message(error.message)}`)
    return 2
  }
}

async function dispatch([first, ...others]: string[]): Promise<number> {
  const both = `${first} ${others[0]}`
  const isLong = Object.hasOwn(commands, both)
  const name = isLong ? both : first
  const rest = isLong ? others.slice(1) : others
  if (name === undefined) throw new UsageError(`no command given\n\n${await overview()}`)
  if (name === 'help' || name === '--help' || name === '-h') {
    console.log(await overview())
    return 0
  }
  if (name === '--version' || name === '-v') {
    console.log(manifest.version)
    return 0
  }
  if (name === 'run') return await (await import('./commands/run.ts')).runCommand(rest)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    const near = didYouMean(name, ['run', ...Object.keys(commands)])
    throw new UsageError(sentences(`unknown command ${JSON.stringify(name)}`, near, 'See --help.'))
  }
  const { usage, summary, flags, more, positionals: most = 0, run } = await load()
  const { values, positionals, help } = parseFlags(rest, flags)
  if (help) {
    const below = more === undefined ? '' : `\n\n${more}`
    console.log(`modulex-intercom ${name} ${usage}\n\n${summary}\n\n${flagHelp(flags)}${below}`)
    return 0
  }
  if (positionals.length > most)
    throw new UsageError(`${name} does not take ${JSON.stringify(positionals[0])}`)
  return await run(values, positionals)
}

async function overview(): Promise<string> {
  const rows = [['run <action> [flags]', 'run one action; for its flags: run <action> --help']]
  for (const [name, load] of Object.entries(commands)) {
    const { usage, summary } = await load()
    rows.push([`${name} ${usage}`.trim(), summary])
  }
  const lines = rows.map(([left = '', right = '']) => `  ${left.padEnd(24)}  ${right}`)
  return `modulex-intercom: Intercom for any agent or workflow

${lines.join('\n')}

JSON goes to stdout, messages to stderr. Exit codes: 0 success, 1 the action failed, 2 wrong usage.
The access token comes from INTERCOM_ACCESS_TOKEN, the host from INTERCOM_API_BASE_URL; --local needs neither.`
}

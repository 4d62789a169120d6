import { stripVTControlCharacters } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import { Redactor } from '../client/redact.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, sentences } from '../errors.ts'
import { type Command, printJson, say } from './command.ts'
import { connectionFlags, toolsetsIn } from './connection.ts'
import { type Flag, type Flags, parseFlags, UsageError } from './flags.ts'

const toolsetFlag: Flags = { toolsets: connectionFlags['toolsets'] as Flag }

const actionsCommand: Command = {
  usage: '[flags]',
  summary: 'list the actions that are always there, or with --toolsets those of toolsets too',
  flags: toolsetFlag,
  examples: ['actions', 'actions --toolsets all'],
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
  usage: '[flags]',
  summary: 'print the integration as one JSON object: credential, limits, actions with their schemas',
  flags: toolsetFlag,
  examples: ['manifest', 'manifest --toolsets desk,contacts'],
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
export const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  studio: async () => (await import('./commands/studio.ts')).studioCommand,
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
  completion: async () => (await import('./commands/completion.ts')).completionCommand(commands),
}

/** Runs a command line; answers the exit code: 0 success, 1 the action failed, 2 wrong usage. */
export async function main(args: string[]): Promise<number> {
  try {
    return await dispatch(args)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof IntercomError)) throw error
    const isOfToken = error instanceof IntercomError && error.code === 'invalid_token' // holds nothing of it
    const redactor = new Redactor(isOfToken ? '' : (process.env['INTERCOM_ACCESS_TOKEN'] ?? ''))
    say(`modulex-intercom: ${redactor.message(error.message)}`, 'red')
    return 2
  }
}

async function dispatch([first, ...others]: string[]): Promise<number> {
  const both = `${first} ${others[0]}`
  const isLong = Object.hasOwn(commands, both)
  const name = isLong ? both : first
  const rest = isLong ? others.slice(1) : others
  if (name === undefined)
    throw new UsageError(`no command given\n\n${stripVTControlCharacters(await overview())}`)
  if (name === 'help' && rest.length > 0) return await dispatch([...rest, '--help'])
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
  const command = await load()
  const { flags, positionals: most = 0, run } = command
  const { values, positionals, help } = parseFlags(rest, flags)
  if (help) {
    console.log((await import('./help.ts')).helpOf({ name, ...command }))
    return 0
  }
  if (positionals.length > most)
    throw new UsageError(`${name} does not take ${JSON.stringify(positionals[0])}`)
  return await run(values, positionals)
}

async function overview(): Promise<string> {
  const summaries = Object.entries(commands).map(
    async ([name, load]) => [name, (await load()).summary.split('\n', 1)[0] ?? ''] as const,
  )
  const { overviewOf } = await import('./help.ts')
  return overviewOf([['run <action>', 'run one action'], ...(await Promise.all(summaries))])
}

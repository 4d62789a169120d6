import { stripVTControlCharacters } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import { Redactor } from '../client/redact.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, sentences } from '../errors.ts'
import { type Entry, say } from './command.ts'
import { parseFlags, UsageError } from './flags.ts'

/** By name. Only the one that runs is loaded: an MCP client waits for the start of `mcp`. */
export const commands: Record<string, Entry> = {
  start: {
    summary: 'serve a local Intercom with demo data and run every action on it',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  studio: {
    summary: 'serve the studio on a local Intercom with demo data; prints {"url"}, its link, once ready',
    load: async () => (await import('./commands/studio.ts')).studioCommand,
  },
  bulk: {
    summary: 'run an action for every row of a CSV or JSON Lines file (- for stdin); run it again to resume',
    load: async () => (await import('./commands/bulk.ts')).bulkCommand,
  },
  actions: {
    summary: 'list the actions, and with --toolsets those of toolsets',
    load: async () => (await import('./commands/actions.ts')).actionsCommand,
  },
  manifest: {
    summary: 'print the integration as one JSON object: credential, limits, actions with their schemas',
    load: async () => (await import('./commands/manifest.ts')).manifestCommand,
  },
  check: {
    summary: 'check the access token: prints its admin, workspace, region and proxy',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  compare: {
    summary: 'compare Intercom with the local one, read-only; writes a report without values',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  workspace: {
    summary: 'serve a local Intercom; prints {"url","access_token"} once ready',
    load: async () => (await import('./commands/workspace.ts')).workspaceCommand,
  },
  'workspace changes': {
    summary: 'list what was written to a data file: when, by whom, which fields, whether a customer saw it',
    load: async () => (await import('./commands/workspace-changes.ts')).workspaceChangesCommand,
  },
  mcp: {
    summary: 'serve the actions to an MCP client over stdin and stdout',
    load: async () => (await import('./commands/mcp.ts')).mcpCommand,
  },
  serve: {
    summary: 'serve the actions over HTTP: MCP at /mcp, REST at /actions; prints {"url"} once ready',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  connect: {
    summary: 'connect a workspace by signing in at Intercom in a browser; list and remove connected ones',
    load: async () => (await import('./commands/connect.ts')).connectCommand,
  },
  approvals: {
    summary: 'list the calls that wait for a person, and decide on them',
    load: async () => (await import('./commands/approvals.ts')).approvalsCommand,
  },
  worker: {
    summary: 'run durable actions and bulk jobs for a Restate server; prints {"url","health_url"} once ready',
    load: async () => (await import('./commands/worker.ts')).workerCommand,
  },
  completion: {
    summary: 'print a script by which your shell completes commands, flags, actions and values',
    load: async () => (await import('./commands/completion.ts')).completionCommand(commands),
  },
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
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry === undefined) {
    const [flag = ''] = name.split('=') // what follows may be a secret
    throw name.startsWith('-')
      ? unknown(`flag ${flag}`, didYouMean(flag, ['--help', '--version']))
      : unknown(`command ${JSON.stringify(name)}`, didYouMean(name, ['run', ...Object.keys(commands)]))
  }
  const command = await entry.load()
  const { flags, positionals: most = 0, run } = command
  const { values, positionals, help } = parseFlags(rest, flags)
  if (help) {
    console.log((await import('./help.ts')).helpOf({ name, summary: entry.summary, ...command }))
    return 0
  }
  if (positionals.length > most)
    throw new UsageError(`${name} does not take ${JSON.stringify(positionals[0])}`)
  return await run(values, positionals)
}

function unknown(what: string, near: string | null): UsageError {
  return new UsageError(sentences(`unknown ${what}`, near, 'See --help.'))
}

async function overview(): Promise<string> {
  const { overviewOf } = await import('./help.ts')
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const)
  return overviewOf([['run <action>', 'run one action'], ...rows])
}

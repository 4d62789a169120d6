import { type Command, interrupted, orUsageError, printJsonLine, say } from '../command.ts'
import { type Flags, kebab, textIn, UsageError } from '../flags.ts'

/** Flags of the two commands that serve a workspace. */
export const serveFlags: Flags = {
  port: { type: 'integer', description: 'port on 127.0.0.1; 0 picks a free one', default: 0 },
}

const flags: Flags = {
  ...serveFlags,
  data: { type: 'string', description: 'keep all data in this file; in memory by default' },
  seed: { type: 'string', description: 'empty, small, large, or a number of contacts', default: 'small' },
  webhook: {
    type: 'string',
    description:
      'send every notification to this http URL on this machine, signed with INTERCOM_CLIENT_SECRET',
  },
}

/** A local Intercom, until Ctrl-C. */
export const workspaceCommand: Command = {
  usage: '[--port --data --seed --webhook]',
  summary: 'serve a local Intercom; prints {"url","access_token"} once ready',
  flags,
  async run(values) {
    const { createWorkspace } = await import('../../workspace/index.ts')
    const webhooks = webhookOf(values)
    const workspace = await orUsageError(() =>
      createWorkspace({
        data: textIn(values['data']),
        seed: seedOf(values),
        onSeedProgress: progressBar('Seeding'),
        webhooks,
        adminKey: adminKey(),
      }),
    )
    const { url, accessToken } = await orUsageError(() => workspace.listen({ port: portFrom(values) }))
    printJsonLine({ url, access_token: accessToken })
    say('A local Intercom is ready. Press Ctrl-C to stop it.')
    await interrupted()
    await workspace.close()
    return 0
  },
}

/** The port a command line asks for. */
export function portFrom(values: Record<string, unknown>, flag: 'port' | 'health_port' = 'port'): number {
  const port = (values[flag] as number | undefined) ?? 0
  if (port < 0 || port > 65_535) throw new UsageError(`--${kebab(flag)} takes a number from 0 to 65535`)
  return port
}

function seedOf(values: Record<string, unknown>): 'empty' | 'small' | 'large' | number {
  const seed = textIn(values['seed']) ?? 'small'
  if (seed === 'empty' || seed === 'small' || seed === 'large') return seed
  if (!/^\d+$/.test(seed)) throw new UsageError('--seed takes empty, small, large, or a number of contacts')
  return Number(seed)
}

/** The key that enables `/_workspace/…`; from the environment, never from a flag. */
export function adminKey(): string | undefined {
  return process.env['INTERCOM_WORKSPACE_ADMIN_KEY'] || undefined
}

/** The webhook a command line asks for. The secret comes from the environment, never from a flag. */
function webhookOf(values: Record<string, unknown>): { url: string; secret: string } | undefined {
  const url = textIn(values['webhook'])
  if (url === undefined) return undefined
  const secret = process.env['INTERCOM_CLIENT_SECRET']
  if (!secret) throw new UsageError('--webhook needs INTERCOM_CLIENT_SECRET: it signs the notifications')
  return { url, secret }
}

const barWidth = 30

/**
 * A bar on stderr for something that takes long; undefined when stderr is no terminal, which would only fill a log.
 * It appears after a second and is gone when the share is 1.
 */
export function progressBar(label: string, stream: NodeJS.WriteStream = process.stderr) {
  if (!stream.isTTY) return undefined
  const started = performance.now()
  let shown = ''
  return (share: number): void => {
    const seconds = (performance.now() - started) / 1000
    if (seconds < 1 && shown === '') return
    const filled = Math.round(barWidth * share)
    const left = share > 0.02 ? `, ${Math.ceil((seconds / share) * (1 - share))} s left` : ''
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
    const line = share >= 1 ? '' : `${label} ${bar} ${Math.floor(share * 100)} %${left}`
    if (line === shown) return
    shown = line
    stream.write(`\r\x1b[K${line}`)
  }
}

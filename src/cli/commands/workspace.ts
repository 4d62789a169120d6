import type { Command } from '../command.ts'
import { type Flags, UsageError } from '../flags.ts'
import { printJsonLine, say } from '../print.ts'
import { progressBar } from '../progress.ts'

/** Flags of the two commands that serve a workspace. */
export const serveFlags: Flags = {
  port: { type: 'integer', description: 'port on 127.0.0.1; 0 picks a free one', default: 0 },
}

const flags: Flags = {
  ...serveFlags,
  data: { type: 'string', description: 'keep everything in this file; without it, in memory' },
  seed: { type: 'string', description: 'empty, small, large, or a number of contacts', default: 'small' },
  webhook: {
    type: 'string',
    description:
      'send every notification to this http URL on this machine, signed with INTERCOM_CLIENT_SECRET',
  },
}

/** Serves a local Intercom until it is interrupted. */
export const workspaceCommand: Command = {
  name: 'workspace',
  usage: '[--port --data --seed --webhook]',
  summary: 'serve a local Intercom; prints {"url","access_token"} once ready',
  flags,
  words: 0,
  async run(values) {
    const { createWorkspace } = await import('../../workspace/index.ts')
    const data = values['data'] as string | undefined
    const webhooks = webhookOf(values)
    const workspace = await usage(
      createWorkspace({
        data,
        seed: seedOf(values),
        onSeedProgress: progressBar('Seeding'),
        webhooks,
        adminKey: adminKey(),
      }),
    )
    const { url, accessToken } = await usage(workspace.listen({ port: portOf(values) }))
    printJsonLine({ url, access_token: accessToken })
    say('A local Intercom is ready. Ctrl-C ends it.')
    await interrupted()
    await workspace.close()
    return 0
  },
}

/** The port a command line asks for. */
export function portOf(values: Record<string, unknown>): number {
  const port = (values['port'] as number | undefined) ?? 0
  if (port < 0 || port > 65_535) throw new UsageError('--port takes a number from 0 to 65535')
  return port
}

function seedOf(values: Record<string, unknown>): 'empty' | 'small' | 'large' | number {
  const seed = (values['seed'] as string | undefined) ?? 'small'
  if (seed === 'empty' || seed === 'small' || seed === 'large') return seed
  if (!/^\d+$/.test(seed)) throw new UsageError('--seed takes empty, small, large, or a number of contacts')
  return Number(seed)
}

/** The key that switches on `/_workspace/…`; from the environment, never from a flag. */
export function adminKey(): string | undefined {
  return process.env['INTERCOM_WORKSPACE_ADMIN_KEY'] || undefined
}

/** The webhook a command line asks for. The secret comes from the environment, never from a flag. */
function webhookOf(values: Record<string, unknown>): { url: string; secret: string } | undefined {
  const url = values['webhook'] as string | undefined
  if (url === undefined) return undefined
  const secret = process.env['INTERCOM_CLIENT_SECRET']
  if (!secret) throw new UsageError('--webhook needs INTERCOM_CLIENT_SECRET: it signs the notifications')
  return { url, secret }
}

/** What cannot be opened or listened on is wrong usage, with the reason. */
export async function usage<T>(step: Promise<T>): Promise<T> {
  try {
    return await step
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Resolves at Ctrl-C or when asked to end. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

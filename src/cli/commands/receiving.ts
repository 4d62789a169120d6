import type { WebhookProblem, Webhooks } from '../../webhooks/index.ts'
import { UsageError } from '../flags.ts'
import { say } from '../print.ts'
import { usage } from './workspace.ts'

/** What `serve --webhooks` receives with. */
export type Receiving = Pick<Webhooks, 'fetch' | 'start' | 'close'>

/** Webhooks that are passed on, as the flags say. The secret comes from the environment, never from a flag. */
export async function receivingOf(values: Record<string, unknown>): Promise<Receiving | undefined> {
  const { webhooks: store, forward } = values as { webhooks?: string; forward?: string } // both flags are texts
  if (store === undefined && forward === undefined) return undefined
  if (store === undefined) throw new UsageError('--forward needs --webhooks FILE, where notifications wait')
  if (forward === undefined) throw new UsageError('--webhooks needs --forward URL, where notifications go')
  const clientSecret = process.env['INTERCOM_CLIENT_SECRET']?.trim()
  if (!clientSecret) {
    throw new UsageError(
      '--webhooks needs INTERCOM_CLIENT_SECRET: it shows which notifications are Intercom’s',
    )
  }
  const { createWebhooks, forwardTo } = await import('../../webhooks/index.ts')
  const made = async () => {
    const handler = forwardTo(forward)
    return createWebhooks({ store, clientSecret, onProblem }).on('*', handler)
  }
  return await usage(made())
}

/** One line, without the event: what was thrown here says a status or why a connection failed. */
function onProblem(problem: WebhookProblem): void {
  const { error, ...rest } = problem
  say(JSON.stringify({ time: new Date().toISOString(), webhooks: rest, error: reasonOf(error) }))
}

function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? `${error.message}: ${String(cause.code)}` : error.message
}

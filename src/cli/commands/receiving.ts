import type { OpenMount } from '../../server/mounts.ts'
import type { WebhookProblem, Webhooks } from '../../webhooks/index.ts'
import { orUsageError, say } from '../command.ts'
import { UsageError } from '../flags.ts'

/** What `serve --webhooks` receives with. */
export type Receiving = Pick<Webhooks, 'fetch' | 'start' | 'close'> & Required<Pick<OpenMount, 'judge'>>

/** Webhooks that are forwarded, as the flags say. The secret comes from the environment, never from a flag. */
export async function receivingOf(values: Record<string, unknown>): Promise<Receiving | undefined> {
  const { webhooks: store, forward } = values as { webhooks?: string; forward?: string } // both flags are texts
  if (store === undefined && forward === undefined) return undefined
  if (store === undefined)
    throw new UsageError('--forward needs --webhooks FILE, which stores the notifications')
  if (forward === undefined)
    throw new UsageError('--webhooks needs --forward URL, which receives the notifications')
  const clientSecret = process.env['INTERCOM_CLIENT_SECRET']?.trim()
  if (!clientSecret) {
    throw new UsageError(
      '--webhooks needs INTERCOM_CLIENT_SECRET, to verify the signatures of the notifications',
    )
  }
  const { createWebhooks, forwardTo } = await import('../../webhooks/index.ts')
  const { judgeHead } = await import('../../webhooks/receive.ts')
  return await orUsageError(() => {
    const handler = forwardTo(forward)
    const webhooks = createWebhooks({ store, clientSecret, onProblem }).on('*', handler)
    const judge: Receiving['judge'] = (method, headers) =>
      judgeHead(method, headers['x-hub-signature']?.toString())
    return { ...webhooks, judge }
  })
}

/** One line, without the event: the error holds a status, or why a connection failed. */
function onProblem(problem: WebhookProblem): void {
  const { error, ...rest } = problem
  say(JSON.stringify({ time: new Date().toISOString(), webhooks: rest, error: reasonOf(error) }))
}

function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? `${error.message}: ${String(cause.code)}` : error.message
}

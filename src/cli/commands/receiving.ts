import type { OpenMount } from '../../server/mounts.ts'
import type { Notifications } from '../../server/notifications.ts'
import type { NotificationHandler, WebhookProblem, Webhooks } from '../../webhooks/index.ts'
import { orUsageError, say } from '../command.ts'
import { UsageError } from '../flags.ts'

/** What `serve --webhooks` receives with. */
export type Receiving = Pick<Webhooks, 'fetch' | 'start' | 'close' | 'retry'> &
  Required<Pick<OpenMount, 'judge'>>

/**
 * Webhooks that are forwarded, as the flags say; `log` is told of them. The secret comes from the environment, never from
 * a flag.
 */
export async function receivingOf(
  values: Record<string, unknown>,
  log: Notifications,
): Promise<Receiving | undefined> {
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
    const told = (problem: WebhookProblem) => {
      if (problem.kind === 'handler' && problem.givenUp) log.failed(problem.id)
      onProblem(problem)
    }
    const webhooks = createWebhooks({ store, clientSecret, onProblem: told }).on('*', logged(handler, log))
    const judge: Receiving['judge'] = (method, headers) => {
      const refusal = judgeHead(method, headers['x-hub-signature']?.toString())
      if (refusal !== null) log.refused(refusal.status, refusal.code)
      return refusal
    }
    return { ...webhooks, fetch: (request) => fetched(webhooks, request, log), judge }
  })
}

function logged(handler: NotificationHandler<'*'>, log: Notifications): NotificationHandler<'*'> {
  return async (notification, context) => {
    const { key, attempt, body } = context
    try {
      await handler(notification, context)
    } catch (error) {
      log.handled(key, body, attempt, reasonOf(error) ?? 'unknown')
      throw error
    }
    log.handled(key, body, attempt, null)
  }
}

/** Answers a delivery, and tells of it: its body only where its signature was right. */
async function fetched(webhooks: Webhooks, request: Request, log: Notifications): Promise<Response> {
  const whole = request.method === 'POST' ? request.clone() : null
  const response = await webhooks.fetch(request)
  if (whole === null) return response
  const { status, code } = (await response.clone().json()) as { status: string; code?: string } // our own answer
  if (response.ok) log.received(await whole.text(), response.status, status === 'duplicate')
  else log.refused(response.status, code ?? 'refused')
  return response
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

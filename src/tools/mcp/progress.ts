import type { ServerContext } from '@modelcontextprotocol/server'

const intervalMs = 3000

/**
 * Tells a client that asked for progress that a call is still running (waiting for the rate limit, reading back), so
 * that it does not time out; the last notification of a list says how much of the total it holds.
 */
export async function withProgress<T extends { output: Record<string, unknown> } | { question: unknown }>(
  context: ServerContext,
  run: () => Promise<T>,
): Promise<T> {
  const progressToken = context.mcpReq._meta?.progressToken
  if (progressToken === undefined) return await run()
  const started = performance.now()
  const notify = (progress: number, rest: object) =>
    context.mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, ...rest } })
      .catch(() => {})
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000)
    void notify(seconds / 1000, { message: `Running for ${seconds} s` })
  }, intervalMs)
  try {
    const result = await run()
    if ('question' in result) return result
    const list = Object.values(result.output).find(Array.isArray)
    const total = result.output['total_count']
    if (list) {
      await notify(Math.max(list.length, 1), {
        ...(typeof total === 'number' ? { total } : {}),
        message: `${list.length}${typeof total === 'number' ? ` of ${total}` : ''}`,
      })
    }
    return result
  } finally {
    clearInterval(timer)
  }
}

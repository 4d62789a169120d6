import type { ServerContext } from '@modelcontextprotocol/server'

const everyMs = 3000

/**
 * Tells a client that asked for progress that a call is still under way (waiting for the rate limit, reading
 * back), so that it does not give up on it; a list's progress ends with how much of the whole it holds.
 */
export async function underWay<T extends { output: Record<string, unknown> }>(
  context: ServerContext,
  act: () => Promise<T>,
): Promise<T> {
  const progressToken = context.mcpReq._meta?.progressToken
  if (progressToken === undefined) return await act()
  const started = performance.now()
  const tell = (progress: number, rest: object) =>
    context.mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, ...rest } })
      .catch(() => {})
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000)
    void tell(seconds / 1000, { message: `Under way for ${seconds} s` })
  }, everyMs)
  try {
    const result = await act()
    const list = Object.values(result.output).find(Array.isArray)
    const total = result.output['total_count']
    if (list) {
      await tell(Math.max(list.length, 1), {
        ...(typeof total === 'number' ? { total } : {}),
        message: `${list.length}${typeof total === 'number' ? ` of ${total}` : ''}`,
      })
    }
    return result
  } finally {
    clearInterval(timer)
  }
}

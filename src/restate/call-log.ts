import { type HooksProvider, TerminalError } from '@restatedev/restate-sdk'
import { type LogLine, withLogLine } from '../server/log.ts'

/** Services whose calls are the workers' own: leases of permits, and claims of what was found. */
const internal = new Set(['intercom_rate', 'intercom_claims'])

/**
 * Logs a line for each call that ended here, in the form of `serve`. `request_id` is Restate's id of the invocation;
 * the path has no key of an object, which is the caller's own. A call that sleeps or is repeated ends later, maybe
 * elsewhere; its times and actions are those of its last attempt.
 */
export function callLog(log: (line: LogLine) => void): HooksProvider {
  return ({ request: { id, target, body } }) => {
    if (internal.has(target.service)) return {}
    const started = performance.now()
    const line: LogLine = {
      time: new Date().toISOString(),
      request_id: id,
      key: null,
      method: 'POST',
      path: `/${target.service}/${target.handler}`,
      status: null,
      ms: 0,
      bytes: body.length,
      actions: [],
      error: null,
    }
    const write = (status: number, error: string | null) => {
      const ms = Math.round((performance.now() - started) * 10) / 10
      try {
        log({ ...line, status, ms, error })
      } catch {} // a log that fails must not have a call repeated
    }
    return {
      interceptor: {
        async handler(next) {
          try {
            await withLogLine(line, next)
          } catch (error) {
            if (error instanceof TerminalError)
              write(error.code, error.metadata?.['code'] ?? 'terminal_error')
            throw error
          }
          write(200, null)
        },
        run: (_, next) => withLogLine(line, next), // the SDK runs it outside the handler
      },
    }
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Intercom } from '../intercom.ts'

/** One request in the log: never a body, a header, a query, a key or a token. */
export type LogLine = {
  time: string
  request_id: string
  /** The name of the key, once it is known. */
  key: string | null
  method: string
  path: string
  /** `null` when the client disconnected before it was answered. */
  status: number | null
  ms: number
  bytes: number
  /** The actions that ran, with the failure's code or `ok`. */
  actions: string[]
  /** The code of a refusal, or where an error of the server itself was thrown. */
  error: string | null
  /** Requests of strangers without a line since the last one of theirs. */
  left_out?: number
}

/** The id a client gave if it is well-formed, else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/** The name of an error and where it was thrown, without its message: a message can quote a body. */
export function thrownAt(error: unknown): string {
  if (!(error instanceof Error)) return 'a value that is not an error was thrown'
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line))
  return `${error.name}${frame === undefined ? '' : ` ${frame.trim()}`}`
}

/** Lines of strangers in a row, and then a second. */
const strangerLines = { burst: 200, perSecond: 10 }

/**
 * The same log, where strangers cannot fill a disk: beyond a rate their lines are left out, and counted in the next.
 * A stranger has shown no key, and no signed notification either.
 */
export function boundedLog(
  log: (line: LogLine) => void,
  now = () => performance.now(),
): (line: LogLine) => void {
  const { burst, perSecond } = strangerLines
  let left = burst
  let at = now()
  let leftOut = 0
  return (line) => {
    if (line.key !== null || (line.bytes > 0 && line.status === 200)) return log(line)
    const time = now()
    left = Math.min(burst, left + ((time - at) / 1000) * perSecond)
    at = time
    if (left < 1) {
      leftOut += 1
      return
    }
    left -= 1
    log(leftOut === 0 ? line : { ...line, left_out: leftOut })
    leftOut = 0
  }
}

const current = new AsyncLocalStorage<LogLine>()

/** Runs something for a request: the actions that it runs go into the request's log line. */
export const withLogLine = <T>(line: LogLine, act: () => T): T => current.run(line, act)

/** The same client, whose calls go into the log line of the request that they serve. */
export function logged<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client {
  const call = async (name: string, input?: unknown, options?: Parameters<Intercom['call']>[2]) => {
    const result = await intercom.call(name, input, options)
    current.getStore()?.actions.push(`${name}: ${result.failure?.code ?? 'ok'}`)
    return result
  }
  return { ...intercom, call: call as Intercom['call'] } // the same function, seen by a name known at run time
}

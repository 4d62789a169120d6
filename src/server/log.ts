import { randomUUID } from 'node:crypto'

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

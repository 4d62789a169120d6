import type { Path } from '../client/path.ts'
import type { JsonObject, Port, Repeat } from '../client/port.ts'
import type { AnyAction, Envelope } from './action.ts'

/** What a dry run would have sent, in place of Intercom's answer to it. */
type Planned = { dry_run: true; method: string; path: string; body: JsonObject | null }

/** A port that reads for real and writes nothing: a write is answered by the request it would have been. */
export function dryRunPort(port: Port): { port: Port; planned(): Planned | null } {
  let last: Planned | null = null
  const plan = <T>(method: string, path: Path, body?: JsonObject): Promise<T> => {
    last ??= { dry_run: true, method, path, body: body ?? null }
    return Promise.resolve(last as T) // what the action hands on as its result
  }
  const dry: Port = {
    get: (path) => port.get(path),
    post: <T>(path: Path, body?: JsonObject, options?: { repeat: Repeat }) =>
      options?.repeat === 'read' ? port.post<T>(path, body, options) : plan<T>('POST', path, body),
    put: (path, body) => plan('PUT', path, body),
    delete: (path, body) => plan('DELETE', path, body),
  }
  return { port: dry, planned: () => last }
}

/** The envelope of a dry run: the planned request where the answer would stand, all else at its default. */
export function plannedOutput(
  action: Pick<AnyAction, 'output'>,
  output: Envelope,
  planned: Planned,
): Envelope {
  const defaults = action.output.parse({ success: true }) as Envelope
  const key = Object.keys(output).find((name) => output[name] === planned)
  return key === undefined ? output : { ...defaults, [key]: planned }
}

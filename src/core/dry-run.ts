import type { JsonObject, Request, Send } from '../client/request.ts'
import type { AnyAction, Envelope } from './action.ts'

/** What a dry run would have sent, in place of Intercom's answer to it. */
type Planned = { dry_run: true; method: string; path: string; body: JsonObject | null }

/** Reads for real and writes nothing: a write is answered by the request it would have been. */
export function dryRun(send: Send): { send: Send; planned(): Planned | null } {
  let first: Planned | null = null
  const plan = ({ method, path, body }: Request): Planned => {
    first ??= { dry_run: true, method, path: path.encoded, body: body ?? null }
    return first // what the action hands on as its result
  }
  return {
    send: async (request) => (request.semantics === 'safe' ? send(request) : plan(request)),
    planned: () => first,
  }
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

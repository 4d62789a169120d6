import { hash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ControlError } from '../control-error.ts'
import type { Wire } from '../faults/wire.ts'
import { type LiveSource, liveChanges, liveEntries, sendLive } from '../history/live.ts'
import type { Incoming, Outgoing } from '../http/answer.ts'
import { bearerToken } from '../http/authenticate.ts'
import type { Control } from './control.ts'
import { type Actors, type ControlEndpoint, endpoints, liveChangesAsked } from './endpoints.ts'
import { messageOf } from './input.ts'

const prefix = '/_workspace'

/**
 * Answers `/_workspace/…`. Without an admin key these paths do not exist. Intercom's tokens are not accepted here, nor is
 * the key there. `onError` is called with every exception that is not the caller's error.
 */
export function buildControl(
  actors: Actors,
  adminKey: string | undefined,
  onError?: (error: unknown) => void,
): (incoming: Incoming) => Outgoing {
  if (adminKey === undefined) return () => json(404, { error: 'Not Found' })
  const expected = digest(adminKey)
  return (incoming) => {
    const given = bearerToken(incoming.header('authorization'))
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      const error = 'Send the admin key of this workspace: Authorization: Bearer <admin key>.'
      return json(401, { error })
    }
    try {
      return perform(actors, incoming)
    } catch (error) {
      if (error instanceof z.ZodError) return json(400, { error: messageOf(error) })
      if (error instanceof ControlError) return json(400, { error: error.message })
      onError?.(error)
      return json(500, { error: 'An unexpected error occurred.' })
    }
  }
}

function perform(actors: Actors, { method, target, body, header }: Incoming): Outgoing {
  const [pathname = '', search = ''] = target.split('?', 2)
  const path = pathname.slice(prefix.length).replace(/\/$/, '')
  if (path === '') return json(200, { endpoints: endpoints.map(listed) })
  const here = endpoints.filter((endpoint) => endpoint.path === path)
  const endpoint = here.find((candidate) => candidate.method === method)
  if (endpoint === undefined) {
    const allowed = here.map((candidate) => candidate.method).join(', ')
    if (allowed !== '') return json(405, { error: `${prefix}${path} allows ${allowed}.` })
    return json(404, { error: `There is no ${prefix}${path}; GET ${prefix} lists all endpoints.` })
  }
  const input = { ...Object.fromEntries(new URLSearchParams(search)), ...parsed(body) }
  if (method === 'GET' && /text\/event-stream/i.test(header('accept') ?? '')) {
    const source = liveSources[path]?.(actors, input, header('last-event-id') || undefined)
    if (source !== undefined) return { ...json(200, {}), live: liveOf(actors.control, source) }
  }
  return json(200, endpoint.run(actors, input))
}

/** The endpoints that are lists which can be read live. */
const liveSources: Readonly<
  Record<string, (actors: Actors, input: object, last: string | undefined) => LiveSource>
> = {
  // After the last change that the caller has, else from `since` or the next one on.
  '/changes': ({ control }, input, last) =>
    liveChanges(control, liveChangesAsked.parse(last === undefined ? input : { ...input, since: last })),
  '/requests': ({ control }, input, last) =>
    liveEntries(control.requestLog, 'request', { last, ...begin.parse(input) }),
  '/deliveries': ({ webhooks }, input, last) =>
    liveEntries(webhooks.log, 'delivery', { last, ...begin.parse(input) }),
}

/** With how many of the latest entries a live list begins. */
const begin = z
  .strictObject({ limit: z.coerce.number().int().min(0).max(1000).default(0) })
  .transform(({ limit }) => ({ latest: limit }))

/** How many live lists there are. */
const readers = new WeakMap<Control, number>()
const mostReaders = 50

function liveOf(control: Control, source: LiveSource): (wire: Wire) => void {
  const open = readers.get(control) ?? 0
  if (open >= mostReaders) throw new ControlError(`There are ${mostReaders} live lists already; end one.`)
  return (wire) => void read(control, source, wire)
}

async function read(control: Control, source: LiveSource, wire: Wire): Promise<void> {
  readers.set(control, (readers.get(control) ?? 0) + 1)
  try {
    await sendLive(source, wire, control.closing)
  } catch {
    wire.end() // Of what the history cannot tell: the reader connects again, and gets an answer that says why.
  } finally {
    readers.set(control, (readers.get(control) ?? 1) - 1)
  }
}

function listed({ method, path, description }: ControlEndpoint) {
  return { method, path: `${prefix}${path}`, description }
}

function parsed(body: string | undefined): object {
  if (body === undefined) throw new ControlError('The body is larger than 5 MB or not valid UTF-8.')
  if (body.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new ControlError('The body must be JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError('The body must be a JSON object.')
  }
  return value
}

function json(status: number, value: object): Outgoing {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
  return { status, headers, body: JSON.stringify(value) }
}

/** Of equal length, as `timingSafeEqual` requires. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

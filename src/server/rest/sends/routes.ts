import { actionNamed } from '../../../actions/toolsets.ts'
import { failureOf, IntercomError, quotedName } from '../../../errors.ts'
import { misplaced } from '../call-query.ts'
import { asLive, wantsLive } from '../live.ts'
import { feedOf } from './feed.ts'
import { lookInputOf } from './look.ts'
import { type Cursor, type Place, pageOf } from './page.ts'
import { type Send, type SendRow, sendStates } from './send.ts'
import type { Sends } from './sends.ts'

const mostRows = 200
const fewRows = 50
const noSuchSend = 'There is no such send. A journal keeps them for 30 days.'

/** Whose sends are shown: one caller's or, to an operator, several callers'. */
export type SendsRoutes = {
  /** `undefined` at other paths. */
  answer(request: Request): Promise<Response> | undefined
}

/**
 * `GET /sends`, `GET /sends/{id}` and `POST /sends/{id}/look`. `all` is asked each time: callers may come later, and
 * go. `onCome`: calls back when one has been added; returns a function that ends this.
 */
export function sendsRoutes(
  all: () => readonly Sends[],
  mayName = false,
  onCome: (come: () => void) => () => void = () => () => {},
): SendsRoutes {
  const feed = feedOf(
    (changed) => {
      const followed = new Map<Sends, () => void>()
      const follow = () => {
        const present = new Set(all())
        for (const [one, end] of followed) if (!present.has(one) && followed.delete(one)) end()
        for (const one of present) if (!followed.has(one)) followed.set(one, one.listen(changed))
      }
      follow()
      const leave = onCome(follow)
      return () => {
        leave()
        for (const end of followed.values()) end()
      }
    },
    async (id) => briefOf(await found(id)),
  )

  const cursors = keptCursors()

  async function found(id: string): Promise<Send | null> {
    for (const sends of all()) {
      const send = await sends.one(id)
      if (send !== null) return send
    }
    return null
  }

  async function list(url: URL): Promise<Response> {
    const query = queryOf(url, mayName, cursors.of)
    if (typeof query === 'string') return refused(400, 'invalid_query', query)
    const { caller, state, action, limit, cursor } = query
    const chosen = all().filter((one) => caller === undefined || one.caller === caller)
    const { sends, next } = await pageOf(chosen, { state, action }, limit, cursor)
    return json({ sends: sends.map(briefOf), next: next === null ? null : cursors.textOf(next) })
  }

  async function answered(request: Request, id: string | undefined): Promise<Response> {
    const { method, headers, signal } = request
    if (method !== 'GET' && method !== 'HEAD')
      return refused(405, 'method_not_allowed', 'Sends take GET only.', { Allow: 'GET, HEAD' })
    if (id === undefined && wantsLive(request)) {
      if (new URL(request.url).search !== '')
        return refused(400, 'invalid_query', 'The live list tells of all sends, and takes no query.')
      const events = feed.stream(headers.get('last-event-id'), signal)
      const type = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' }
      return asLive(new Response(events, { headers: type }))
    }
    if (id === undefined) return await list(new URL(request.url))
    const send = await found(id)
    return send === null ? refused(404, 'no_such_send', noSuchSend) : json(send)
  }

  async function looked(request: Request, id: string): Promise<Response> {
    if (request.method !== 'POST')
      return refused(405, 'method_not_allowed', 'A look is a POST: it records what it finds.', {
        Allow: 'POST',
      })
    try {
      const input = await lookInputOf(request)
      for (const sends of all()) {
        const answer = await sends.look(id, input)
        if (answer === null) continue
        return 'look' in answer ? json(answer) : refused(answer.status, answer.code, answer.error)
      }
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      const { code, hint } = failureOf(error)
      return refused(400, code, `${error.message}.${hint === null ? '' : ` ${hint}`}`)
    }
    return refused(404, 'no_such_send', noSuchSend)
  }

  return {
    answer(request) {
      const path = /^\/sends(?:\/([\w-]+)(\/look)?)?$/.exec(new URL(request.url).pathname)
      if (path === null) return undefined
      const [, id, look] = path
      return look !== undefined && id !== undefined ? looked(request, id) : answered(request, id)
    },
  }
}

function briefOf(send: Send): SendRow
function briefOf(send: Send | null): SendRow | null
function briefOf(send: Send | null): SendRow | null {
  if (send === null) return null
  const { steps: _, answer: __, next: ___, ...row } = send
  return row
}

type Query = {
  caller: string | undefined
  state: Send['state'] | undefined
  action: string | undefined
  limit: number
  cursor: Cursor
}

/** What is wrong with the query, as a sentence. */
function queryOf(
  { searchParams }: URL,
  mayName: boolean,
  cursorOf: (text: string) => Cursor | null,
): Query | string {
  const { caller, state, action, limit = String(fewRows), before } = Object.fromEntries(searchParams)
  const takes = `state (${sendStates.join(', ')}), action, limit (1 to ${mostRows}) and before${mayName ? ', and caller' : ''}`
  const wrong = (name: string) => `The query takes ${takes}, each once, not this: ${name}.`
  const known = ['state', 'action', 'limit', 'before', ...(mayName ? ['caller'] : [])]
  const unknown = misplaced(searchParams, known)
  if (unknown !== undefined) return wrong(unknown)
  if (action !== undefined && actionNamed(action) === undefined)
    return `There is no action ${quotedName(action)}; GET /actions lists them.`
  const chosen = sendStates.find((one) => one === state)
  if (state !== undefined && chosen === undefined) return wrong('state')
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > mostRows) return wrong('limit')
  const cursor = before === undefined ? {} : cursorOf(before)
  if (cursor === null) return before?.startsWith(keptMark) ? gone : wrong('before')
  return { caller, state: chosen, action, limit: Number(limit), cursor }
}

/** Characters of a cursor that is sent whole: in a URL it has to fit into the headers. */
const longestCursor = 2000
/** Longer ones that are kept. */
const mostKept = 100
const keptMark = '~'
const gone = 'This server does not know this place any more. List again without before.'

/** Cursors as text of a bounded length. Those over many callers stay here, the last so many, until the server ends. */
function keptCursors() {
  const kept = new Map<string, Cursor>()
  return {
    textOf(cursor: Cursor): string {
      const text = Buffer.from(JSON.stringify(cursor)).toString('base64url')
      if (text.length <= longestCursor) return text
      const id = `${keptMark}${crypto.randomUUID()}`
      kept.set(id, cursor)
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return id
    },
    of: (text: string): Cursor | null => kept.get(text) ?? cursorOf(text),
  }
}

function cursorOf(text: string): Cursor | null {
  try {
    const cursor: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof cursor !== 'object' || cursor === null || Array.isArray(cursor)) return null
    return Object.values(cursor).every(isPlace) ? (cursor as Cursor) : null
  } catch {
    return null
  }
}

function isPlace(value: unknown): value is Place {
  return value === false || typeof value === 'string' || (Number.isSafeInteger(value) && Number(value) >= 0)
}

function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}

function refused(status: number, code: string, error: string, headers?: Record<string, string>): Response {
  return json({ success: false, error, code }, status, headers)
}

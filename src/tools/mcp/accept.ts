type Fetch<Options> = (request: Request, options?: Options) => Promise<Response>

/** What the SDK asks every client to accept; it answers with either of the two as it sees fit. */
const both = 'application/json, text/event-stream'

/**
 * Serves clients that accept only one of JSON and an event stream, or say nothing, in the form they take; the SDK
 * refuses them. Where either would do they get JSON: whoever reads event streams names them.
 */
export function inAcceptedForm<Options>(fetch: Fetch<Options>): Fetch<Options> {
  return async (request, options) => {
    if (request.method !== 'POST') return await fetch(request, options)
    const accept = request.headers.get('accept') ?? ''
    const { json, events } = accepted(accept)
    if (json && events && accept.includes('application/json') && accept.includes('text/event-stream'))
      return await fetch(request, options)
    if (!json && !events) return refused('Accept names neither application/json nor text/event-stream')
    if (!events && request.headers.get('mcp-method') === 'subscriptions/listen')
      return refused(
        'subscriptions/listen is answered with text/event-stream only, which Accept does not name',
      )
    const headers = new Headers(request.headers)
    headers.set('accept', both)
    const answer = await fetch(new Request(request, { headers }), options)
    if (json && events) return answer
    return json ? await asJson(answer) : await asEvents(answer)
  }
}

/** What `Accept` takes (RFC 9110, 12.5.1); a header without a media type is none. */
function accepted(accept: string): { json: boolean; events: boolean } {
  const ranges = new Map<string, number>()
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const quality = parameters.find((one) => one.startsWith('q='))?.slice(2) ?? '1'
    if (/^[^\s/]+\/[^\s/]+$/.test(type)) ranges.set(type, Number(quality))
  }
  if (ranges.size === 0) ranges.set('*/*', 1)
  const takes = (...names: string[]) => {
    const found = names.find((name) => ranges.has(name))
    return found !== undefined && ranges.get(found) !== 0
  }
  return {
    json: takes('application/json', 'application/*', '*/*'),
    events: takes('text/event-stream', 'text/*'),
  }
}

/** The responses of an event stream as JSON; its notifications are left out. */
async function asJson(answer: Response): Promise<Response> {
  if (!isOf(answer, 'text/event-stream')) return answer
  const responses = (await answer.text()).split(/\r?\n\r?\n/).flatMap((event) => {
    const data = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
    const message = data.map((line) => line.slice(5)).join('\n')
    return /"(?:result|error)"/.test(message) && isResponse(JSON.parse(message)) ? [message.trim()] : []
  })
  if (responses.length === 0) return new Response(null, { status: 202 })
  const body = responses.length === 1 ? String(responses[0]) : `[${responses.join()}]`
  return new Response(body, { status: answer.status, headers: { 'content-type': 'application/json' } })
}

function isResponse(message: unknown): boolean {
  return typeof message === 'object' && message !== null && ('result' in message || 'error' in message)
}

/** A JSON answer as the one event of a stream. */
async function asEvents(answer: Response): Promise<Response> {
  if (!isOf(answer, 'application/json')) return answer
  const body = `event: message\ndata: ${(await answer.text()).replaceAll('\n', '\ndata: ')}\n\n`
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' }
  return new Response(body, { status: answer.status, headers })
}

function isOf(answer: Response, type: string): boolean {
  return answer.headers.get('content-type')?.startsWith(type) ?? false
}

function refused(message: string): Response {
  const error = { code: -32_000, message: `Not Acceptable: ${message}.` }
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 406 })
}

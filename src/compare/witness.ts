/** A call, in the same words for both sides. */
export type Ask = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path and query. */
  path: string
  /** Sent as JSON; a text as it is. */
  body?: unknown
  /** Changes nothing, so that it may be made again after a broken connection. */
  safe: boolean
  version?: string
  accept?: string
  /** Instead of the access token. `null` sends none. */
  authorization?: string | null
}

/** What a side answered. `json` is undefined where the body is no JSON. */
export type Answer = {
  status: number
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>
  body: 'empty' | 'json' | 'other'
  json: unknown
}

/** No answer: why, in words of ours. `transmitted`: the request may have taken effect. */
export type NoAnswer = { broken: string; transmitted: boolean }

/** One side of the comparison. It never rejects. */
export type Witness = (ask: Ask) => Promise<Answer | NoAnswer>

/** The API version that is compared. */
export const comparedVersion = '2.12'

/** The headers of a call. */
export function headersOf(ask: Ask, accessToken: string): Record<string, string> {
  const { authorization = `Bearer ${accessToken}`, accept = 'application/json', version, body } = ask
  return {
    ...(authorization !== null && { authorization }),
    accept,
    'intercom-version': version ?? comparedVersion,
    'user-agent': 'modulex-intercom',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
}

/** The body of a call as it is sent. */
export function textOf({ body }: Ask): string | null {
  if (body === undefined) return null
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** An answer, from its parts. */
export function answerOf(status: number, headers: Record<string, string>, text: string): Answer {
  if (text === '') return { status, headers, body: 'empty', json: undefined }
  try {
    return { status, headers, body: 'json', json: JSON.parse(text) }
  } catch {
    return { status, headers, body: 'other', json: undefined }
  }
}

/** A local Intercom in memory, for which nothing needs a port. */
export function localWitness(
  workspace: { fetch(request: Request): Promise<Response>; accessToken: string },
  origin = 'https://api.intercom.io',
): Witness {
  return async (ask) => {
    const headers = headersOf(ask, workspace.accessToken)
    const request = new Request(`${origin}${ask.path}`, { method: ask.method, headers, body: textOf(ask) })
    const response = await workspace.fetch(request)
    return answerOf(response.status, Object.fromEntries(response.headers), await response.text())
  }
}

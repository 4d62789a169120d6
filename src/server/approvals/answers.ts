import { type Failure, IntercomError } from '../../errors.ts'

const noStore = { 'Cache-Control': 'no-store' }

/** A JSON answer that nothing keeps. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { ...noStore, ...headers } })
}

/** A refusal in the form of all of this server's. */
export function refused(
  status: number,
  code: string,
  error: string,
  more: object = {},
  headers: Record<string, string> = {},
): Response {
  return json({ success: false, error, code, ...more }, status, headers)
}

const statuses: Readonly<Record<string, number>> = {
  invalid_json: 400,
  no_such_approval: 404,
  already_decided: 409,
  approval_lapsed: 410,
  not_editable: 422,
  invalid_input: 422,
}

/** What a step of an approval came to where it threw an `IntercomError`; `more` joins the body. */
export async function answeredBy(
  step: () => Promise<Response>,
  more: (failure: Failure) => Promise<object> = async () => ({}),
): Promise<Response> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const { code, message, hint } = error
    const text = hint === null ? message : `${message}. ${hint}`
    const status = statuses[code] ?? 503
    const headers = status === 503 ? { 'Retry-After': '5' } : {}
    return refused(status, code, text, await more(error), headers as Record<string, string>)
  }
}

export function noSuchApproval(): Response {
  return refused(404, 'no_such_approval', 'There is no such approval. They are kept for 30 days.')
}

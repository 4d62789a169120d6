/** Why a request is refused: its status, a code for programs, a sentence that says what to do. */
export type Refusal = {
  status: number
  code: string
  error: string
  headers?: Record<string, string>
}

/** The body of a refusal: an envelope without a result, and the id to ask the operator about. */
export function refusalBody({ code, error }: Refusal, requestId: string | null): string {
  return JSON.stringify({ success: false, error, code, request_id: requestId })
}

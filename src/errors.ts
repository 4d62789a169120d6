/** Never transmitted; refused by Intercom, or a failed read; unknown whether it took effect. */
export type Outcome = 'not_sent' | 'rejected' | 'unknown'

/** The machine-readable form of a failure. */
export type Failure = {
  /** Intercom's own error code where it gave one (`not_found`), else ours (`invalid_input`, `timeout`). */
  code: string
  /** HTTP status of Intercom's answer; `null` when there was none. */
  status: number | null
  /** The input parameter at fault, where one is known. */
  field: string | null
  /** Intercom's `X-Request-Id`: what its support asks for. */
  request_id: string | null
  /** Whether repeating the same call is safe and may help. */
  retryable: boolean
  outcome: Outcome
  /** What to do next, in one sentence. */
  hint: string | null
  /** Where a person's decision is waited for. `url`: the page on which one decides, where there is one. */
  approval?: { id: string; url: string | null }
}

/** The one error class. It holds no request, no header and no cause, so that nothing secret can travel in it. */
export class IntercomError extends Error implements Failure {
  override readonly name = 'IntercomError'
  readonly code: string
  readonly status: number | null
  readonly field: string | null
  readonly request_id: string | null
  readonly retryable: boolean
  readonly outcome: Outcome
  readonly hint: string | null
  readonly approval?: { id: string; url: string | null }

  constructor(message: string, failure: Partial<Failure> & { code: string }) {
    super(message)
    this.code = failure.code
    this.status = failure.status ?? null
    this.field = failure.field ?? null
    this.request_id = failure.request_id ?? null
    this.retryable = failure.retryable ?? false
    this.outcome = failure.outcome ?? 'not_sent'
    this.hint = failure.hint ?? null
    if (failure.approval !== undefined) this.approval = failure.approval
  }
}

/** The plain fields of an error, for programs and for building a similar error. */
export function failureOf(error: IntercomError): Failure {
  const { code, status, field, request_id, retryable, outcome, hint, approval } = error
  const plain = { code, status, field, request_id, retryable, outcome, hint }
  return approval === undefined ? plain : { ...plain, approval }
}

/** A short text of anything that was thrown. It never throws. */
export function textOf(thrown: unknown): string {
  try {
    const isPlain = thrown instanceof Error && thrown.name === 'Error' && thrown.message !== ''
    return String(isPlain ? thrown.message : thrown).slice(0, 300)
  } catch {
    return 'a value without text'
  }
}

/** Joins texts as the sentences of one message; the last has no full stop, as in all messages. */
export function sentences(...texts: (string | null)[]): string {
  const plain = texts.flatMap((text) => withoutEnd(text ?? '') || [])
  return plain.map((text, index) => (index === plain.length - 1 ? text : ended(text))).join(' ')
}

/** Without full stops and blanks at the end. In linear time, unlike `/[.\s]+$/`: a text may hold what a caller gave. */
function withoutEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[.\s]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** A message with a full stop, unless it has other final punctuation. */
export function ended(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`
}

/** A text on one line, without what moves a terminal's cursor. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}

/** At most so many characters of a text, and a mark where there were more. */
export function shortened(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/** A name that a caller gave, as messages show it. */
export function quotedName(name: string): string {
  return JSON.stringify(shortened(name))
}

/** An error of the caller's input or options; nothing was sent. */
export function invalidInput(message: string, hint: string | null = null): IntercomError {
  return new IntercomError(message, { code: 'invalid_input', hint })
}

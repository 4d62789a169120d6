import type { Approval } from '../../approvals/approval.ts'
import type { ExchangeEvent, Trace } from '../../client/call.ts'
import type { Envelope } from '../../core/action.ts'
import type { JsonSchema } from '../../core/describe.ts'
import type { Failure } from '../../errors.ts'
import { decisionOf } from './own-approval.ts'

/** The most requests of a call that are listed, and the most characters of a body. */
const [mostRequests, longestBody] = [100, 64 * 1024]

/** What is known about a call once it is over. */
type Told = {
  /** The answer without `explain`. */
  envelope: Envelope
  /** What a model reads. */
  compact: string
  failure: Failure | null
  trace?: Trace | undefined
  approval?: Approval | undefined
  replayed: boolean
}

/** Collects what a call sends, for an answer with `explain`. */
export function explaining(dryRun: boolean) {
  const requests: object[] = []
  let seen = 0
  let planned = dryRun
  return {
    onExchange({ method, path, body, attempt, ...came }: ExchangeEvent): void {
      seen += 1
      planned ||= came.planned
      if (requests.length >= mostRequests) return
      const length = JSON.stringify(body).length
      const sent = length > longestBody ? { body: null, body_left_out: length } : { body }
      requests.push({ attempt, method, path, ...sent, ...came })
    },
    async explanation({ envelope, compact, failure, trace, approval, replayed }: Told): Promise<object> {
      const { estimateJsonTokens, estimateTokens } = await import('../../tools/compact/token-budget.ts')
      return {
        outcome: failure?.outcome ?? 'success',
        envelope,
        compact,
        tokens: { envelope: estimateJsonTokens(envelope), compact: estimateTokens(compact) },
        dry_run: planned,
        replayed,
        approval: approval ? { id: approval.id, decision: decisionOf(approval) } : null,
        failure,
        trace: trace ?? null,
        requests,
        requests_left_out: seen - requests.length,
      }
    },
  }
}

const whole = { type: 'integer' }
const object = { type: 'object', properties: {}, additionalProperties: true }
const objectOrNull = { ...object, type: ['object', 'null'] }

/** An answer with `explain`, whatever its status. */
export const explanationSchema: JsonSchema = {
  type: 'object',
  description: 'What a call with explain=true answers in place of its envelope, with the same status.',
  properties: {
    outcome: { type: 'string', enum: ['success', 'not_sent', 'rejected', 'unknown'] },
    envelope: { ...object, description: 'Exactly what the call answers without explain.' },
    compact: { type: 'string', description: 'What a model reads of it.' },
    tokens: {
      type: 'object',
      description: 'Estimates.',
      properties: { envelope: whole, compact: whole },
      required: ['envelope', 'compact'],
    },
    dry_run: { type: 'boolean', description: 'Nothing was written.' },
    replayed: { type: 'boolean', description: 'The first outcome of its Idempotency-Key.' },
    approval: { ...objectOrNull, description: 'The id and decision under which it was made.' },
    failure: { ...objectOrNull, description: 'The machine-readable failure.' },
    trace: { ...objectOrNull, description: 'Attempts, waits, rate limit, how a success is known.' },
    requests: {
      type: 'array',
      description: 'Requests to Intercom in their order, without the token.',
      items: {
        type: 'object',
        properties: {
          attempt: whole,
          method: { type: 'string' },
          path: { type: 'string' },
          body: objectOrNull,
          body_left_out: { ...whole, description: 'Characters of a body that is too long.' },
          planned: { type: 'boolean', description: 'A dry run has not sent it.' },
          transmitted: { type: 'boolean' },
          status: { type: ['integer', 'null'], description: 'null: no answer.' },
          ms: { type: 'number' },
        },
        required: ['attempt', 'method', 'path', 'body', 'planned', 'transmitted', 'status', 'ms'],
      },
    },
    requests_left_out: whole,
  },
  required: [
    'outcome',
    'envelope',
    'compact',
    'tokens',
    'dry_run',
    'replayed',
    'approval',
    'failure',
    'trace',
    'requests',
    'requests_left_out',
  ],
}

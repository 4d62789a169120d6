import fc from 'fast-check'
import { type Kind, kinds } from '../../../campaigns/reliability/send.ts'
import type { FaultRule } from '../../../src/workspace/index.ts'

/** One call that is to happen once, `afterMs` after the process has begun. */
type Intent = {
  kind: Kind
  target: number
  afterMs: number
  /** Intents with the same number say the same words, where two of the same words are two things. */
  words: number
}

/** What happens to a process that sends: faults are injected into its requests, it may be killed, and a successor comes. */
export type Schedule = {
  intents: Intent[]
  faults: FaultRule[]
  onUnknown: 'report' | 'verify'
  /** So long after its first call the process is killed; `null`: it ends by itself. */
  killMs: number | null
  /** Whether the process has called before. */
  warm: boolean
  skew: number
  searchLag: number
  rewrite: ('wrap' | 'whitespace' | 'entities' | 'attributes')[]
}

/** No request takes effect later: below the settle time, since beyond it the window is open. */
const latestMs = 120

const routes = [
  '* /**',
  'POST /conversations/{id}/reply',
  'POST /contacts/{id}/notes',
  'POST /conversations',
  'POST /messages',
  'POST /contacts',
  'PUT /contacts/{id}',
  'GET /conversations/{id}',
  'GET /contacts/{id}/notes',
  'POST /contacts/search',
  'POST /conversations/search',
]

const plain = [
  'html',
  'reset',
  'hang',
  'commit_reset',
  'commit_502',
  'commit_cut',
  'stall',
  'cut_json',
] as const
const harmless = ['content_type', 'duplicate_headers'] as const

const what: fc.Arbitrary<FaultRule> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...plain).map((kind) => ({ kind })) },
  { weight: 3, arbitrary: fc.nat(latestMs).map((ms) => ({ kind: 'cut_commit' as const, ms })) },
  { weight: 1, arbitrary: fc.nat(latestMs).map((ms) => ({ kind: 'delay' as const, ms })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(400, 401, 403, 404, 408, 409, 422, 500, 502, 503)
      .map((status) => ({ kind: 'status' as const, status })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...harmless).map((kind) => ({ kind })) },
  {
    weight: 1,
    arbitrary: fc.nat(300).map((bytes) => ({ kind: 'drip' as const, ms: 20, bytes: bytes + 10 })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'huge' as const, bytes: 21 * 1024 * 1024 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('absent', 'stale', 'past', 'far', 'absurd')
      .map((value) => ({ kind: 'rate_headers' as const, value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('window', 'past', 'far')
      .map((reset) => ({ kind: 'rate_limited' as const, reset })),
  },
)

const fault: fc.Arbitrary<FaultRule> = fc
  .tuple(what, fc.constantFrom(...routes), fc.nat(3), fc.integer({ min: 1, max: 3 }))
  .map(([rule, route, after, count]) => ({ ...rule, route, after, count }))

const intent: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constantFrom(...kinds),
  target: fc.nat(1),
  afterMs: fc.nat(150),
  words: fc.nat(3),
})

/** Any schedule. */
export const schedule: fc.Arbitrary<Schedule> = fc.record({
  intents: fc.array(intent, { minLength: 1, maxLength: 8 }),
  faults: fc.array(fault, { minLength: 1, maxLength: 6 }),
  onUnknown: fc.oneof(
    { weight: 4, arbitrary: fc.constant('verify' as const) },
    { weight: 1, arbitrary: fc.constant('report' as const) },
  ),
  killMs: fc.oneof({ weight: 4, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.constant(null) }),
  warm: fc.boolean(),
  skew: fc.constantFrom(0, 0, 30, -30),
  searchLag: fc.constantFrom(0, 0, 60),
  rewrite: fc.subarray(['wrap', 'whitespace', 'entities', 'attributes']),
})

import type { FaultRule } from '../../src/workspace/index.ts'

/** A fault, without the requests that it is injected into. */
type Fault = FaultRule extends infer Rule ? (Rule extends FaultRule ? Omit<Rule, 'route'> : never) : never

/** When a request with the fault takes effect, as reading back can see it. `mixed` promises nothing but the truth. */
type Effect = 'at once' | 'before the last look' | 'after the last look' | 'never' | 'refused' | 'mixed'

/** One way in which things go wrong, and what follows for the promises. */
export type Scenario = {
  name: string
  /** Injected into half of the requests that write, unless a fault says otherwise. */
  faults: Fault[]
  effect: Effect
  /** Injected into every request, reads too. */
  everywhere?: true
  /** So many of the same words to the same conversation at the same time. */
  alike?: number
  /** Every conversation is closed right before each reply. */
  closed?: true
  /** Nobody listens: nothing is ever transmitted. */
  away?: true
  skew?: number
  searchLag?: number
  rewrite?: ('wrap' | 'whitespace' | 'entities' | 'attributes' | 'typography')[]
  /** The answer comes after the time limit, if at all: the limit is scaled down, and more are sent at once. */
  endless?: true
  /** Where a send costs much: how many of the usual number, and how many at once. */
  share?: number
  atOnce?: number
}

/** With looks 40 and 200 ms after what went wrong, and time limits that undici's timers stretch to 1.6 s. */
const timed = { soon: 20, between: 100, late: 700, slow: 100, tooSlow: 2500 }

const injected = (kind: Fault['kind']): Scenario => ({
  name: kind,
  faults: [{ kind } as Fault],
  effect: 'at once',
})

/** Every kind of fault there is. */
export const faultScenarios: Scenario[] = [
  { name: 'none', faults: [], effect: 'at once' },
  { name: 'status 500', faults: [{ kind: 'status', status: 500 }], effect: 'never' },
  { name: 'status 503', faults: [{ kind: 'status', status: 503 }], effect: 'never' },
  { name: 'status 408', faults: [{ kind: 'status', status: 408 }], effect: 'never' },
  { name: 'status 422', faults: [{ kind: 'status', status: 422 }], effect: 'refused' },
  {
    name: 'rate_limited (window, past, far)',
    faults: (['window', 'past', 'far'] as const).map((reset) => {
      return { kind: 'rate_limited', reset, probability: 0.02, count: 1 }
    }),
    effect: 'refused',
  },
  { ...injected('html'), effect: 'never' },
  { ...injected('reset'), effect: 'never' },
  { ...injected('hang'), effect: 'never', endless: true },
  { name: `delay, ${timed.slow} ms`, faults: [{ kind: 'delay', ms: timed.slow }], effect: 'at once' },
  {
    name: `delay, ${timed.tooSlow} ms`,
    faults: [{ kind: 'delay', ms: timed.tooSlow }],
    effect: 'after the last look',
    endless: true,
  },
  injected('commit_reset'),
  injected('commit_502'),
  injected('commit_cut'),
  {
    name: `cut_commit, ${timed.soon} ms`,
    faults: [{ kind: 'cut_commit', ms: timed.soon }],
    effect: 'before the last look',
  },
  {
    name: `cut_commit, ${timed.between} ms`,
    faults: [{ kind: 'cut_commit', ms: timed.between }],
    effect: 'before the last look',
  },
  {
    name: `cut_commit, ${timed.late} ms`,
    faults: [{ kind: 'cut_commit', ms: timed.late }],
    effect: 'after the last look',
  },
  { ...injected('stall'), endless: true },
  { name: 'drip, in time', faults: [{ kind: 'drip', ms: 10, bytes: 4000 }], effect: 'at once' },
  {
    name: 'drip, without end',
    faults: [{ kind: 'drip', ms: 100, bytes: 16 }],
    effect: 'at once',
    endless: true,
  },
  injected('cut_json'),
  {
    name: 'huge, 24 MiB',
    faults: [{ kind: 'huge', bytes: 24 * 1024 * 1024, probability: 0.1 }],
    effect: 'at once',
    share: 0.1,
    atOnce: 4,
  },
  injected('content_type'),
  {
    name: 'rate_headers (absent, stale, past, far, absurd)',
    faults: (['absent', 'stale', 'past', 'far', 'absurd'] as const).map((value) => {
      return { kind: 'rate_headers', value, probability: 0.1 }
    }),
    effect: 'at once',
  },
  injected('duplicate_headers'),
]

/** What makes a fault harder to see through. */
export const circumstances: Scenario[] = [
  { name: 'nobody listens', faults: [], effect: 'refused', away: true },
  { ...injected('commit_502'), name: 'same words at once, commit_502', alike: 10 },
  {
    name: 'same words at once, commit_reset and reset',
    faults: [
      { kind: 'commit_reset', probability: 0.3 },
      { kind: 'reset', probability: 0.3 },
    ],
    effect: 'mixed',
    alike: 10,
  },
  {
    name: `same words at once, cut_commit ${timed.between} ms`,
    faults: [{ kind: 'cut_commit', ms: timed.between }],
    effect: 'before the last look',
    alike: 10,
  },
  {
    name: `same words at once, cut_commit ${timed.late} ms`,
    faults: [{ kind: 'cut_commit', ms: timed.late, probability: 0.3 }],
    effect: 'after the last look',
    alike: 10,
  },
  { ...injected('commit_502'), name: 'closed conversation, commit_502', closed: true },
  { ...injected('commit_reset'), name: 'clock 30 s ahead, commit_reset', skew: 30 },
  { ...injected('commit_reset'), name: 'clock 30 s behind, commit_reset', skew: -30 },
  {
    ...injected('commit_502'),
    name: 'bodies rewritten (wrap, whitespace, entities, attributes), commit_502',
    rewrite: ['wrap', 'whitespace', 'entities', 'attributes'],
  },
  {
    ...injected('commit_502'),
    name: 'bodies rewritten (typography), commit_502',
    rewrite: ['typography'],
    effect: 'mixed',
  },
  { ...injected('commit_502'), name: 'search lags a minute, commit_502', searchLag: 60 },
  {
    name: 'everything at once, reads too',
    faults: [
      ...(['reset', 'html', 'commit_reset', 'commit_502', 'commit_cut', 'stall', 'cut_json'] as const).map(
        (kind) => ({ kind, probability: 0.04 }),
      ),
      { kind: 'cut_commit', ms: timed.between, probability: 0.04 },
      { kind: 'status', status: 503, probability: 0.04 },
      { kind: 'hang', probability: 0.02 },
    ],
    effect: 'mixed',
    everywhere: true,
    endless: true,
  },
]

import type { RateLimit } from '../../client/rate-limit/headers.ts'
import type { Intercom } from '../../intercom.ts'

/** Seconds; a call may wait for the rate limit and read back, up to its deadline of 60 s. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const prefix = 'modulex_intercom'

/** Metrics of calls, in Prometheus' text format 0.0.4: names and numbers, never an input or an answer. */
export type Metrics = {
  /** The same client, with its calls counted. */
  measured<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client
  text(): string
}

type Timing = { buckets: number[]; seconds: number; count: number }

export function metricsOf(): Metrics {
  const calls = new Map<string, number>()
  const attempts = new Map<string, number>()
  const waits = new Map<string, number>()
  const waited = new Map<string, number>()
  const timings = new Map<string, Timing>()
  let inFlight = 0
  let limit: RateLimit | null = null

  async function counted(
    call: Intercom['call'],
    name: string,
    ...rest: [input?: unknown, options?: Parameters<Intercom['call']>[2]]
  ) {
    const started = performance.now()
    inFlight += 1
    try {
      const result = await call<string>(name, ...rest)
      const { failure, trace } = result
      const action = label('action', failure?.code === 'unknown_action' ? '' : name)
      add(calls, `${action},${label('outcome', failure?.outcome ?? 'success')}`)
      add(attempts, action, trace.attempts)
      time(timings, action, (performance.now() - started) / 1000)
      for (const { ms, reason } of trace.waits) {
        add(waits, label('reason', reason))
        add(waited, label('reason', reason), ms / 1000)
      }
      limit = trace.rate_limit ?? limit
      return result
    } finally {
      inFlight -= 1
    }
  }

  return {
    measured: (intercom) => ({
      ...intercom,
      call: ((name: string, ...rest: []) => counted(intercom.call, name, ...rest)) as Intercom['call'], // seen by a name known at run time
    }),
    text: () =>
      [
        ...family('calls_total', 'counter', 'Finished calls, by action and outcome.', calls),
        ...family('attempts_total', 'counter', 'Requests to Intercom, retries included.', attempts),
        ...family(
          'waits_total',
          'counter',
          'Waits within calls, by reason; consecutive ones count as one.',
          waits,
        ),
        ...family('wait_seconds_total', 'counter', 'Duration of those waits.', waited),
        ...histogram('call_duration_seconds', 'Duration of calls, waits included.', timings),
        ...family('calls_in_flight', 'gauge', 'Calls in flight.', new Map([['', inFlight]])),
        ...rateLimit(limit),
        '',
      ].join('\n'),
  }
}

function rateLimit(limit: RateLimit | null): string[] {
  const gauge = (name: string, help: string, value: number | undefined) =>
    family(name, 'gauge', help, new Map(value === undefined ? [] : [['', value]]))
  return [
    ...gauge('rate_limit', "Intercom's X-RateLimit-Limit, as last seen.", limit?.limit),
    ...gauge('rate_limit_remaining', "Intercom's X-RateLimit-Remaining, as last seen.", limit?.remaining),
    ...gauge(
      'rate_limit_reset_timestamp_seconds',
      "Intercom's X-RateLimit-Reset, as last seen.",
      limit?.reset,
    ),
  ]
}

function family(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string[] {
  return [...head(name, type, help), ...[...values].map(([labels, value]) => sample(name, labels, value))]
}

function histogram(name: string, help: string, timings: ReadonlyMap<string, Timing>): string[] {
  const samples = [...timings].flatMap(([labels, { buckets, seconds, count }]) => [
    ...bounds.map((bound, at) => bucket(name, labels, String(bound), buckets[at] ?? 0)),
    bucket(name, labels, '+Inf', count),
    sample(`${name}_sum`, labels, seconds),
    sample(`${name}_count`, labels, count),
  ])
  return [...head(name, 'histogram', help), ...samples]
}

function bucket(name: string, labels: string, bound: string, value: number): string {
  return sample(`${name}_bucket`, `${labels},${label('le', bound)}`, value)
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${prefix}_${name} ${help}`, `# TYPE ${prefix}_${name} ${type}`]
}

function sample(name: string, labels: string, value: number): string {
  return `${prefix}_${name}${labels === '' ? '' : `{${labels}}`} ${value}`
}

function label(name: string, value: string): string {
  return `${name}="${value}"`
}

function add(values: Map<string, number>, key: string, amount = 1): void {
  values.set(key, (values.get(key) ?? 0) + amount)
}

function time(timings: Map<string, Timing>, key: string, seconds: number): void {
  const timing = timings.get(key) ?? { buckets: bounds.map(() => 0), seconds: 0, count: 0 }
  timings.set(key, {
    buckets: timing.buckets.map((count, at) => count + (seconds <= (bounds[at] ?? 0) ? 1 : 0)),
    seconds: timing.seconds + seconds,
    count: timing.count + 1,
  })
}

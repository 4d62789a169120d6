import type { RateLimit } from '../../client/rate-limit/headers.ts'
import type { Intercom } from '../../intercom.ts'

/** Seconds; a call may wait for the rate limit and read back, up to its deadline of 60 s. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const prefix = 'modulex_intercom'

/** The media type of `text`. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics of calls, in Prometheus' text format 0.0.4: names and numbers, never an input or an answer. */
export type Metrics = {
  /** The same client, with its calls counted. */
  measured<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client
  /** For several in one text, as `metricsOfAll` makes it. */
  families(): Promise<MetricFamily[]>
  text(): Promise<string>
}

export type MetricSample = { suffix?: string; labels: string; value: number }

/** All samples of one name. */
export type MetricFamily = { name: string; type: string; help: string; samples: MetricSample[] }

type Timing = { buckets: number[]; seconds: number; count: number }

/** `approvals`: how many calls were held for a person, by state. */
export function metricsOf(approvals?: () => Promise<Readonly<Record<string, number>>>): Metrics {
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

  const families = async (): Promise<MetricFamily[]> => [
    counter('calls_total', 'Finished calls, by action and outcome.', calls),
    counter('attempts_total', 'Requests to Intercom, retries included.', attempts),
    counter('waits_total', 'Waits within calls, by reason; consecutive ones count as one.', waits),
    counter('wait_seconds_total', 'Duration of those waits.', waited),
    histogram('call_duration_seconds', 'Duration of calls, waits included.', timings),
    gauge('calls_in_flight', 'Calls in flight.', inFlight),
    gauge('rate_limit', "Intercom's X-RateLimit-Limit, as last seen.", limit?.limit),
    gauge('rate_limit_remaining', "Intercom's X-RateLimit-Remaining, as last seen.", limit?.remaining),
    gauge('rate_limit_reset_timestamp_seconds', "Intercom's X-RateLimit-Reset, as last seen.", limit?.reset),
    states('approvals', 'Calls held for a person within 30 days, by state.', (await approvals?.()) ?? {}),
  ]

  return {
    measured: (intercom) => ({
      ...intercom,
      call: ((name: string, ...rest: []) => counted(intercom.call, name, ...rest)) as Intercom['call'], // seen by a name known at run time
    }),
    families,
    text: async () => textOf(await families()),
  }
}

/** The metrics of several keys in one text, each sample with the name of its key. `more`: those of the server itself. */
export async function metricsOfAll(
  metrics: ReadonlyMap<string, Metrics>,
  more: readonly MetricFamily[] = [],
): Promise<string> {
  const all = await Promise.all(
    [...metrics].map(async ([key, one]) => labelled(await one.families(), label('key', key))),
  )
  const [first = []] = all
  const own = first.map((family, at) => ({
    ...family,
    samples: all.flatMap((one) => one[at]?.samples ?? []),
  }))
  return textOf([...own, ...more])
}

function labelled(families: readonly MetricFamily[], label: string): MetricFamily[] {
  return families.map(({ samples, ...family }) => ({
    ...family,
    samples: samples.map(({ labels, ...rest }) => ({ ...rest, labels: joined(label, labels) })),
  }))
}

function textOf(families: readonly MetricFamily[]): string {
  const lines = families.flatMap(({ name, type, help, samples }) => [
    `# HELP ${prefix}_${name} ${help}`,
    `# TYPE ${prefix}_${name} ${type}`,
    ...samples.map(
      ({ suffix = '', labels, value }) =>
        `${prefix}_${name}${suffix}${labels === '' ? '' : `{${labels}}`} ${value}`,
    ),
  ])
  return `${lines.join('\n')}\n`
}

function counter(name: string, help: string, values: ReadonlyMap<string, number>): MetricFamily {
  return { name, type: 'counter', help, samples: [...values].map(([labels, value]) => ({ labels, value })) }
}

export function gauge(name: string, help: string, value: number | undefined): MetricFamily {
  return { name, type: 'gauge', help, samples: value === undefined ? [] : [{ labels: '', value }] }
}

function states(name: string, help: string, values: Readonly<Record<string, number>>): MetricFamily {
  const samples = Object.entries(values).map(([state, value]) => ({ labels: label('state', state), value }))
  return { name, type: 'gauge', help, samples }
}

function histogram(name: string, help: string, timings: ReadonlyMap<string, Timing>): MetricFamily {
  const samples = [...timings].flatMap(([labels, { buckets, seconds, count }]) => [
    ...bounds.map((bound, at) => bucket(labels, String(bound), buckets[at] ?? 0)),
    bucket(labels, '+Inf', count),
    { suffix: '_sum', labels, value: seconds },
    { suffix: '_count', labels, value: count },
  ])
  return { name, type: 'histogram', help, samples }
}

function bucket(labels: string, bound: string, value: number): MetricSample {
  return { suffix: '_bucket', labels: joined(labels, label('le', bound)), value }
}

function joined(...labels: string[]): string {
  return labels.filter((one) => one !== '').join(',')
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
